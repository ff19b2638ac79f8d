"""Chromium as the arm of the kit: real windows, real time, one origin a case."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal

from tests.browser.cdp import NoAnswer, Refused
from tests.browser.chromium import Chromium
from tests.browser.site import Site
from tests.browser.tab import Tab
from tests.conformance.windows.browser_rig import Entry
from tests.conformance.windows.browser_rig import Window as AnyWindow
from tests.conformance.windows.steps import Step
from tests.units import MILLISECOND, SECOND

_HERE = Path(__file__).parent
_PAGES = {
    f"/{name}": (_HERE / name).read_text(encoding="utf-8") for name in ("page.html", "page.js")
}
# The same page, isolated from other origins: only such ones may share memory.
_PLAIN, _ISOLATED = "/page.html", "/isolated.html"
_PAGES[_ISOLATED] = _PAGES[_PLAIN]
_HEADERS = {
    _ISOLATED: {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }
}
# Intensive throttling begins after so long instead of after 300 s: a case has no time for that.
INTENSIVE_AFTER_S = 10
_SHARED = "shared"
_FLAGS = (
    f"--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/{INTENSIVE_AFTER_S}",
    # Otherwise addresses are hidden behind names that nobody here resolves.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--use-fake-device-for-media-stream",
    # Nobody is there to pick anything.
    f"--auto-select-tab-capture-source-by-title={_SHARED}",
    "--autoplay-policy=no-user-gesture-required",
)


class Browser:
    """One browser and one site for many cases, and all that pages have told."""

    def __init__(self, more_pages: Mapping[str, str] | None = None) -> None:
        self._pages = {**_PAGES, **(more_pages or {})}
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str], dict[str, dict[int, Entry]]] = {}
        self.started_us = 0

    def __enter__(self) -> Browser:
        self.started_us = int(time.time() * SECOND)
        with contextlib.ExitStack() as stack:
            self.site = stack.enter_context(Site(self._pages, self.hear, _HEADERS))
            self.chromium = stack.enter_context(Chromium(*_FLAGS))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def hear(self, said: str) -> None:
        """A page tells something: through DevTools, or by beacon on another thread, or both."""
        host, window, runtime, number, at_ms, what = json.loads(said)
        entry = Entry(int(at_ms * MILLISECOND) - self.started_us, what)
        with self._lock:
            self._told.setdefault((host.split(".")[0], window), {}).setdefault(runtime, {})[
                number
            ] = entry

    def entries(self, host: str, window: str) -> list[list[Entry]]:
        """What each document of a window has told, up to the first entry that is still on its
        way.
        """
        with self._lock:
            documents = self._told.get((host, window), {}).values()
            return sorted(in_order(document) for document in documents if 1 in document)


def in_order(numbered: Mapping[int, Entry]) -> list[Entry]:
    """The entries from number 1 to the first gap: beacons overtake each other, most of all on a
    busy machine.
    """
    return [
        numbered[number]
        for number in itertools.takewhile(numbered.__contains__, itertools.count(1))
    ]


class ChromiumWindow:
    """`tests.conformance.windows.browser_rig.Window`."""

    def __init__(self, rig: ChromiumRig, name: str, tab: Tab) -> None:
        self.name = name
        self.tab = tab
        self._rig = rig
        self._documents = 1
        self._cover: Tab | None = None

    def do(self, *steps: Step, gesture: bool = False) -> None:
        self.tab.evaluate(f"perform({json.dumps(steps)})", gesture=gesture)

    def start(self, *steps: Step) -> None:
        self.tab.start(f"perform({json.dumps(steps)})")

    def entries(self) -> list[list[Entry]]:
        return self._rig.browser.entries(self._rig.host, self.name)

    def freeze(self) -> None:
        self.tab.freeze()

    def resume(self) -> None:
        self.tab.resume()

    def hide(self) -> None:
        self.tab.hide()

    def show(self) -> None:
        self.tab.show()

    def stall(self, duration_us: int) -> None:
        self.tab.stall(duration_us // MILLISECOND)

    def stop(self) -> None:
        self.tab.stop()

    def go_on(self) -> None:
        self.tab.go_on()

    def crash(self) -> None:
        self.tab.crash()

    def close(self) -> None:
        self.tab.close()

    def close_unasked(self) -> None:
        self.tab.close(ask=False)

    def navigate(self) -> None:
        before = self._shows()
        self._documents += 1
        self.tab.navigate(f"{self._rig.url(self.name)}&document={self._documents}")
        self.until_shown(before)

    def back(self) -> None:
        before = self._shows()
        self.tab.back()
        self.until_shown(before)

    def reload(self) -> None:
        before = self._shows()
        self.tab.reload()
        self.until_shown(before)

    def discard(self) -> None:
        self._cover = self._rig.browser.chromium.discard(self.tab)

    def revive(self) -> None:
        assert self._cover is not None, "nobody has discarded it"
        before = self._shows()
        self._cover.close(ask=False)
        self._rig.browser.chromium.attach(self.tab)
        self.until_shown(before)

    def until_shown(self, before: int = 0) -> None:
        """Wait until a document has told its `pageshow`: one that goes before is told less (seen on
        a busy machine), and until its first words are here `log` is its predecessor's.
        """
        self.tab.until(lambda: self._shows() > before, f"show {self.name}")

    def _shows(self) -> int:
        told = itertools.chain.from_iterable(self.entries())
        return sum(entry.what.startswith("pageshow") for entry in told)

    def end(self) -> None:
        """The case is over."""
        if self._cover is not None:
            self._cover.end()
        self.tab.end()


class ChromiumRig:
    """`tests.conformance.windows.browser_rig.Rig`."""

    # Two busy cores, and a case beside this one.
    slack_us = 1_500 * MILLISECOND
    intensive_after_us = INTENSIVE_AFTER_S * SECOND

    def __init__(self, browser: Browser, case: str) -> None:
        self.browser = browser
        self.host = case
        self._windows: list[ChromiumWindow] = []

    @property
    def now_us(self) -> int:
        return int(time.time() * SECOND) - self.browser.started_us

    def url(self, window: str, page: str = _PLAIN) -> str:
        return self.browser.site.url(self.host, f"{page}?window={window}")

    def window(
        self, name: str, *, unload: bool = False, background: bool = False, isolated: bool = False
    ) -> ChromiumWindow:
        url = self.url(name, _ISOLATED if isolated else _PLAIN) + ("&unload" if unload else "")
        return self._keep(
            name, self.browser.chromium.open(url, self.browser.hear, background=background)
        )

    def opened(self, name: str, by: AnyWindow) -> AnyWindow:
        return self._keep(name, self.browser.chromium.opened(self.url(name), self.browser.hear))

    def stranger(self, name: str) -> AnyWindow:
        return self._keep(
            name, self.browser.chromium.open(self.url(name), self.browser.hear, stranger=True)
        )

    def run_for(self, duration_us: int) -> None:
        self.browser.chromium.connection.listen(duration_us / SECOND)

    def decide(self, permission: Literal["granted", "denied"]) -> None:
        self.browser.chromium.allow(self.url("").split("/page")[0], "microphone", permission)

    def shared(self) -> AnyWindow:
        return self.window(_SHARED)

    def end(self) -> None:
        """Take all windows of the case away, whatever has become of them."""
        for window in self._windows:
            with contextlib.suppress(Refused, NoAnswer):
                window.end()

    def _keep(self, name: str, tab: Tab) -> ChromiumWindow:
        window = ChromiumWindow(self, name, tab)
        self._windows.append(window)
        window.until_shown()
        return window
