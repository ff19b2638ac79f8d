"""livekit-client in Chromium on the real server as an arm of the kit: the same server, network
paths and witness as the Python arm, and pages in the place of its processes.

Rules: what the browser says is read when the rig's loop runs, and while the browser is asked for
something.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from oneroom.live.server.livekit_server import LiveKit
from tests.conformance.sfu.js_browser import JsBrowser
from tests.conformance.sfu.js_windows import JsWindow
from tests.conformance.sfu.live_hooks import LiveHooks
from tests.conformance.sfu.live_log import LiveLog
from tests.conformance.sfu.live_server_rig import LiveRig
from tests.conformance.sfu.server_rig import SdkName
from tests.conformance.sfu.server_rig import Window as AnyWindow


class JsRig(LiveRig):
    """`tests.conformance.sfu.server_rig.Rig`."""

    sdk: SdkName = "js"

    def __init__(
        self,
        server: LiveKit,
        log: LiveLog,
        room: str,
        browser: JsBrowser,
        hooks: LiveHooks | None = None,
    ) -> None:
        super().__init__(server, log, room, hooks)
        self.browser = browser
        self._listen()

    def window(
        self, name: str, identity: str = "u1", process: bool = False, path: bool = False
    ) -> AnyWindow:
        window = JsWindow(self, name, identity, process)
        self.loop.run_until_complete(window.start(path))
        self._windows.append(window)
        return window

    @contextlib.contextmanager
    def undisturbed(self) -> Iterator[None]:
        """The browser is asked from another thread: the loop does not read what it says."""
        self.loop.remove_reader(self.browser.connection.fileno())
        try:
            yield
        finally:
            self._listen()

    def _listen(self) -> None:
        connection = self.browser.connection
        self.loop.add_reader(connection.fileno(), connection.hear_waiting)

    async def _take_down(self) -> None:
        await super()._take_down()
        self.loop.remove_reader(self.browser.connection.fileno())
