"""A real Chromium, as users have it: windows that are hidden are hidden, timers are throttled,
pages go into the back/forward cache.

Rules: driven over a plain DevTools pipe, headless, a fresh profile a browser. What automation likes
to switch off stays on: no `--disable-background-timer-throttling`, no
`--disable-renderer-backgrounding`, no `--disable-backgrounding-occluded-windows`, no
`BackForwardCache` among disabled features, no emulated focus. A browser that lacks them shows
nothing of what happens to windows. Names resolve to this machine or not at all. The browser ends
with its `with` block, and if we die by SIGKILL, with us (see `browser_guard`).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from oneroom.live.errors import Unavailable
from oneroom.watchdog import Watchdog
from tests.browser import browser_guard
from tests.browser.cdp import CdpConnection
from tests.browser.tab import Tab

# Debian's wrapper adds extensions and keys of its own, so the program behind it comes first.
_PROGRAMS = ("/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE "
    "127.0.0.1",
    "--remote-debugging-pipe",
)
# Lets `chrome://discards` open: there is no other way to discard a page.
_LOCAL_STATE = {"internal_only_uis_enabled": True}
_END_S = 15.0
_SETTLE_S = 0.02


def program() -> str:
    """The executable: `$ONEROOM_CHROMIUM`, or what is installed. Raises `Unavailable`."""
    wanted = os.environ.get("ONEROOM_CHROMIUM")
    for name in (wanted,) if wanted else _PROGRAMS:
        if found := shutil.which(name):
            return found
    raise Unavailable(f"{wanted or 'Chromium'} is not installed (Debian: apt-get install chromium)")


class Chromium:
    """One browser. `flags` are added to the ones above; `version` is what it calls itself. Raises
    `Unavailable`.
    """

    def __init__(self, *flags: str) -> None:
        self._flags = flags
        self._tabs: dict[str, Tab] = {}

    def __enter__(self) -> Chromium:
        self.folder = Path(tempfile.mkdtemp(prefix="oneroom-chromium-"))
        profile = self.folder / "profile"
        profile.mkdir()
        (profile / "Local State").write_text(json.dumps(_LOCAL_STATE))
        command = [program(), *_FLAGS, *self._flags, f"--user-data-dir={profile}", "about:blank"]
        theirs_in, into = os.pipe()
        out, theirs_out = os.pipe()
        try:
            self._guard = Watchdog(
                browser_guard.__file__,
                *(str(self.folder), str(theirs_in), str(theirs_out)),
                *command,
                pass_fds=(theirs_in, theirs_out),
            )
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        self.connection = CdpConnection(into, out, self._hear)
        try:
            self.version: str = self.connection.call("Browser.getVersion", timeout_s=30)["product"]
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def open(
        self,
        url: str,
        hear: Callable[[str], None] | None = None,
        *,
        background: bool = False,
        stranger: bool = False,
    ) -> Tab:
        """A window at `url`, in a process of its own, shown and in front; `background`: a tab
        behind the newest window's, which has never been shown; `stranger`: of another profile.
        `hear` is called with what the page says to `window.say`.
        """
        connection = self.connection
        where: dict[str, Any] = {"background": background, "newWindow": not background}
        if stranger:
            where["browserContextId"] = connection.call("Target.createBrowserContext")[
                "browserContextId"
            ]
        made = connection.call("Target.createTarget", url="about:blank", **where)
        tab = Tab(connection, made["targetId"], hear or _nobody)
        self.attach(tab)
        tab.navigate(url)
        return tab

    def attach(self, tab: Tab) -> None:
        """Hear the tab, and again after its page was replaced behind its back (discard)."""
        session = tab.attach()
        self._tabs[session] = tab

    def opened(self, url: str, hear: Callable[[str], None]) -> Tab:
        """The window at `url` that a page has just opened by itself."""
        tab = Tab(self.connection, self._listed(url), hear)
        self.attach(tab)
        return tab

    def discard(self, tab: Tab) -> Tab:
        """The browser takes a page that is behind another one out of memory. Returns the tab that
        now hides it; close that one, then `attach` the discarded tab again: it is loaded anew.
        """
        cover = f"about:blank#{tab.target}"
        tab.evaluate(f"void window.open('{cover}', '_blank', 'noopener')", gesture=True)
        hiding = Tab(self.connection, self._listed(cover), _nobody)
        self.attach(hiding)
        address = tab.evaluate("location.href")
        tab.detach()  # what is inspected is not discarded
        page = self.open("chrome://discards/")
        try:
            page.until(lambda: page.evaluate(_DISCARD % address), "discard")
            page.until(lambda: page.evaluate(_DISCARDED % address), "discard")
        finally:
            page.close(ask=False)
        tab.target = self._listed(address)  # nothing of the old one is left
        return hiding

    def allow(self, origin: str, permission: str, setting: str) -> None:
        """The user has decided: `permission` is "microphone" or "camera", `setting` granted, denied
        or prompt.
        """
        named = {"name": permission}
        self.connection.call(
            "Browser.setPermission", permission=named, setting=setting, origin=origin
        )

    def processes(self) -> set[int]:
        """The ids of its renderers' processes."""
        told = self.connection.call("SystemInfo.getProcessInfo")["processInfo"]
        return {one["id"] for one in told if one["type"] == "renderer"}

    def _end(self) -> None:
        self.connection.close()
        self._guard.release()
        self._guard.process.wait(_END_S)

    def _hear(self, method: str, said: dict[str, Any]) -> None:
        tab = self._tabs.get(said.get("sessionId", ""))
        if tab is not None:
            tab.heard(method, said)

    def _listed(self, url: str) -> str:
        """The target at `url`, as soon as there is one."""
        deadline_s = time.monotonic() + _END_S
        while time.monotonic() < deadline_s:
            for info in self.connection.call("Target.getTargets")["targetInfos"]:
                if info["url"] == url:
                    return str(info["targetId"])
            self.connection.listen(_SETTLE_S)
        raise Unavailable(f"no window shows {url}")


def _nobody(said: str) -> None:
    """Nobody listens."""


# The row of the page's address at `chrome://discards`.
_ROW = """
    const main = document.querySelector('discards-main').shadowRoot;
    const table = main.querySelector('discards-tab').shadowRoot;
    const row = [...table.querySelectorAll('tbody tr')].find(
        one => one.querySelector('.tab-url-cell').textContent.trim() === '%s');"""
_DISCARD = f"""(() => {{ {_ROW}
    const link = row && [...row.querySelectorAll('.actions-cell div')].find(
        one => one.textContent.includes('Urgent Discard'));
    link?.click();
    return Boolean(link);
}})()"""
_DISCARDED = f"(() => {{ {_ROW} return Boolean(row?.textContent.includes('discarded')); }})()"
