"""The LiveKit server: its connections, its rooms, the calls of an admin, and faults of its process.

Rules: one node, all state in memory. The first message of a connection, a join or a resume, decides
how it is answered. Modelled after LiveKit v1.13.5 (rtcservice.go, roommanager.go, roomservice.go).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.choices.choices import Choices
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
from oneroom_fakes.sfu import duplicate_identity
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
    SdpOffer,
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
    """The server. Windows call `accept`; scenarios call the admin's methods and the faults of the
    process.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, observer: Observer, timers: SfuTimers
    ) -> None:
        self._context = ServerContext(scheduler, choices, observer, timers)
        self.remotes = RemoteParticipants(self._context, self._reachable_room)
        self._rooms: dict[str, SfuRoom] = {}
        self._connections: list[SignalConnection] = []
        self._paths: list[NetworkPath] = []  # of all clients that have ever connected
        # rooms that a kill has ended, whose witness waits for the server
        self._crashed_rooms: list[SfuRoom] = []
        self._up_at_us = 0
        self._draining = False
        self._plugged = True

    @property
    def webhooks(self) -> Webhooks:
        """The server's webhooks; set `on_event` of them to receive the events."""
        return self._context.webhooks

    @property
    def process(self) -> ServerProcess:
        """The server's process, which runs its timers and handles its messages."""
        return self._context.process

    def accept(self, connection: TcpConnection) -> None:
        """Take the server's end of `connection`, which a client is about to open."""
        self._connections = [one for one in self._connections if one.connection.server_open]
        self._connections.append(SignalConnection(self, connection))
        if connection.path not in self._paths:
            self._paths.append(connection.path)
        if self.process.is_paused:
            connection.path.set_server_running(False)
        # Set without `unplug`: a connection that is not open yet is refused, not reset.
        connection.path.plugged = self._plugged

    def remove_participant(self, identity: str, room: str = "") -> None:
        """RoomService.RemoveParticipant in `room`, or in every room. The token stays valid."""
        for session in self._sessions(identity, room):
            session.close(Reason.PARTICIPANT_REMOVED, LeaveAction.DISCONNECT)

    def delete_room(self, room: str = "") -> None:
        """RoomService.DeleteRoom for `room`, or for every room. A later join creates a new one."""
        for name in tuple(self._rooms):
            if room in ("", name):
                self._rooms.pop(name).expel(Reason.ROOM_DELETED)

    def permit(self, identity: str, sources: tuple[Source, ...], room: str = "") -> None:
        """RoomService.UpdateParticipant with a permission: what `identity` may publish."""
        for session in self._sessions(identity, room):
            session.permit(sources)

    def mute(
        self,
        identity: str,
        source: Source,
        muted: bool,
        room: str = "",
        *,
        enable_remote_unmute: bool = False,
    ) -> bool:
        """RoomService.MutePublishedTrack. Return False for a request to unmute, which has no effect
        unless the server's config has `enable_remote_unmute` (seen).
        """
        if not muted and not enable_remote_unmute:
            return False
        for session in self._sessions(identity, room):
            session.mute_from_above(source, muted)
        return True

    def stop_forwarding(self, identity: str) -> None:
        """The subscriptions of `identity` are stuck, in every room, until it joins anew."""
        for session in self._sessions(identity, ""):
            session.stop_forwarding()

    def pause(self) -> None:
        """Stop the process (`docker pause`): connections are accepted, nothing is answered, no
        media flows.
        """
        self.process.pause()
        for path in self._paths:
            path.set_server_running(False)

    def unpause(self) -> None:
        """Continue the process, which first handles what has come in meanwhile, even if the sender
        has given up.
        """
        for path in self._paths:
            path.set_server_running(True)
        self.process.unpause()

    def terminate(self) -> None:
        """SIGTERM. The first one begins a drain: the server waits until all have left, and still
        accepts joins (seen). The second one ends it: all sessions are closed with SERVER_SHUTDOWN.
        A drain never ends by itself here, because the witness stays.
        """
        if not self._draining:
            self._draining = True
            return
        self._up_at_us = NEVER_US
        rooms = tuple(self._rooms.values())
        self._rooms.clear()
        for room in rooms:
            room.expel(Reason.SERVER_SHUTDOWN)
        for one in self._connections:
            one.connection.close_server(CLOSED_ABNORMALLY)
        self._connections.clear()

    def unplug(self) -> None:
        """Take the server off its network (`docker network disconnect`): it keeps running and
        notices nothing; clients lose their connections at once and are refused, and no media flows.
        """
        self._plugged = False
        for path in self._paths:
            path.unplug()
        for room in self._rooms.values():
            room.unplugged()

    def plug_in(self) -> None:
        """Put the server back under its old address, with the sessions that it still lists."""
        self._plugged = True
        for path in self._paths:
            path.plug_in()
        for room in self._rooms.values():
            room.plugged_in()
        self.remotes.come_back()

    def restart(self, down_us: int = 0) -> None:
        """SIGKILL, and a start `down_us` later: rooms are lost, no Leave is sent, connections
        break.
        """
        self.stop()
        self._up_at_us = self._context.scheduler.now_us + down_us
        self._context.scheduler.after(down_us, self._witnesses_rejoin, None)

    def start(self) -> None:
        """Start the server after `stop`, without rooms. Does nothing if it is up."""
        if not self.is_up():
            self._up_at_us = self._context.scheduler.now_us
            self._witnesses_rejoin(None)

    def stop(self) -> None:
        """SIGKILL without a restart: rooms are lost, no Leave is sent, connections break and new
        ones are refused.
        """
        self._up_at_us = NEVER_US
        self._draining = False
        self.process.end()
        for path in self._paths:
            path.set_server_running(True)
        connections, self._connections = self._connections, []
        rooms = tuple(self._rooms.values())
        self._rooms.clear()
        for one in connections:
            one.connection.close_server(CLOSED_ABNORMALLY)
        for room in rooms:
            room.crash()
        self._crashed_rooms += rooms

    def listed(self, room: str) -> tuple[tuple[str, str], ...]:
        """RoomService.ListParticipants: (identity, sid) of each participant but the witness."""
        present = self._rooms.get(room)
        return (
            ()
            if present is None
            else tuple((one.identity, one.sid) for one in present.sessions.values())
        )

    def longest_ghost_us(self) -> int:
        """An upper bound on how long a present session may stay listed after its client is gone,
        and until the last participant is told.
        """
        timers = self._context.timers
        sessions = (session for room in self._rooms.values() for session in room.sessions.values())
        unanswered_us = (
            timers.never_answered_us if any(one.waits_for_answer() for one in sessions) else 0
        )
        return (
            max(timers.media_failed_us + timers.ghost_after_failure_us, unanswered_us)
            + timers.update_batch_us
        )

    def end(self) -> None:
        """The run is over: drop all references."""
        for room in self._rooms.values():
            room.end()
        self._rooms.clear()
        self._crashed_rooms.clear()
        self.remotes.end()
        self._connections.clear()
        self._paths.clear()
        self.process.end()

    # Calls of its connections.

    def is_up(self) -> bool:
        """True while the process exists and listens."""
        return self._context.scheduler.now_us >= self._up_at_us

    def is_reached(self) -> bool:
        """True if a new connection reaches the server now."""
        return self.is_up() and self._plugged

    def claims(self, token: str) -> tokens.Claims | None:
        """The claims of `token`, or None if it has expired."""
        claims = tokens.parse(token)
        leeway_us = self._context.timers.token_leeway_us
        return claims if self._context.scheduler.now_us <= claims.expires_us + leeway_us else None

    def join(
        self, claims: tokens.Claims, request: JoinRequest, connection: TcpConnection
    ) -> ParticipantSession:
        """A join (`reconnect=0`); see `oneroom_fakes.sfu.duplicate_identity` for one that is not
        the first of its identity.
        """
        return self._room(claims.room).join(claims, request, connection)

    def loses_race(self, claims: tokens.Claims) -> bool:
        """True if a join has to start over, having come just after another one of its identity."""
        room = self._rooms.get(claims.room)
        return room is not None and room.loses_race(claims.identity)

    def start_over(self, join: Callable[[JoinRequest], None], request: JoinRequest) -> None:
        """Call `join` again for a `request` that lost the race."""
        delay_us = duplicate_identity.rejoin_delay_us(self._context)
        self._context.scheduler.after(delay_us, join, request)

    def resume(
        self, claims: tokens.Claims, request: ResumeRequest, connection: TcpConnection
    ) -> ParticipantSession | None:
        """A resume (`reconnect=1`). None if there is no session of that identity; the client is
        told to restart.
        """
        # A refused resume creates the room, too (seen).
        session = self._room(claims.room).resume(claims.identity, request, connection)
        if session is None:
            connection.send_down(LeaveRequest(Reason.STATE_MISMATCH, LeaveAction.RECONNECT))
            connection.close_server(CLOSED_NORMALLY)
        return session

    def _witnesses_rejoin(self, _: None) -> None:
        """The server is back: each witness finds itself in an empty room, and the remote
        participants join anew.
        """
        if self.is_up():
            crashed, self._crashed_rooms = self._crashed_rooms, []
            for room in crashed:
                room.witness_gone()
            self.remotes.come_back()

    def _reachable_room(self, channel: str) -> RemoteParticipantListener | None:
        return self._room(channel) if self.is_reached() else None

    def _sessions(self, identity: str, room: str) -> list[ParticipantSession]:
        """The sessions of `identity` in `room`, or in every room."""
        rooms = [one for one in self._rooms.values() if room in ("", one.name)]
        return [one.sessions[identity] for one in rooms if identity in one.sessions]

    def _room(self, name: str) -> SfuRoom:
        room = self._rooms.get(name)
        if room is None:
            room = self._rooms[name] = SfuRoom(self._context, name)
        return room


