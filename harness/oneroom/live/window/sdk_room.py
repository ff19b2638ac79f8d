"""`oneroom.ports.room.Room` on the real SDK: livekit for Python, in this process and event loop.

Rules: events of the SDK are translated to core's and nothing is decided here. No task is ever
cancelled while it connects: livekit 1.2.1 ends its own process 15 s after a cancelled `connect()`
(python-sdks#784). A Room that is closed while it connects is therefore `ended` for its window at
once, and disconnected as soon as `connect()` returns: until then its session is at the server,
where the JS SDK would have sent a Leave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from livekit import rtc
from livekit.rtc.participant import PublishTrackError

from oneroom.core.events import (
    CaptureFailed,
    CaptureStarted,
    Event,
    PermissionChanged,
    RoomConnected,
    RoomEnded,
    RoomHealed,
    RoomLost,
    RosterChanged,
    TrackMuted,
)
from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.live.server.log_redaction import keep_tokens_out_of_logs
from oneroom.live.window.synthetic_media import Capture
from oneroom.ports.devices import Devices

_END_S = 5.0
# `getUserMedia` and `getDisplayMedia` reject with it when the user or the browser refuses (W3C
# Media Capture).
REFUSED = "NotAllowedError"
_SOURCES = {
    Source.CAMERA: rtc.TrackSource.SOURCE_CAMERA,
    Source.MICROPHONE: rtc.TrackSource.SOURCE_MICROPHONE,
    Source.SCREEN_SHARE: rtc.TrackSource.SOURCE_SCREENSHARE,
}
_ROSTER = (
    "participant_connected",
    "participant_disconnected",
    "track_published",
    "track_unpublished",
    "track_muted",
    "track_unmuted",
    "local_track_published",
    "local_track_unpublished",
)


class AllGranted:
    """Devices of a user who has granted everything: captures begin at once.

    Implements `oneroom.ports.devices.Devices`.
    """

    def capture(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        """See the port."""
        done(True)

    def release(self, window: str, source: Source) -> None:
        """See the port."""

    def is_default(self, window: str, source: Source) -> bool:
        """See the port."""
        return True


class LiveRooms:
    """The Rooms of window `name`, by epoch. Their events go to `deliver`, on the loop's thread.

    `url` is the server's, unless `open` gets another one. Not thread-safe.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        url: str,
        deliver: Callable[[Event], None],
        devices: Devices | None = None,
        name: str = "",
    ) -> None:
        keep_tokens_out_of_logs()
        self._loop = loop
        self._url = url
        self._deliver = deliver
        self._devices = devices or AllGranted()
        self._name = name
        self._rooms: dict[int, _OneRoom] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def open(self, epoch: int, channel: str, token: str, url: str = "") -> None:
        """See the port. `channel` is implied by the token."""
        room = _OneRoom(self._loop, epoch, self._deliver, self._devices, self._name)
        self._rooms[epoch] = room
        self._start(room.connect(url or self._url, token))

    def close(self, epoch: int) -> None:
        """See the port."""
        if epoch in self._rooms and self._rooms[epoch].close():
            self._start(self._rooms[epoch].disconnect())

    def is_connected(self, epoch: int) -> bool:
        """Return whether `connect()` has returned. The SDK cannot end a Room before that."""
        return epoch in self._rooms and self._rooms[epoch].connected

    def publish(self, epoch: int, source: Source, muted: bool) -> None:
        """See the port. Media is synthetic: a tone for a microphone, a moving picture otherwise."""
        if epoch in self._rooms:
            room = self._rooms[epoch]
            room.capture(source, muted, lambda: self._start(room.publish(source)))

    def unpublish(self, epoch: int, source: Source) -> None:
        """See the port."""
        if epoch in self._rooms:
            capture = self._rooms[epoch].release(source)
            if capture is not None and capture.sid:
                self._start(self._rooms[epoch].unpublish(capture))

    def set_muted(self, epoch: int, muted: bool) -> None:
        """See the port."""
        if epoch in self._rooms:
            self._start(self._rooms[epoch].set_muted(muted))

    def simulate(self, epoch: int, scenario: str) -> None:
        """Trigger one of LiveKit's own faults: a `SimulateScenarioKind` without its prefix."""
        kind = getattr(rtc.SimulateScenarioKind, f"SIMULATE_{scenario}")
        self._start(self._rooms[epoch].room.simulate_scenario(kind))

    async def end(self, timeout_s: float = _END_S) -> None:
        """Disconnect all Rooms and wait for at most `timeout_s`.

        A request that the SDK never answers (livekit 1.2.1, observed: about one disconnect in a
        hundred) is abandoned and not cancelled, since a cancelled request can end the process.
        """
        for epoch in self._rooms:
            self.close(epoch)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        # The loop keeps only weak references: a task without another reference may vanish.
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(self._loop.create_task(work))


