"""Windows on livekit-client: pages of a real Chromium.

Rules: the page tells each event with the time of its own monotonic clock, which is the machine's
(CLOCK_MONOTONIC); its distance to the rig's is measured when the page opens.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

import msgspec

from oneroom.core import events
from oneroom.core.events import Event
from tests.browser.cdp import NoAnswer, Refused
from tests.browser.tab import Tab
from tests.conformance.sfu.live_windows import LiveWindow
from tests.units import HOUR, MILLISECOND

if TYPE_CHECKING:
    from tests.conformance.sfu.js_server_rig import JsRig

_READINGS = 3


class JsWindow(LiveWindow):
    """A page with livekit-client in it."""

    _rig: JsRig
    tab: Tab

    def __init__(self, rig: JsRig, name: str, identity: str, process: bool) -> None:
        super().__init__(rig, name, identity)
        self._process = process

    async def _run(self, url: str) -> None:
        self._url = url
        # On a thread: the witness and the network paths do not stand still meanwhile.
        with self._rig.undisturbed():
            await asyncio.to_thread(self._open)

    def _open(self) -> None:
        self.tab = self._rig.browser.open(self._heard)
        readings = [self._reading() for _ in range(_READINGS)]
        self._origin_us = min(readings)[1]
        if self._process:
            # Only a page that runs can be asked for it.
            self.tab.process()

    def _reading(self) -> tuple[int, int]:
        """How long it took to ask the page's clock, and when on the rig's that clock began."""
        asked_us = self._rig.now_us
        page_us = int(self.tab.evaluate("performance.now()") * MILLISECOND)
        answered_us = self._rig.now_us
        return answered_us - asked_us, (asked_us + answered_us) // 2 - page_us

    async def _stop(self) -> None:
        with contextlib.suppress(Refused, NoAnswer):
            self.tab.end()

    def _heard(self, line: str) -> None:
        said = json.loads(line)
        event: Event = msgspec.convert(said["event"], getattr(events, said["kind"]))
        self._events.append((self._origin_us + int(said["at"] * MILLISECOND), event))

    def do(self, verb: str, *arguments: Any) -> None:
        # A gesture: what getDisplayMedia asks for.
        self.tab.start(f"client.{verb}({json.dumps(arguments)[1:-1]})", gesture=True)

    def join(self, epoch: int = 1, ttl_us: int = HOUR) -> None:
        self.do("open", epoch, self._url, self._rig.token(self.identity, ttl_us))

    def simulate(self, scenario: str, epoch: int = 1) -> None:
        # livekit-client's name of the same thing.
        self.do("simulate", epoch, scenario.lower().replace("_", "-"))

    def go_offline(self) -> None:
        super().go_offline()
        self.tab.set_online(False)

    def go_online(self) -> None:
        super().go_online()
        self.tab.set_online(True)

    def stop(self) -> None:
        self.tab.stop()

    def go_on(self) -> None:
        self.tab.go_on()

    def crash(self) -> None:
        self.tab.crash()
