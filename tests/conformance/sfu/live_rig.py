"""The real server as the arm of the kit: real time, one room of its own.

Rules: one event loop a rig, driven from the outside (`run_for`), so that a case is plain sequential code on both arms.
What happened at the server is read off its log, which names every session's beginning and end with its reason;
LiveKit's own names of reasons are translated as `ToDisconnectReason` does (v1.13.5, rtc/types/interfaces.go).
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from livekit import rtc

from harness.core import events
from harness.core.events import Event, RoomEnded, RosterChanged
from harness.core.reasons import Reason
from harness.core.state import Participant, Source
from harness.live import tokens
from harness.live.room import LiveRooms
from harness.live.server import LiveKit
from harness.live.service import Service
from harness.ports.observer import Presence, TrackState
from tests.conformance.sfu.rig import HOUR_US, MILLISECOND, SECOND, Fact, Told
from tests.conformance.sfu.rig import Window as AnyWindow

PROJECT = Path(__file__).resolve().parents[3]
WITNESS = "witness"
_POLL_S = 0.1
# Loops on which the SDK still waits for an answer that does not come (`unpublish_track` of livekit 1.2.1, seen). To
# close them would fail in its clean-up when the interpreter ends.
_abandoned: list[asyncio.AbstractEventLoop] = []
_BEGINNINGS = {
    "starting RTC session": Presence.JOINED,
    "participant active": Presence.ACTIVE,
    "resuming RTC session": Presence.RESUMED,
}
_REASONS = {
    "CLIENT_REQUEST_LEAVE": Reason.CLIENT_INITIATED,
    "DUPLICATE_IDENTITY": Reason.DUPLICATE_IDENTITY,
    "SERVICE_REQUEST_REMOVE_PARTICIPANT": Reason.PARTICIPANT_REMOVED,
    "SERVICE_REQUEST_DELETE_ROOM": Reason.ROOM_DELETED,
    "PEER_CONNECTION_DISCONNECTED": Reason.CONNECTION_TIMEOUT,
    "STALE": Reason.CONNECTION_TIMEOUT,
    "JOIN_TIMEOUT": Reason.JOIN_FAILURE,
    "JOIN_FAILED": Reason.JOIN_FAILURE,
    "SIGNAL_SOURCE_CLOSE": Reason.SIGNAL_CLOSE,
    "ROOM_CLOSED": Reason.ROOM_CLOSED,
}
_SOURCES = {
    rtc.TrackSource.SOURCE_CAMERA: Source.CAMERA,
    rtc.TrackSource.SOURCE_MICROPHONE: Source.MICROPHONE,
    rtc.TrackSource.SOURCE_SCREENSHARE: Source.SCREEN_SHARE,
}


class LiveWindow:
    """A window in this process."""

    def __init__(self, rig: LiveRig, name: str, identity: str) -> None:
        self.name = name
        self.identity = identity
        self._rig = rig
        self._events: list[tuple[int, Event]] = []
        self._rooms: Any = None

    async def start(self) -> None:
        self._rooms = LiveRooms(self._rig.loop, self._rig.url, self.hear)

    async def end(self) -> None:
        await self._rooms.end()

    def hear(self, event: Event) -> None:
        self._events.append((self._rig.now_us, event))

    def do(self, verb: str, *arguments: Any) -> None:
        getattr(self._rooms, verb)(*arguments)
        # Tasks begin to run, so that what two windows do one after the other reaches the server in that order.
        self._rig.loop.run_until_complete(asyncio.sleep(0))

    def join(self, epoch: int = 1, ttl_us: int = HOUR_US) -> None:
        self.do("open", epoch, "", self._rig.token(self.identity, ttl_us))

    def close(self, epoch: int = 1) -> None:
        self.do("close", epoch)

    def publish(self, source: Source = Source.MICROPHONE, muted: bool = False, epoch: int = 1) -> None:
        self.do("publish", epoch, source, muted)

    def unpublish(self, source: Source, epoch: int = 1) -> None:
        self.do("unpublish", epoch, source)

    def set_muted(self, muted: bool, epoch: int = 1) -> None:
        self.do("set_muted", epoch, muted)

    def simulate(self, scenario: str, epoch: int = 1) -> None:
        self.do("simulate", epoch, scenario)

    def stop(self) -> None:
        raise AssertionError("a window that is stopped needs process=True")

    go_on = crash = stop

    def kinds(self) -> list[str]:
        return [type(event).__name__ for _, event in self._events if not isinstance(event, RosterChanged)]

    def at(self, kind: type[Event]) -> list[int]:
        return [at_us for at_us, event in self._events if isinstance(event, kind)]

    def ended(self) -> Reason | None:
        reasons = [event.reason for _, event in self._events if isinstance(event, RoomEnded)]
        return reasons[-1] if reasons else None

    def roster(self) -> tuple[Participant, ...]:
        return next(event.participants for _, event in reversed(self._events) if isinstance(event, RosterChanged))


class ProcessWindow(LiveWindow):
    """A window in a process of its own."""

    _process: asyncio.subprocess.Process
    _reading: asyncio.Task[None]

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.conformance.sfu.worker",
            self._rig.url,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=PROJECT,
        )
        self._reading = self._rig.loop.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            self.hear(msgspec.convert(said["event"], getattr(events, said["kind"])))

    async def end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading
        # Otherwise the pipe's transport outlives its loop and says so.
        self._process._transport.close()  # type: ignore[attr-defined]  # there is no public way

    def do(self, verb: str, *arguments: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([verb, *arguments]).encode() + b"\n")
        self._rig.loop.run_until_complete(self._process.stdin.drain())

    def stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def crash(self) -> None:
        self._process.kill()


class LiveRig:
    """`tests.conformance.sfu.rig.Rig`."""

    # Two busy cores and several cases side by side.
    slack_us = 1_500 * MILLISECOND

    def __init__(self, server: LiveKit, room: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.url = server.record.url
        self._server = server
        self._room = room
        self._started_s = time.monotonic()
        self._started_wall_s = time.time()
        self._windows: list[LiveWindow] = []
        self._told: list[tuple[int, str, str, Source | None, Presence | TrackState]] = []
        self._polled: list[tuple[tuple[str, str], ...]] = []
        self._service: Service = self.loop.run_until_complete(self._make_service())
        self._witness = rtc.Room(self.loop)
        self._watch()
        self.loop.run_until_complete(self._witness.connect(self.url, self.token(WITNESS, HOUR_US)))
        self._polling = self.loop.create_task(self._poll())

    async def _make_service(self) -> Service:
        return Service(self.url, self._server.record.credentials, self._room)

    def token(self, identity: str, ttl_us: int) -> str:
        return tokens.mint(self._server.record.credentials, identity, self._room, ttl_us)

    @property
    def now_us(self) -> int:
        return int((time.monotonic() - self._started_s) * SECOND)

    def window(self, name: str, identity: str = "u1", process: bool = False) -> AnyWindow:
        window = (ProcessWindow if process else LiveWindow)(self, name, identity)
        self.loop.run_until_complete(window.start())
        self._windows.append(window)
        return window

    def run_for(self, duration_us: int) -> None:
        self.loop.run_until_complete(asyncio.sleep(duration_us / SECOND))

    async def _poll(self) -> None:
        while True:
            self._polled.append(await self._look())
            await asyncio.sleep(_POLL_S)

    async def _look(self) -> tuple[tuple[str, str], ...]:
        return tuple(one for one in await self._service.listed() if one[0] != WITNESS)

    def listed(self) -> tuple[tuple[str, str], ...]:
        return self.loop.run_until_complete(self._look())

    def polled(self) -> list[tuple[tuple[str, str], ...]]:
        return self._polled

    def facts(self, identity: str = "u1") -> list[Fact]:
        numbers: dict[str, int] = {}
        facts = []
        for line in self._server.log().splitlines():
            if not line.startswith("{"):
                continue
            said = json.loads(line)
            if said.get("room") != self._room or said.get("participant") != identity:
                continue
            closing = said["msg"] == "participant closing"
            presence = Presence.LEFT if closing else _BEGINNINGS.get(said["msg"])
            if presence is None:
                continue
            reason = _REASONS.get(said["reason"], Reason.UNKNOWN) if closing else Reason.UNKNOWN
            session = numbers.setdefault(said["participantID"], len(numbers) + 1)
            facts.append(Fact(int((said["ts"] - self._started_wall_s) * SECOND), session, presence, reason))
        return facts

    def told(self, identity: str = "u1") -> list[Told]:
        numbers: dict[str, int] = {}
        return [
            Told(at_us, numbers.setdefault(sid, len(numbers) + 1), source, what)
            for at_us, who, sid, source, what in self._told
            if who == identity
        ]

    def remove_participant(self, identity: str) -> None:
        self.loop.run_until_complete(self._service.remove_participant(identity))

    def delete_room(self) -> None:
        self.loop.run_until_complete(self._service.delete_room())

    def kill_server(self) -> None:
        self._server.kill()
        self._server.start_again()

    def end(self) -> None:
        """Let go of everything. Windows that never got through are given up, not waited for."""
        self.loop.run_until_complete(self._take_down())
        if asyncio.all_tasks(self.loop):
            _abandoned.append(self.loop)
        else:
            self.loop.close()

    async def _take_down(self) -> None:
        self._polling.cancel()
        await asyncio.gather(self._polling, return_exceptions=True)
        for window in self._windows:
            await window.end()
        # Bounded for the same reason as `LiveRooms.end`.
        await asyncio.wait([self.loop.create_task(self._witness.disconnect())], timeout=5)
        await self._service.close()
        # The SDK's own callbacks of the last events.
        await asyncio.sleep(0.1)

    def _watch(self) -> None:
        def person(what: Presence) -> Callable[[Any], None]:
            return lambda one: self._told.append((self.now_us, one.identity, one.sid, None, what))

        def track(what: TrackState) -> Callable[[Any, Any], None]:
            return lambda one, other: self._tell_track(one, other, what)

        room = self._witness
        room.on("participant_connected", person(Presence.JOINED))
        room.on("participant_active", person(Presence.ACTIVE))
        room.on("participant_disconnected", person(Presence.LEFT))
        room.on("track_published", track(TrackState.PUBLISHED))
        room.on("track_unpublished", track(TrackState.UNPUBLISHED))
        # livekit 1.2.1 hands the participant first for these two and last for the others.
        room.on("track_muted", track(TrackState.MUTED))
        room.on("track_unmuted", track(TrackState.UNMUTED))

    def _tell_track(self, one: Any, other: Any, what: TrackState) -> None:
        person, publication = (one, other) if hasattr(one, "identity") else (other, one)
        if what is TrackState.PUBLISHED and publication.muted:
            what = TrackState.PUBLISHED_MUTED
        self._told.append((self.now_us, person.identity, person.sid, _SOURCES[publication.source], what))