class _OneRoom:
    """The Room of one epoch."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        epoch: int,
        deliver: Callable[[Event], None],
        devices: Devices,
        name: str,
    ) -> None:
        self.room = rtc.Room(loop)
        self.connected = False
        self._epoch = epoch
        self._deliver = deliver
        self._devices = devices
        self._name = name
        self._captures: dict[Source, Capture] = {}
        self._ended = False
        self._listen()

    def _listen(self) -> None:
        self.room.on("reconnecting", lambda: self._emit(RoomLost(self._epoch)))
        self.room.on(
            "reconnected",
            lambda: self._emit(RoomHealed(self._epoch, self.room.local_participant.sid)),
        )
        self.room.on("disconnected", lambda reason: self._end_room(Reason(reason)))
        self.room.on("track_muted", lambda who, track: self._muted(who, track, True))
        self.room.on("track_unmuted", lambda who, track: self._muted(who, track, False))
        self.room.on("participant_permissions_changed", self._permitted)
        for name in _ROSTER:
            self.room.on(name, self._roster)

    async def connect(self, url: str, token: str) -> None:
        try:
            await self.room.connect(url, token)
        except rtc.ConnectError:
            self._end_room(Reason.JOIN_FAILURE)
            return
        self.connected = True
        if self._ended:
            await self.room.disconnect()
            return
        self._emit(RoomConnected(self._epoch, self.room.local_participant.sid))
        self._roster()

    def close(self) -> bool:
        """End the Room for its window now. Returns whether it must still be disconnected."""
        had_ended = self._ended
        self._end_room(Reason.CLIENT_INITIATED)
        return self.connected and not had_ended

    async def disconnect(self) -> None:
        await self.room.disconnect()

    def capture(self, source: Source, muted: bool, granted: Callable[[], None]) -> None:
        """Ask for the device unless that was done; `granted` is called when there is a track to
        publish.
        """
        if self._ended:
            return
        if source in self._captures:
            if self._captures[source].running:
                self._emit(CaptureStarted(self._epoch, source))
            return
        capture = self._captures[source] = Capture(source)
        capture.muted = muted

        def answered(yes: bool) -> None:
            if capture.stopped:
                return
            if yes:
                capture.start()
                self._emit(CaptureStarted(self._epoch, source))
                granted()
            else:
                del self._captures[source]
                self._emit(CaptureFailed(self._epoch, source, REFUSED))

        self._devices.capture(self._name, source, answered)

    async def publish(self, source: Source) -> None:
        capture = self._captures.get(source)
        if capture is None:
            return
        muted = capture.muted
        if muted:
            capture.track.mute()
        options = rtc.TrackPublishOptions(source=_SOURCES[source])
        try:
            publication = await self.room.local_participant.publish_track(capture.track, options)
        except PublishTrackError:
            # The Room ended meanwhile, and reports that itself.
            return
        capture.sid = publication.sid
        # The SDK loses calls made between the request and its answer (livekit 1.2.1, observed):
        # repeat them.
        if capture.stopped:
            await self.unpublish(capture)
        elif capture.muted != muted:
            # Muting a muted track has no effect, so set the opposite first.
            if capture.muted:
                capture.track.unmute()
            else:
                capture.track.mute()
            await self._mute(capture)

    def release(self, source: Source) -> Capture | None:
        """Stop a capture, or withdraw the request for it."""
        capture = self._captures.pop(source, None)
        if capture is not None:
            capture.stop()
            self._devices.release(self._name, source)
        return capture

    async def unpublish(self, capture: Capture) -> None:
        if not self._ended:
            await self.room.local_participant.unpublish_track(capture.sid)

    async def set_muted(self, muted: bool) -> None:
        capture = self._captures.get(Source.MICROPHONE)
        if capture is not None and not self._ended:
            capture.muted = muted
            await self._mute(capture)

    async def _mute(self, capture: Capture) -> None:
        if self._ended:
            return
        if capture.muted:
            capture.track.mute()
        else:
            capture.track.unmute()

    def _muted(self, who: Any, publication: Any, muted: bool) -> None:
        """A mute of an own track that was not asked for here; the SDK reports each of the server's
        twice (livekit 1.2.1, seen).
        """
        for source, capture in self._captures.items():
            own = who is self.room.local_participant and publication.sid == capture.sid
            if own and capture.muted is not muted:
                capture.muted = muted
                self._emit(TrackMuted(self._epoch, source, muted))

    def _permitted(self, who: Any, permission: Any) -> None:
        if who is self.room.local_participant:
            allowed = set(permission.can_publish_sources)
            sources = tuple(
                source
                for source, number in _SOURCES.items()
                if permission.can_publish and (not allowed or number in allowed)
            )
            self._emit(PermissionChanged(self._epoch, sources))

    def _emit(self, event: Event) -> None:
        if not self._ended:
            self._deliver(event)

    def _end_room(self, reason: Reason) -> None:
        if self._ended:
            return
        # Captures end first: there is never a capture without a Room.
        for source in tuple(self._captures):
            self.release(source)
        self._emit(RoomEnded(self._epoch, reason))
        self._ended = True

    def _roster(self, *_: object) -> None:
        if not self.connected:
            return
        everybody = [self.room.local_participant, *self.room.remote_participants.values()]
        self._emit(RosterChanged(self._epoch, tuple(_participant(one) for one in everybody)))


def _participant(one: Any) -> Participant:
    by_source = {publication.source: publication for publication in one.track_publications.values()}
    microphone = by_source.get(_SOURCES[Source.MICROPHONE])
    return Participant(
        one.identity,
        muted=microphone is not None and bool(microphone.muted),
        camera_track=_SOURCES[Source.CAMERA] in by_source,
        screen_share_track=_SOURCES[Source.SCREEN_SHARE] in by_source,
    )
