"""The LiveKit server: it accepts connections, keeps rooms, and does what an admin asks.

Rules: one node, all state in memory. A connection is answered by what it says first: join, resume,
or nothing. Modelled after LiveKit v1.13.5 (rtcservice.go, roommanager.go, roomservice.go).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Observer
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes import tokens
from oneroom_fakes.network import (
    CLOSED_ABNORMALLY,
    CLOSED_NORMALLY,
    Closed,
    NetworkPath,
    TcpConnection,
)
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.participant_session import ParticipantSession
from oneroom_fakes.sfu.remote_participants import RemoteParticipantListener, RemoteParticipants
from oneroom_fakes.sfu.room import SfuRoom
from oneroom_fakes.sfu.server_process import ServerProcess
from oneroom_fakes.sfu.signal_messages import (
    AddTrackRequest,
    JoinRequest,
    LeaveAction,
    LeaveRequest,
    MuteTrackRequest,
    RemoveTrack,
    ResumeRequest,
    SdpAnswer,
    SimulateScenario,
    SyncState,
    TcpSyn,
    TcpSynAck,
    UpgradeRefused,
)
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.sfu.webhooks import Webhooks

HTTP_UNAUTHORIZED = 401
NEVER_US = 1 << 62


class Sfu:
    """The server: `accept` is for windows, the rest for scenarios: what an admin asks, and what
    befalls a process.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, observer: Observer, timers: SfuTimers
    ) -> None:
        self._context = ServerContext(scheduler, choices, observer, timers)
        self.remotes = RemoteParticipants(self._context, self._hall)
        self._rooms: dict[str, SfuRoom] = {}
        self._sockets: list[SignalConnection] = []
        self._paths: dict[int, NetworkPath] = {}  # of everybody who has ever connected
        # rooms that a kill has ended, whose witness waits for the server
        self._crashed_rooms: list[SfuRoom] = []
        self._up_at_us = 0
        self._draining = False
        self._plugged = True

    @property
    def webhooks(self) -> Webhooks:
        """Set its `hear` to be told what the application's server is told."""
        return self._context.webhooks

    @property
    def process(self) -> ServerProcess:
        """What its timers and its messages go through."""
        return self._context.process

    def accept(self, connection: TcpConnection) -> None:
        """A client is about to open `connection`."""
        self._sockets = [socket for socket in self._sockets if socket.connection.server_open]
        self._sockets.append(SignalConnection(self, connection))
        self._paths.setdefault(id(connection.path), connection.path)
        if self.process.standing_still:
            connection.path.stand_still(True)
        # Nothing hangs up on a connection that is not there yet: it is refused.
        connection.path.plugged = self._plugged

    def remove_participant(self, identity: str, room: str = "") -> None:
        """RoomService.RemoveParticipant in `room`, or wherever `identity` is. The token stays
        good.
        """
        for session in self._sessions(identity, room):
            session.close(Reason.PARTICIPANT_REMOVED, LeaveAction.DISCONNECT)

    def delete_room(self, room: str = "") -> None:
        """RoomService.DeleteRoom for `room`, or for every room. Whoever joins later makes a new
        one.
        """
        for name in tuple(self._rooms):
            if room in ("", name):
                self._rooms.pop(name).expel(Reason.ROOM_DELETED)

    def permit(self, identity: str, publish: bool, room: str = "") -> None:
        """RoomService.UpdateParticipant with a permission: whether `identity` may publish."""
        for session in self._sessions(identity, room):
            session.permit(publish)

    def mute(self, identity: str, source: Source, muted: bool, room: str = "") -> bool:
        """RoomService.MutePublishedTrack. It unmutes nobody (`room.enable_remote_unmute` is off):
        False then.
        """
        if not muted:
            return False
        for session in self._sessions(identity, room):
            session.mute_from_above(source)
        return True

    def pause(self) -> None:
        """Its process stands still (`docker pause`): connections are accepted, nothing is answered,
        no media flows.
        """
        self.process.pause()
        for path in self._paths.values():
            path.stand_still(True)

    def unpause(self) -> None:
        """It goes on, and works off what has come in meanwhile, whether anybody still waits for it
        or not.
        """
        for path in self._paths.values():
            path.stand_still(False)
        self.process.go_on()

    def terminate(self) -> None:
        """SIGTERM. The first begins a drain: it waits until all have left, and accepts who comes
        (seen). The second one ends it: everybody is told `SERVER_SHUTDOWN`. A drain never ends by
        itself here, because the witness stays.
        """
        if not self._draining:
            self._draining = True
            return
        self._up_at_us = NEVER_US
        rooms = tuple(self._rooms.values())
        self._rooms.clear()
        for room in rooms:
            room.expel(Reason.SERVER_SHUTDOWN)
        for socket in self._sockets:
            socket.connection.close_server(CLOSED_ABNORMALLY)
        self._sockets.clear()

    def unplug(self) -> None:
        """It is off its network (`docker network disconnect`), and runs on: clients lose their
        connections at once and are refused, no media flows, and it is told nothing of all that.
        """
        self._plugged = False
        for path in self._paths.values():
            path.unplug()
        for room in self._rooms.values():
            room.unplugged()

    def plug_in(self) -> None:
        """It is back under its old address, with the sessions that it still believes to have."""
        self._plugged = True
        for path in self._paths.values():
            path.plug_in()
        for room in self._rooms.values():
            room.plugged_in()
        self.remotes.come_back()

    def restart(self, down_us: int = 0) -> None:
        """SIGKILL, and back after `down_us`: rooms are forgotten, no Leave is sent, connections
        break.
        """
        self.stop()
        self._up_at_us = self._context.scheduler.now_us + down_us
        self._context.scheduler.after(down_us, self._witnesses_rejoin, None)

    def start(self) -> None:
        """After `stop`: it is back, with empty memory."""
        if not self.is_up():
            self._up_at_us = self._context.scheduler.now_us
            self._witnesses_rejoin(None)

    def stop(self) -> None:
        """SIGKILL, and it stays away: rooms are forgotten, no Leave is sent, connections break or
        are refused.
        """
        self._up_at_us = NEVER_US
        self._draining = False
        self.process.end()
        for path in self._paths.values():
            path.stand_still(False)
        sockets, self._sockets = self._sockets, []
        rooms = tuple(self._rooms.values())
        self._rooms.clear()
        for socket in sockets:
            socket.connection.close_server(CLOSED_ABNORMALLY)
        for room in rooms:
            room.crash()
        self._crashed_rooms += rooms

    def listed(self, room: str) -> tuple[tuple[str, str], ...]:
        """ListParticipants: (identity, sid) of each, the witness left out."""
        present = self._rooms.get(room)
        return (
            ()
            if present is None
            else tuple((one.identity, one.sid) for one in present.sessions.values())
        )

    def ghost_us(self) -> int:
        """How long a session of now may be listed at most although its client is gone, and the last
        one be told.
        """
        timers = self._context.timers
        sessions = (session for room in self._rooms.values() for session in room.sessions.values())
        unanswered_us = (
            timers.never_answered_us if any(one.waits_for_answer() for one in sessions) else 0
        )
        return max(timers.media_failed_us + timers.ghost_us, unanswered_us) + timers.update_batch_us

    def end(self) -> None:
        """The run is over: let go of everything."""
        for room in self._rooms.values():
            room.end()
        self._rooms.clear()
        self._crashed_rooms.clear()
        self.remotes.end()
        self._sockets.clear()
        self._paths.clear()
        self.process.end()

    # What a socket asks for.

    def is_up(self) -> bool:
        """The process runs and listens."""
        return self._context.scheduler.now_us >= self._up_at_us

    def is_reached(self) -> bool:
        """Whether a connection gets through to it now."""
        return self.is_up() and self._plugged

    def claims(self, token: str) -> tokens.Claims | None:
        """What `token` says, or None if it has expired."""
        claims = tokens.parse(token)
        leeway_us = self._context.timers.token_leeway_us
        return claims if self._context.scheduler.now_us <= claims.expires_us + leeway_us else None

    def join(
        self, claims: tokens.Claims, request: JoinRequest, connection: TcpConnection
    ) -> ParticipantSession:
        """`reconnect=0`."""
        return self._room(claims.room).join(claims.identity, request, connection)

    def overtakes(self, claims: tokens.Claims) -> bool:
        """Whether a join has to begin again, because another one of its identity and instant is in
        its way.
        """
        room = self._rooms.get(claims.room)
        return room is not None and room.overtakes(claims.identity)

    def later(self, run: Callable[[JoinRequest], None], request: JoinRequest) -> None:
        """What has to begin again does so in some milliseconds."""
        timers, context = self._context.timers, self._context
        delay_us = context.choices.between(
            Label.LATENCY, timers.join_again_low_us, timers.join_again_high_us
        )
        context.scheduler.after(delay_us, run, request)

    def resume(
        self, claims: tokens.Claims, request: ResumeRequest, connection: TcpConnection
    ) -> ParticipantSession | None:
        """`reconnect=1`. None if nobody of that identity is here: the client is told to restart."""
        # A refused resume creates the room, too (seen).
        session = self._room(claims.room).resume(claims.identity, request, connection)
        if session is None:
            connection.send_down(LeaveRequest(Reason.STATE_MISMATCH, LeaveAction.RECONNECT))
            connection.close_server(CLOSED_NORMALLY)
        return session

    def _witnesses_rejoin(self, _: None) -> None:
        """Each finds itself in an empty room, and everybody else comes back."""
        if self.is_up():
            crashed, self._crashed_rooms = self._crashed_rooms, []
            for room in crashed:
                room.witness_gone()
            self.remotes.come_back()

    def _hall(self, channel: str) -> RemoteParticipantListener | None:
        return self._room(channel) if self.is_reached() else None

    def _sessions(self, identity: str, room: str) -> list[ParticipantSession]:
        """The sessions of `identity` in `room`, or wherever it is."""
        rooms = [one for one in self._rooms.values() if room in ("", one.name)]
        return [one.sessions[identity] for one in rooms if identity in one.sessions]

    def _room(self, name: str) -> SfuRoom:
        room = self._rooms.get(name)
        if room is None:
            room = self._rooms[name] = SfuRoom(self._context, name)
        return room


