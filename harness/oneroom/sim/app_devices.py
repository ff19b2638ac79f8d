"""`navigator.mediaDevices` of an app's page on the fake devices, which it shares with the SDK.

Rules: a track is known by the number of its source. Several sources of one request are captured one
after the other; the first that is refused fails the request.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from oneroom.core.state import Source
from oneroom.javascript import protocol
from oneroom.javascript.window import JavaScriptWindow, json_text
from oneroom.ports.page import TaskSource
from oneroom_fakes.devices import Devices
from oneroom_fakes.sfu.local_tracks import NOT_ALLOWED

# The sources by the names of livekit-client, and the kinds of their tracks and devices.
SOURCES = {
    "microphone": Source.MICROPHONE,
    "camera": Source.CAMERA,
    "screen_share": Source.SCREEN_SHARE,
}
_DEVICE_KINDS = {Source.MICROPHONE: "audioinput", Source.CAMERA: "videoinput"}


class AppDevices:
    """Implements `oneroom.javascript.window_ports.PageDevices`. `sdk_capture_ended` hears of the
    captures that the SDK has made.
    """

    def __init__(
        self,
        window: JavaScriptWindow,
        devices: Devices,
        sdk_capture_ended: Callable[[Source], None],
    ) -> None:
        self._window = window
        self._devices = devices
        self._sdk_capture_ended = sdk_capture_ended
        self._captured: set[Source] = set()

    def capture(self, number: int, sources: list[str]) -> None:
        """See the port."""
        self._capture_next(number, [], [SOURCES[source] for source in sources])

    def _capture_next(self, number: int, captured: list[Source], wanted: list[Source]) -> None:
        if not wanted:
            tracks = [_track(source) for source in captured]
            self._window.turn(protocol.CAPTURE, float(number), json_text({"tracks": tracks}))
            return
        answered = partial(self._answered, number, captured, wanted)
        self._devices.capture(self._window.name, wanted[0], answered)

    def _answered(
        self, number: int, captured: list[Source], wanted: list[Source], granted: bool
    ) -> None:
        if granted:
            self._captured.add(wanted[0])
            self._capture_next(number, [*captured, wanted[0]], wanted[1:])
            return
        for source in captured:
            self.stop(int(source))
        self._window.turn(protocol.CAPTURE, float(number), json_text({"error": NOT_ALLOWED}))

    def stop(self, track: int) -> None:
        """See the port."""
        self._captured.discard(Source(track))
        self._devices.release(self._window.name, Source(track))

    def hand_over(self, source: Source) -> None:
        """See the port."""
        self._devices.hand_over(self._window.name, source)

    def capture_ended(self, source: Source) -> None:
        """A capture of this window has ended from outside; called in its page."""
        if source in self._captured:
            self._captured.discard(source)
            self._window.turn(protocol.CAPTURE_ENDED, float(source))
        self._sdk_capture_ended(source)

    def enumerate(self, number: int) -> None:
        """See the port."""
        devices = [
            {"kind": kind, "deviceId": name, "label": name}
            for source, kind in _DEVICE_KINDS.items()
            for name in self._devices.plugged[source]
        ]
        self._answer(protocol.DEVICES, number, json_text(devices))

    def permission(self, number: int, name: str) -> None:
        """See the port."""
        self._answer(protocol.PERMISSION, number, self._devices.permission)

    def _answer(self, kind: str, number: int, answer: str) -> None:
        """In a task of its own: these are asynchronous calls."""
        turn = partial(self._window.turn, kind, float(number))
        self._window.soon(TaskSource.NETWORK, turn, answer)


def _track(source: Source) -> dict[str, object]:
    kind = "audio" if source is Source.MICROPHONE else "video"
    return {"id": int(source), "kind": kind, "label": source.name.lower()}