class SignalConnection:
    """The server's end of one signalling connection, and the session that it belongs to."""

    def __init__(self, sfu: Sfu, connection: TcpConnection) -> None:
        self.connection = connection
        self._sfu = sfu
        self._session: ParticipantSession | None = None
        connection.accept(self._received)

    def _received(self, message: Any) -> None:
        if isinstance(message, TcpSyn):
            # The kernel answers, even while the process is paused.
            self._accept()
        else:
            self._sfu.process.run(self._handle, message)

    def _handle(self, message: Any) -> None:
        match message:
            case JoinRequest() | ResumeRequest():
                self._admit(message)
            case Closed():
                if self._session is not None:
                    self._session.signal_closed(self.connection)
            case _:
                if self._session is not None:
                    self._forward(self._session, message)

    def _accept(self) -> None:
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
            if self._sfu.loses_race(claims):
                self._sfu.start_over(self._admit_again, request)
            else:
                self._session = self._sfu.join(claims, request, self.connection)
        else:
            self._session = self._sfu.resume(claims, request, self.connection)

    def _admit_again(self, request: JoinRequest) -> None:
        """Admit a join that starts over, unless its client or the server has closed."""
        if self.connection.server_open:
            self._admit(request)

    def _forward(self, session: ParticipantSession, message: Any) -> None:
        match message:
            case SdpAnswer():
                session.answer()
            case AddTrackRequest():
                session.add_track(message.cid, message.source, message.muted)
            case MuteTrackRequest():
                session.mute_track(message.sid, message.muted)
            case RemoveTrack():
                session.remove_track(message.sid)
            case SdpOffer():
                session.offer(message.sids)
            case SyncState():
                session.sync(message.tracks)
            case SimulateScenario():
                session.simulate(message.scenario)
            case LeaveRequest():
                # The answer to the client's Leave, on the same connection (participant.go).
                session.close(Reason.CLIENT_INITIATED, LeaveAction.DISCONNECT)
