"""One room on the server: who is in it. What counts as a duplicate is decided here, in `join`.

Rules: one participant per identity, whatever the sids (LiveKit v1.13.5 roommanager.go StartSession
keeps a map by identity).
"""

from __future__ import annotations

from oneroom.choices.labels import Label
from oneroom.core.reasons import Reason
from oneroom_fakes.network import CLOSED_NORMALLY, TcpConnection
from oneroom_fakes.sfu import witness
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.participant_session import ParticipantSession
from oneroom_fakes.sfu.remote_participants import RemoteParticipant
from oneroom_fakes.sfu.signal_messages import (
    JoinRequest,
    JoinResponse,
    LeaveAction,
    ParticipantInfo,
    ParticipantState,
    ParticipantUpdate,
    ReconnectResponse,
    ResumeRequest,
    SpeakersChanged,
)
from oneroom_fakes.sfu.speakers import Speakers
from oneroom_fakes.sfu.updates import Audience, Updates


class SfuRoom(Audience):
    """A room and its witness, who was there first."""

    def __init__(self, context: ServerContext, name: str) -> None:
        self.name = name
        self.sessions: dict[str, ParticipantSession] = {}
        self.remotes: dict[str, RemoteParticipant] = {}
        self.speakers = Speakers(context, self)
        self._context = context
        self._witness = witness.Witness(context.observer)
        self._updates = Updates(context, self)
        context.webhooks.send("room_started")

    def join(
        self, identity: str, request: JoinRequest, connection: TcpConnection
    ) -> ParticipantSession:
        """A new session. An older one of that identity is removed first, and told before the
        newcomer is answered.
        """
        older = self.sessions.get(identity)
        if older is not None:
            older.close(Reason.DUPLICATE_IDENTITY, LeaveAction.DISCONNECT)
        others = self._roster()
        session = ParticipantSession(
            self._context, self, identity, request.window, request.peer_connection, connection
        )
        self.sessions[identity] = session
        connection.send_down(JoinResponse(identity, session.sid, others))
        self.announce(session)
        return session

    def overtakes(self, identity: str) -> bool:
        """Whether a join of `identity` is overtaken now by the one before it: inside the server it
        finds the identity taken, ends as `JOIN_FAILURE` under a sid that nobody was told of, and
        has to begin again. Its farewell may reach the others all the same, up to a batch later, who
        take it for that of the session that is there (seen).
        """
        older = self.sessions.get(identity)
        timers = self._context.timers
        if older is None or self._context.scheduler.now_us > older.joined_us + timers.join_race_us:
            return False
        race = self._context.choices.draw(Label.JOIN_RACE, 4)
        if race == 3:
            farewell = ParticipantInfo(
                identity, "", older.serial, ParticipantState.DISCONNECTED, False, ()
            )
            delay_us = self._context.choices.between(Label.LATENCY, 0, timers.update_batch_us)
            self._context.scheduler.after(delay_us, self._witness.told, farewell)
        return race >= 2

    def resume(
        self, identity: str, request: ResumeRequest, connection: TcpConnection
    ) -> ParticipantSession | None:
        """Attach `connection` to whatever session has that identity, or None. The request's sid is
        not compared.
        """
        session = self.sessions.get(identity)
        if session is not None:
            if not session.answers_resume():
                connection.close_server(CLOSED_NORMALLY)
                return session
            connection.send_down(ReconnectResponse(self._roster()))
            session.resume(connection, request.window, request.peer_connection)
        return session

    def expel(self, reason: Reason) -> None:
        """The room ends: everybody is told, the witness too; but a process that ends may be faster
        than its last words (seen on a busy machine), and a client whose Leave is lost finds its
        connection broken.
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
        # Not at the end of the server (seen).
        if reason is not Reason.SERVER_SHUTDOWN:
            self._context.webhooks.send("room_finished")

    def crash(self) -> None:
        """The server died: nobody is told anything by it, and nothing of the room is left."""
        self._updates.end()
        self.speakers.end()
        for session in tuple(self.sessions.values()):
            session.close(Reason.SERVER_SHUTDOWN)
        for remote in self.remotes.values():
            remote.sid = ""
            self._report(remote, there=False)

    def witness_gone(self) -> None:
        """The witness finds itself in an empty room."""
        self._witness.expelled()

    def unplugged(self) -> None:
        """The server is off its network: the witness is as good as alone."""
        self._witness.cut_off()

    def plugged_in(self) -> None:
        """The witness is back."""
        self._witness.back(tuple(session.info() for session in self.sessions.values()))

    def end(self) -> None:
        """The run is over: let go of everything."""
        for session in self.sessions.values():
            session.peer_connection.close_server()
        self.sessions.clear()
        self.remotes.clear()
        self._updates.end()
        self.speakers.end()

    def unlist(self, session: ParticipantSession) -> None:
        """See `oneroom_fakes.sfu.participant_session.Home`."""
        if self.sessions.get(session.identity) is session:
            del self.sessions[session.identity]

    def announce(
        self, session: ParticipantSession, skippable: bool = False, at_once: bool = False
    ) -> None:
        """See `oneroom_fakes.sfu.participant_session.Home`."""
        self._updates.push(session.info(), skippable, at_once)

    def subscribed(self, session: ParticipantSession) -> None:
        """See `oneroom_fakes.sfu.participant_session.Home`."""
        if now := self.speakers.now().changes:
            session.tell_speakers(SpeakersChanged(now))

    def simulate_speaker(self, session: ParticipantSession) -> None:
        """See `oneroom_fakes.sfu.participant_session.Home`."""
        self.speakers.simulate(session.sid)

    def tell(self, infos: tuple[ParticipantInfo, ...]) -> None:
        """See `oneroom_fakes.sfu.updates.Audience`."""
        for session in self.sessions.values():
            session.tell(infos, ParticipantUpdate)
        for info in infos:
            self._witness.told(info)

    # The other people: see `oneroom_fakes.sfu.remote_participants.Hall` and
    # `oneroom_fakes.sfu.speakers.Hearers`.

    def enter(self, remote: RemoteParticipant) -> None:
        """See the protocol."""
        self.remotes[remote.identity] = remote
        self.tell_of(remote)

    def tell_of(self, remote: RemoteParticipant) -> None:
        """See the protocol."""
        self._report(remote)
        self._updates.push(remote.info())

    def part(self, remote: RemoteParticipant) -> None:
        """See the protocol."""
        if self.remotes.pop(remote.identity, None) is not None:
            remote.tracks = {}
            self._report(remote, there=False)
            self._updates.push(remote.info(ParticipantState.DISCONNECTED))

    def overhear(self) -> None:
        """See the protocol."""
        self.speakers.listen()

    def talking(self) -> dict[str, bool]:
        """See the protocol."""
        return {remote.sid: remote.talks() for remote in self.remotes.values()}

    def tell_speakers(self, message: SpeakersChanged) -> None:
        """See the protocol."""
        changed = dict(message.changes)
        for remote in self.remotes.values():
            if remote.sid in changed:
                self._report(remote)
        for session in tuple(self.sessions.values()):
            session.tell_speakers(message)

    def _report(self, remote: RemoteParticipant, there: bool = True) -> None:
        shown = remote.shown(self.speakers.speaks(remote.sid))
        self._context.observer.remote(self.name, shown, there)

    def _roster(self) -> tuple[ParticipantInfo, ...]:
        remotes = (remote.info() for remote in self.remotes.values())
        return (witness.INFO, *(session.info() for session in self.sessions.values()), *remotes)
