"""One room on the server: its participants, and what each is told about the others (LiveKit
v1.13.5 rtc/room.go).

Rules: one participant per identity; a second join of it is handled in `duplicate_identity`. Updates
are timed by `updates`, active speakers by `speakers`.
"""

from __future__ import annotations

from oneroom.choices.labels import Label
from oneroom.core.reasons import Reason
from oneroom_fakes.network import CLOSED_NORMALLY, TcpConnection
from oneroom_fakes.sfu import duplicate_identity, witness
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.participant_session import ParticipantSession
from oneroom_fakes.sfu.remote_participants import RemoteParticipant
from oneroom_fakes.sfu.signal_messages import (
    JoinRequest,
    JoinResponse,
    LeaveAction,
    ParticipantInfo,
    ParticipantState,
    ReconnectResponse,
    ResumeRequest,
    SpeakersChanged,
)
from oneroom_fakes.sfu.speakers import Speakers
from oneroom_fakes.sfu.updates import Updates
from oneroom_fakes.tokens import Claims


class SfuRoom:
    """A room, its sessions by identity, and its witness, who joined first."""

    def __init__(self, context: ServerContext, name: str) -> None:
        self.name = name
        self.sessions: dict[str, ParticipantSession] = {}
        self.remotes: dict[str, RemoteParticipant] = {}
        self.speakers = Speakers(context, self)
        self._context = context
        self._witness = witness.Witness(context.observer)
        self._updates = Updates(context, self._send_updates)
        context.webhooks.send("room_started")

    # Joins and resumes.

    def join(
        self, claims: Claims, request: JoinRequest, connection: TcpConnection
    ) -> ParticipantSession:
        """Start a session for the identity of `claims`; an older one of it is removed before."""
        identity = claims.identity
        duplicate_identity.remove_older(self.sessions.get(identity))
        others = self._participants()
        session = ParticipantSession(
            self._context,
            self,
            identity,
            request.window,
            request.peer_connection,
            connection,
            claims.sources,
        )
        self.sessions[identity] = session
        self._context.observer.room_joined(session.sid, self.name)
        connection.send_down(JoinResponse(identity, session.sid, others))
        self.announce(session)
        return session

    def loses_race(self, identity: str) -> bool:
        """True if a join of `identity` loses a race with the one just before it."""
        return duplicate_identity.loses_race(
            self._context, self.sessions.get(identity), self._send_updates
        )

    def resume(
        self, identity: str, request: ResumeRequest, connection: TcpConnection
    ) -> ParticipantSession | None:
        """Attach `connection` to the session that has `identity`, whatever its sid; None if there
        is no such session.
        """
        session = self.sessions.get(identity)
        if session is not None:
            if not session.answers_resume():
                connection.close_server(CLOSED_NORMALLY)
                return session
            connection.send_down(ReconnectResponse(self._participants()))
            session.resume(connection, request.window, request.peer_connection)
        return session

    # The end of the room, and of the server's network.

    def expel(self, reason: Reason) -> None:
        """End the room: every participant is sent a Leave, the witness too. A server that shuts
        down may end before a Leave is out (seen on a busy machine); its client finds the connection
        broken.
        """
        for session in tuple(self.sessions.values()):
            told = (
                reason is not Reason.SERVER_SHUTDOWN
                or self._context.choices.draw(Label.LAST_WORDS, 4) < 3
            )
            session.close(reason, LeaveAction.DISCONNECT if told else None)
        for remote in tuple(self.remotes.values()):
            remote.channel = remote.sid = ""
            self._report(remote, there=False)
        self.remotes.clear()
        self._witness.expelled()
        self._updates.end()
        self.speakers.end()
        # There is no such webhook when the server shuts down (seen).
        if reason is not Reason.SERVER_SHUTDOWN:
            self._context.webhooks.send("room_finished")

    def crash(self) -> None:
        """End the room with its server's process: no participant is told anything."""
        self._updates.end()
        self.speakers.end()
        for session in tuple(self.sessions.values()):
            session.crash()
        for remote in self.remotes.values():
            remote.sid = ""
            self._report(remote, there=False)

    def witness_gone(self) -> None:
        """The witness finds itself in an empty room."""
        self._witness.expelled()

    def unplugged(self) -> None:
        """The server is off its network, so the witness sees nobody."""
        self._witness.cut_off()

    def plugged_in(self) -> None:
        """The server is back on its network, and the witness with it."""
        self._witness.back(tuple(session.info() for session in self.sessions.values()))

    def end(self) -> None:
        """The run is over: drop all references."""
        for session in self.sessions.values():
            session.end()
        self.sessions.clear()
        self.remotes.clear()
        self._updates.end()
        self.speakers.end()

    # Reports of its sessions: see `oneroom_fakes.sfu.participant_session.ParticipantListener`.

    def unlist(self, session: ParticipantSession) -> None:
        """See the protocol."""
        if self.sessions.get(session.identity) is session:
            del self.sessions[session.identity]

    def announce(self, session: ParticipantSession, at_once: bool = False) -> None:
        """See the protocol."""
        self._updates.push(session.info(), at_once=at_once)

    def announce_closed(self, session: ParticipantSession, reason: Reason) -> None:
        """See the protocol."""
        self._updates.push(session.info(), duplicate_identity.is_close_notify_skippable(reason))

    def subscribed(self, session: ParticipantSession) -> None:
        """See the protocol."""
        if now := self.speakers.now().changes:
            session.send_speakers(SpeakersChanged(now))

    def simulate_speaker(self, session: ParticipantSession) -> None:
        """See the protocol."""
        self.speakers.simulate(session.sid)

    # Reports of the remote participants: see
    # `oneroom_fakes.sfu.remote_participants.RemoteParticipantListener`.

    def remote_joined(self, remote: RemoteParticipant) -> None:
        """See the protocol."""
        self.remotes[remote.identity] = remote
        self.remote_changed(remote)

    def remote_changed(self, remote: RemoteParticipant) -> None:
        """See the protocol."""
        self._report(remote)
        self._updates.push(remote.info())

    def remote_left(self, remote: RemoteParticipant) -> None:
        """See the protocol."""
        if self.remotes.pop(remote.identity, None) is not None:
            remote.tracks = {}
            self._report(remote, there=False)
            self._updates.push(remote.info(ParticipantState.DISCONNECTED))

    def speech_changed(self) -> None:
        """See the protocol."""
        self.speakers.listen()

    # Calls of its speakers: see `oneroom_fakes.sfu.speakers.AudioRoom`.

    def voices(self) -> dict[str, bool]:
        """See the protocol."""
        return {remote.sid: remote.speaks() for remote in self.remotes.values()}

    def send_speakers(self, message: SpeakersChanged) -> None:
        """See the protocol."""
        changed = dict(message.changes)
        for remote in self.remotes.values():
            if remote.sid in changed:
                self._report(remote)
        for session in tuple(self.sessions.values()):
            session.send_speakers(message)

    def _send_updates(self, infos: tuple[ParticipantInfo, ...]) -> None:
        """Send `infos` to everybody but the participant that each is about."""
        for session in self.sessions.values():
            session.send_update(infos)
        for info in infos:
            self._witness.told(info)

    def _report(self, remote: RemoteParticipant, there: bool = True) -> None:
        shown = remote.shown(self.speakers.speaks(remote.sid))
        self._context.observer.remote(self.name, shown, there)

    def _participants(self) -> tuple[ParticipantInfo, ...]:
        remotes = (remote.info() for remote in self.remotes.values())
        return (witness.INFO, *(session.info() for session in self.sessions.values()), *remotes)
