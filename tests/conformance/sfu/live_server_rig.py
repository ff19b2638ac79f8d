"""The real server as the arm of the kit: real time, one room of its own.

Rules: one event loop a rig, driven from the outside (`run_for`), so that a case is plain sequential
code on both arms. What happened at the server is read off its log, which names every session's
beginning and end with its reason; LiveKit's own names of reasons are translated as
`ToDisconnectReason` does (v1.13.5, rtc/types/interfaces.go).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import aiohttp
from livekit import rtc

from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.live.evidence.session_log import BEGINNINGS, REASONS, failed_attempts
from oneroom.live.server import tokens
from oneroom.live.server.livekit_server import LiveKit
from oneroom.live.server.room_service import RoomService
from oneroom.ports.observer import Presence, TrackState
from tests.conformance.sfu.live_hooks import LiveHooks
from tests.conformance.sfu.live_log import LiveLog
from tests.conformance.sfu.live_windows import LiveWindow, ProcessWindow
from tests.conformance.sfu.live_wire import LiveWire
from tests.conformance.sfu.server_rig import Fact, Hook, SdkName, Told, numbering
from tests.conformance.sfu.server_rig import Window as AnyWindow
from tests.conformance.sfu.server_rig import Wire as AnyWire
from tests.units import HOUR, MILLISECOND, SECOND

WITNESS = "witness"
_POLL_S = 0.2
_LOG_US = 50 * MILLISECOND
# Loops on which the SDK still waits for an answer that does not come (`unpublish_track` of livekit
# 1.2.1, seen). To close them would fail in its clean-up when the interpreter ends.
_abandoned: list[asyncio.AbstractEventLoop] = []
_SOURCES = {
    rtc.TrackSource.SOURCE_CAMERA: Source.CAMERA,
    rtc.TrackSource.SOURCE_MICROPHONE: Source.MICROPHONE,
    rtc.TrackSource.SOURCE_SCREENSHARE: Source.SCREEN_SHARE,
}


class LiveRig:
    """`tests.conformance.sfu.server_rig.Rig`."""

    sdk: SdkName = "python"
    # Two busy cores and several cases side by side.
    slack_us = 1_500 * MILLISECOND
    patience_us = 5 * SECOND

    def __init__(
        self, server: LiveKit, log: LiveLog, room: str, hooks: LiveHooks | None = None
    ) -> None:
        self.loop = asyncio.new_event_loop()
        # The SDK asks for it where it is not handed one.
        asyncio.set_event_loop(self.loop)
        self.url = server.record.url
        self._server = server
        self._log = log
        self._room = room
        self._hooks = hooks
        self._wires: list[LiveWire] = []
        self._started_s = time.monotonic()
        self._started_wall_s = time.time()
        self._windows: list[LiveWindow] = []
        self._told: list[tuple[int, str, str, Source | None, Presence | TrackState]] = []
        self._polled: list[tuple[tuple[str, str], ...]] = []
        self._service: RoomService = self.loop.run_until_complete(self._make_service())
        self._witness = rtc.Room(self.loop)
        self._watch()
        self.loop.run_until_complete(
            self._witness.connect(
                self.url, self.token(WITNESS, HOUR), rtc.RoomOptions(auto_subscribe=False)
            )
        )
        self._polling = self.loop.create_task(self._poll())

    async def _make_service(self) -> RoomService:
        return RoomService(self.url, self._server.record.credentials, self._room)

    def token(self, identity: str, ttl_us: int) -> str:
        return tokens.mint(self._server.record.credentials, identity, self._room, ttl_us)

    @property
    def now_us(self) -> int:
        return int((time.monotonic() - self._started_s) * SECOND)

    def window(
        self, name: str, identity: str = "u1", process: bool = False, path: bool = False
    ) -> AnyWindow:
        # livekit 1.2.1 may go on trying and blocking long after a cut: with a process of its own it
        # disturbs nobody.
        window = (ProcessWindow if process or path else LiveWindow)(self, name, identity)
        self.loop.run_until_complete(window.start(path))
        self._windows.append(window)
        return window

    def dial(self, identity: str = "u1", resume: str = "", ttl_us: int = HOUR) -> AnyWire:
        wire = LiveWire(self.loop, self.url, self.token(identity, ttl_us), resume)
        self._wires.append(wire)
        return wire

    def run_for(self, duration_us: int) -> None:
        self.loop.run_until_complete(asyncio.sleep(duration_us / SECOND))

    async def _poll(self) -> None:
        while True:
            # A server that is away, or off its network, lists nobody.
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                self._polled.append(await self._look())
            await asyncio.sleep(_POLL_S)

    async def _look(self) -> tuple[tuple[str, str], ...]:
        return tuple(one for one in await self._service.listed() if one[0] != WITNESS)

    def listed(self) -> tuple[tuple[str, str], ...]:
        return self.loop.run_until_complete(self._look())

    def polled(self) -> list[tuple[tuple[str, str], ...]]:
        return self._polled

    def facts(self, identity: str = "u1") -> list[Fact]:
        number = numbering()
        facts = []
        # What happened just now is in the log in a moment.
        self.run_for(_LOG_US)
        lines = [
            one
            for one in self._log.lines
            if one["room"] == self._room and one["participant"] == identity
        ]
        failed = failed_attempts(lines)
        for said in [one for one in lines if one.get("participantID") not in failed]:
            closing = said["msg"] == "participant closing"
            presence = Presence.LEFT if closing else BEGINNINGS.get(said["msg"])
            if presence is None:
                continue
            reason = REASONS.get(said["reason"], Reason.UNKNOWN) if closing else Reason.UNKNOWN
            session = number(said["participantID"])
            facts.append(
                Fact(int((said["ts"] - self._started_wall_s) * SECOND), session, presence, reason)
            )
        return facts

    def told(self, identity: str = "u1") -> list[Told]:
        number = numbering()
        return [
            Told(at_us, number(sid), source, what)
            for at_us, who, sid, source, what in self._told
            if who == identity
        ]

    def hooks(self, identity: str = "") -> list[Hook]:
        assert self._hooks is not None, "a server of its own sends no webhooks"
        number = numbering()
        hooks = []
        for at_s, notice in self._hooks.notices:
            if (notice.room, notice.identity) == (self._room, identity):
                session = number(notice.sid)
                hooks.append(
                    Hook(
                        int((at_s - self._started_s) * SECOND), notice.name, session, notice.reason
                    )
                )
        return hooks

    def remove_participant(self, identity: str) -> None:
        self.loop.run_until_complete(self._service.remove_participant(identity))

    def delete_room(self) -> None:
        self.loop.run_until_complete(self._service.delete_room())

    def mute(self, identity: str, source: Source, muted: bool) -> bool:
        return self.loop.run_until_complete(self._service.mute(identity, source, muted))

    def permit(self, identity: str, sources: tuple[Source, ...]) -> None:
        self.loop.run_until_complete(self._service.permit(identity, sources))

    def kill_server(self) -> None:
        self._server.kill()
        self._server.start_again()

    def stop_server(self) -> None:
        self._server.kill()

    def start_server(self) -> None:
        self._server.start_again()

    def unplug_server(self) -> None:
        self._server.unplug()

    def plug_in_server(self) -> None:
        self._server.plug_in()

    def terminate_server(self) -> None:
        self._server.terminate()

    def pause_server(self) -> None:
        self._server.pause()

    def unpause_server(self) -> None:
        self._server.unpause()

    def server_runs(self) -> bool:
        return self._server.runs()

    def end(self) -> None:
        """Let go of everything. Windows that never got through are given up, not waited for."""
        self.loop.run_until_complete(self._take_down())
        asyncio.set_event_loop(None)
        if asyncio.all_tasks(self.loop):
            _abandoned.append(self.loop)
        else:
            self.loop.close()

    async def _take_down(self) -> None:
        self._polling.cancel()
        await asyncio.gather(self._polling, return_exceptions=True)
        for wire in self._wires:
            await wire.end()
        await asyncio.gather(*(window.end() for window in self._windows))
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
        room.on("disconnected", lambda _: self._see_nobody())

    def _see_nobody(self) -> None:
        """The SDK says that the witness is out; what it then sees of others it does not say."""
        for one in self._witness.remote_participants.values():
            for publication in one.track_publications.values():
                self._tell_track(one, publication, TrackState.UNPUBLISHED)
            self._told.append((self.now_us, one.identity, one.sid, None, Presence.LEFT))

    def _tell_track(self, one: Any, other: Any, what: TrackState) -> None:
        person, publication = (one, other) if hasattr(one, "identity") else (other, one)
        if what is TrackState.PUBLISHED and publication.muted:
            what = TrackState.PUBLISHED_MUTED
        self._told.append(
            (self.now_us, person.identity, person.sid, _SOURCES[publication.source], what)
        )
