"""The arm of the cases about a Room's events with livekit-client in Chromium, on a real server."""

from __future__ import annotations

import json

from oneroom.core.state import Source
from tests.conformance.sfu.event_stage import ME, OTHER, SCRIPT
from tests.conformance.sfu.js_server_rig import JsRig
from tests.conformance.sfu.js_windows import JsWindow
from tests.conformance.sfu.live_windows import LiveWindow
from tests.conformance.sfu.server_rig import published, until
from tests.units import HOUR, SECOND

_SOURCES = {"microphone": Source.MICROPHONE, "camera": Source.CAMERA}
_START = f"(() => {{ const hear = (line) => say(line);\n{SCRIPT}\nglobalThis.acts = acts; }})()"
_JOIN_US = 30 * SECOND


class EventPage(JsWindow):
    """A page in which the script of the cases runs."""

    def _open(self) -> None:
        self.lines: list[str] = []
        super()._open()
        self.tab.evaluate(_START)

    def _heard(self, line: str) -> None:
        self.lines.append(line)

    def act(self, what: str, *arguments: object) -> None:
        """The page does one of its `acts`, as if the user had clicked."""
        self.tab.start(f"void acts.{what}({json.dumps(arguments)[1:-1]})", gesture=True)

    def enter(self) -> None:
        """Join the room of the case."""
        self.act("join", self._url, self._rig.token(self.identity, HOUR))


class ChromiumStage:
    """`tests.conformance.sfu.event_stage.Stage`."""

    patience_us = 60 * SECOND

    def __init__(self, rig: JsRig) -> None:
        self._rig = rig
        rig.patience_us = self.patience_us
        self._page = EventPage(rig, "page", ME, process=False)
        self._start(self._page)
        self._other = LiveWindow(rig, "other", OTHER)
        self._start(self._other)

    def _start(self, window: LiveWindow) -> None:
        self._rig.loop.run_until_complete(window.start(path=window is self._page))
        self._rig._windows.append(window)

    @property
    def now_us(self) -> int:
        return self._rig.now_us

    def run_for(self, duration_us: int) -> None:
        self._rig.run_for(duration_us)

    def heard(self) -> list[str]:
        return self._page.lines

    def join(self) -> None:
        self._page.enter()

    def act(self, what: str, *arguments: bool) -> None:
        self._page.act(what, *arguments)

    def other_joins(self, microphone: bool = True) -> None:
        self._other.join()
        until(self._rig, lambda: "RoomConnected" in self._other.kinds(), _JOIN_US)
        if microphone:
            self.other_publishes("microphone")

    def other_publishes(self, source: str, muted: bool = False) -> None:
        before = published(self._rig, OTHER)
        if source == "microphone" and before:
            self._other.set_muted(muted)
            return
        self._other.publish(_SOURCES[source], muted)
        until(self._rig, lambda: published(self._rig, OTHER) > before, _JOIN_US)

    def other_unpublishes(self, source: str) -> None:
        self._other.unpublish(_SOURCES[source])

    def other_leaves(self) -> None:
        self._other.close()

    def twin_joins(self) -> None:
        twin = LiveWindow(self._rig, "twin", ME)
        self._start(twin)
        twin.join()

    def remove(self) -> None:
        self._rig.remove_participant(ME)

    def cut(self) -> None:
        self._page.cut()

    def heal(self) -> None:
        self._page.heal()

    def break_signal(self) -> None:
        self._page.break_signal()

    def restart_server(self) -> None:
        self._rig.kill_server()
