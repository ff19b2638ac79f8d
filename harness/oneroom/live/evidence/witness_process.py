"""The witness process: `python -m oneroom.live.evidence.witness_process FD`, run by the live arm.

The witness is another participant in every room of the run. It publishes nothing and records what a
user of the app would see of the others, timed by its SDK's events, and whether their tracks carry
sound or a moving picture. When its own session ends with its room or server, it joins again.

Rules: a process of its own, because a failure of the SDK's native part ends the whole process.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import msgspec
from livekit import rtc

from oneroom.core.state import Source
from oneroom.driver.recorder import Recorder
from oneroom.live.clock import LiveClock
from oneroom.live.evidence.media_probe import MediaProbe
from oneroom.live.process.pipe import Frame, Pipe
from oneroom.live.process.trace_feed import TraceFeed
from oneroom.ports.observer import Presence, TrackState
from oneroom.trace.trace import NO_CAUSE, Trace

_AGAIN_S = 0.2
_SOURCES = {
    rtc.TrackSource.SOURCE_CAMERA: Source.CAMERA,
    rtc.TrackSource.SOURCE_MICROPHONE: Source.MICROPHONE,
    rtc.TrackSource.SOURCE_SCREENSHARE: Source.SCREEN_SHARE,
}


class WitnessSetup(msgspec.Struct, frozen=True):
    """Settings of the witness: the server's URL, and a token for each room."""

    first_n: int
    url: str
    tokens: tuple[str, ...]


class Witness:
    """The witness in all rooms of a run."""

    def __init__(self, loop: asyncio.AbstractEventLoop, to_hub: Pipe) -> None:
        self._to_hub = to_hub
        self._trace = Trace()
        feed = TraceFeed(self._trace, to_hub)
        self.clock = LiveClock(loop, self._trace, feed.flush, self._failed)
        self.recorder = Recorder(self._trace)
        self._rooms: list[_Watched] = []

    async def begin(self, setup: WitnessSetup) -> None:
        """Join all rooms, then report that it watches."""
        self._trace.n = setup.first_n
        self._rooms = [_Watched(self, setup.url, token) for token in setup.tokens]
        await asyncio.gather(*[room.join() for room in self._rooms])
        self._to_hub.send(Frame(0, NO_CAUSE, "watching"))

    def _failed(self, error: Exception) -> None:
        raise error


class _Watched:
    """One room."""

    def __init__(self, witness: Witness, url: str, token: str) -> None:
        self._witness = witness
        self._url = url
        self._token = token
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: dict[str, str] = {}  # identity -> sid
        self._probes: dict[str, MediaProbe] = {}  # by the track's sid

    async def join(self) -> None:
        """Connect, and retry for as long as it fails: the server may be restarting."""
        while True:
            self._room = rtc.Room()
            self._watch(self._room)
            try:
                await self._room.connect(self._url, self._token)
            except rtc.ConnectError:
                await asyncio.sleep(_AGAIN_S)
                continue
            for one in self._room.remote_participants.values():
                self._turn(self._person, one, Presence.JOINED)
                for publication in one.track_publications.values():
                    self._turn(self._track, publication, one, TrackState.PUBLISHED)
            return

    def _watch(self, room: rtc.Room) -> None:
        def person(what: Presence) -> Callable[[Any], None]:
            return lambda one: self._turn(self._person, one, what)

        def track(what: TrackState) -> Callable[[Any, Any], None]:
            return lambda one, other: self._turn(self._track, one, other, what)

        room.on("participant_connected", person(Presence.JOINED))
        room.on("participant_active", person(Presence.ACTIVE))
        room.on("participant_disconnected", person(Presence.LEFT))
        room.on("track_published", track(TrackState.PUBLISHED))
        room.on("track_unpublished", track(TrackState.UNPUBLISHED))
        room.on("track_muted", track(TrackState.MUTED))
        room.on("track_unmuted", track(TrackState.UNMUTED))
        room.on("track_subscribed", self._subscribed)
        room.on("track_unsubscribed", self._unsubscribed)
        room.on("disconnected", lambda _: self._expelled())

    def _turn(self, run: Callable[..., None], *arguments: Any) -> None:
        self._witness.clock.turn(NO_CAUSE, run, *arguments)

    def _person(self, one: Any, what: Presence) -> None:
        if what is Presence.LEFT:
            self._known.pop(one.identity, None)
        else:
            self._known[one.identity] = one.sid
        self._witness.recorder.witness_saw(one.identity, one.sid, what)

    def _track(self, one: Any, other: Any, what: TrackState) -> None:
        # livekit 1.2.1 hands the participant first for mutes and last for the others.
        person, publication = (one, other) if hasattr(one, "identity") else (other, one)
        if what is TrackState.PUBLISHED and publication.muted:
            what = TrackState.PUBLISHED_MUTED
        source = _SOURCES[publication.source]
        self._witness.recorder.witness_saw_track(person.identity, person.sid, source, what)

    def _subscribed(self, track: Any, publication: Any, person: Any) -> None:
        source = _SOURCES[publication.source]

        def sensed(alive: bool) -> None:
            self._turn(
                self._witness.recorder.witness_sensed, person.identity, person.sid, source, alive
            )

        self._probes[publication.sid] = MediaProbe(track, sensed)

    def _unsubscribed(self, _track: Any, publication: Any, _person: Any) -> None:
        probe = self._probes.pop(publication.sid, None)
        if probe is not None:
            probe.end()

    def _expelled(self) -> None:
        """Record that all participants left, since the room or the server ended, and join again."""
        for identity, sid in tuple(self._known.items()):
            self._turn(self._witness.recorder.witness_saw, identity, sid, Presence.LEFT)
        self._known.clear()
        for probe in self._probes.values():
            probe.end()
        self._probes.clear()
        task = asyncio.ensure_future(self.join())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def serve(descriptor: int) -> None:
    """Watch until the pipe closes."""
    to_hub = await Pipe.open(socket.socket(fileno=descriptor))
    witness = Witness(asyncio.get_running_loop(), to_hub)
    to_hub.send(Frame(0, NO_CAUSE, "ready"))
    async for frame in to_hub.frames():
        if frame.verb == "zero":
            witness.clock.begin(frame.arguments[0])
        else:
            # Beside the reading: a server that never comes back must not hide that the pipe has
            # ended.
            begun = asyncio.ensure_future(
                witness.begin(msgspec.convert(frame.arguments[0], WitnessSetup))
            )
            begun.add_done_callback(_or_end)
    os._exit(0)


def _or_end(begun: asyncio.Task[None]) -> None:
    """End the process if joining failed, which tells the hub."""
    if begun.exception() is not None:
        begun.get_loop().default_exception_handler(
            {"message": "the witness cannot watch", "exception": begun.exception()}
        )
        os._exit(1)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
