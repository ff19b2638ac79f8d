"""The fakes as the arm of the kit: the simulator's own world, with the kit's page in each window.

What happens to a window is done by the parts of that world (`oneroom.sim.windows`, `tabs`), as it
is to the windows of a scenario; only what runs in them is the kit's (`fake_page`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

from oneroom.choices.seeded import Seeded
from oneroom.driver.page import INTENSIVE_AFTER_US
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.web_lock import WebLock
from oneroom.scenario import parse
from oneroom.sim.browser import Browser, WindowHandle
from oneroom.sim.environment import Environment
from oneroom.sim.runtimes import Opening
from oneroom.sim.world import World
from oneroom.trace.trace import Trace
from tests.conformance.windows.browser_rig import Entry
from tests.conformance.windows.browser_rig import Window as AnyWindow
from tests.conformance.windows.fake_page import FakePage
from tests.conformance.windows.steps import Step, spin
from tests.units import MILLISECOND

_SCENARIO = """\
scenario: the windows of a case
why: a case opens its windows by itself
microphone: prompt
picker: lax
windows:
  any: {kind: overlay, opens: later}
"""


class FakeBrowser:
    """The world of a case. `documents` are all that have begun in each window, the oldest first."""

    def __init__(self, seed: int) -> None:
        scenario = parse(_SCENARIO, vocabulary(), "case.yaml")
        self.any = scenario.windows["any"]
        self.documents: dict[str, list[FakePage]] = {}
        self.listen_to_unload: set[str] = set()
        self.shared = ""
        self.world = World(scenario, WebLock, Seeded(seed), Trace(), self._runtimes)
        self.world.browser.devices.answer = "denied"
        self.kernel = self.world.kernel

    def _runtimes(self, environment: Environment, browser: Browser) -> FakeBrowser:
        return self

    def make(self, opening: Opening) -> FakePage:
        """See `oneroom.sim.runtimes.Runtimes`."""
        page = FakePage(self, opening)
        self.documents.setdefault(opening.window, []).append(page)
        return page

    def plug_in(self, handle: WindowHandle) -> None:
        """See `oneroom.sim.runtimes.Runtimes`."""
        page = handle.window
        assert isinstance(page, FakePage)
        page.connect(handle, self.world.browser.partition(page.name).buses)

    def open(
        self,
        name: str,
        *,
        opener: str | None = None,
        profile: str | None = None,
        hidden: bool = False,
    ) -> None:
        """A window that no scenario knows of."""
        self.world.scenario.windows[name] = self.any.model_copy(
            update={"opener": opener, "profile": profile, "hidden": hidden}
        )
        self.world.windows.open(name)

    def relay(self, sender: FakePage, number: int, text: str) -> None:
        """The server passes on what one WebSocket sends to all others."""
        for page in [page for documents in self.documents.values() for page in documents]:
            for other in page.sockets:
                if (page, other) != (sender, number):
                    page.socket_tells(other, "message", json.dumps(text))

    def gone(self, page: FakePage) -> None:
        """A document is gone; a share of its window ends with it."""
        if page.name == self.shared:
            for window in self.documents:
                self.world.browser.devices.stop_sharing(window)

    def run_until(self, until_us: int) -> None:
        """Run everything up to that instant, what is due then included."""
        self.kernel.run(until_us + 1)
        self.kernel.now_us = self.kernel.trace.now_us = until_us


class FakeWindow:
    """`tests.conformance.windows.browser_rig.Window`."""

    def __init__(self, browser: FakeBrowser, name: str) -> None:
        self.name = name
        self._browser = browser
        self._windows = browser.world.windows
        self._tabs = browser.world.tabs
        self._started_us = -1

    @property
    def _page(self) -> FakePage:
        page = self._windows.handles[self.name].window
        assert isinstance(page, FakePage)
        return page

    def do(self, *steps: Step, gesture: bool = False) -> None:
        self._page.perform(list(steps))

    def start(self, *steps: Step) -> None:
        # What begins in one instant in several windows races; in one window it keeps its order.
        self._started_us = max(self._browser.kernel.now_us, self._started_us + 1)
        self._browser.kernel.at(self._started_us, self._page.perform, list(steps))

    def entries(self) -> list[list[Entry]]:
        return [document.told for document in self._browser.documents[self.name]]

    def hide(self) -> None:
        self._windows.hide(self.name)

    def show(self) -> None:
        self._windows.show(self.name)

    def freeze(self) -> None:
        self._windows.freeze(self.name)

    def resume(self) -> None:
        self._windows.resume(self.name)

    def stall(self, duration_us: int) -> None:
        self.do(spin(duration_us // MILLISECOND))

    def stop(self) -> None:
        self._windows.stop_process(self.name)

    def go_on(self) -> None:
        self._windows.continue_process(self.name)

    def crash(self) -> None:
        self._windows.crash(self.name)

    def close(self) -> None:
        self._windows.close(self.name)

    def close_unasked(self) -> None:
        self._windows.close(self.name, by="shell")

    def navigate(self) -> None:
        self._load(self._tabs.navigate)

    def back(self) -> None:
        self._load(self._tabs.go_back)

    def reload(self) -> None:
        self._load(self._tabs.reload)

    def discard(self) -> None:
        if not self._page.hidden:
            self.hide()
        self._tabs.discard(self.name)

    def revive(self) -> None:
        self._windows.open(self.name)

    def _load(self, another: Callable[[str], None]) -> None:
        """Another document is there when this returns."""
        before = self._windows.handles[self.name]
        another(self.name)
        while self._windows.handles.get(self.name, before) is before:
            self._browser.run_until(self._browser.kernel.now_us + MILLISECOND)


class FakeRig:
    """`tests.conformance.windows.browser_rig.Rig`."""

    slack_us = 100 * MILLISECOND
    intensive_after_us = INTENSIVE_AFTER_US

    def __init__(self, seed: int) -> None:
        self.browser = FakeBrowser(seed)

    @property
    def now_us(self) -> int:
        return self.browser.kernel.now_us

    def window(
        self, name: str, *, unload: bool = False, background: bool = False, isolated: bool = False
    ) -> AnyWindow:
        if unload:
            self.browser.listen_to_unload.add(name)
        self.browser.open(name, hidden=background)
        return FakeWindow(self.browser, name)

    def opened(self, name: str, by: AnyWindow) -> AnyWindow:
        return FakeWindow(self.browser, name)

    def stranger(self, name: str) -> AnyWindow:
        self.browser.open(name, profile="stranger")
        return FakeWindow(self.browser, name)

    def run_for(self, duration_us: int) -> None:
        self.browser.run_until(self.now_us + duration_us)

    def decide(self, permission: Literal["granted", "denied"]) -> None:
        self.browser.world.browser.devices.decide(permission)

    def shared(self) -> AnyWindow:
        self.browser.shared = "shared"
        return self.window("shared")

    def end(self) -> None:
        self.browser.kernel.clear()