class SignalConnection:
    """The server's end of one connection, and the session that it speaks for."""

    def __init__(self, sfu: Sfu, connection: TcpConnection) -> None:
        self.connection = connection
        self._sfu = sfu
        self._session: ParticipantSession | None = None
        connection.accept(self._received)

    def _received(self, message: Any) -> None:
        if isinstance(message, TcpSyn):
            # The kernel's business, whatever the process does.
            self._greet()
        else:
            self._sfu.process.run(self._heard, message)

    def _heard(self, message: Any) -> None:
        match message:
            case JoinRequest() | ResumeRequest():
                self._admit(message)
            case Closed():
                if self._session is not None:
                    self._session.signal_closed(self.connection)
            case _:
                if self._session is not None:
                    self._obey(self._session, message)

    def _greet(self) -> None:
        if self._sfu.is_reached():
            self.connection.send_down(TcpSynAck())
        else:
            self.connection.close_server(CLOSED_ABNORMALLY)

    def _admit(self, request: JoinRequest | ResumeRequest) -> None:
        claims = self._sfu.claims(request.token)
        if claims is None:
            self.connection.send_down(UpgradeRefused(HTTP_UNAUTHORIZED))
            self.connection.close_server(CLOSED_ABNORMALLY)
        elif isinstance(request, JoinRequest):
            if self._sfu.overtakes(claims):
                self._sfu.later(self._admit_again, request)
            else:
                self._session = self._sfu.join(claims, request, self.connection)
        else:
            self._session = self._sfu.resume(claims, request, self.connection)

    def _admit_again(self, request: JoinRequest) -> None:
        """Its client has waited, unless it has hung up or the server has ended."""
        if self.connection.server_open:
            self._admit(request)

    def _obey(self, session: ParticipantSession, message: Any) -> None:
        match message:
            case SdpAnswer():
                session.answer()
            case AddTrackRequest():
                session.add_track(message.cid, message.source, message.muted)
            case MuteTrackRequest():
                session.mute_track(message.sid, message.muted)
            case RemoveTrack():
                session.remove_track(message.sid)
            case SyncState():
                session.sync(message.tracks)
            case SimulateScenario():
                session.simulate(message.scenario)
            case LeaveRequest():
                # The echo: `Leave{CLIENT_INITIATED, DISCONNECT}` on the same connection
                # (participant.go).
                session.close(Reason.CLIENT_INITIATED, LeaveAction.DISCONNECT)
