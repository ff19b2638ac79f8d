"""Runs written by hand: what happened, one line an event, for a check to judge or a report to show.

Rules: times are milliseconds of virtual time and never go back; nothing here knows what a check
makes of it. Every method appends one record and returns the history, so that lines chain; `n` is
the number of the record that was appended last; `because` and `then` give the next one a cause.
"""

from __future__ import annotations

from oneroom.core.actions import OWNER_LOCK
from oneroom.trace import chat_records as c
from oneroom.trace import people_records as p
from oneroom.trace import records as r
from oneroom.trace.trace import NO_CAUSE, SFU, WITNESS, WORLD, Trace


class History:
    """A run in which `main` (a main window) and `overlay`, or these windows, opened at 0 ms; none
    if it is `bare`.
    """

    def __init__(self, *windows: str, bare: bool = False) -> None:
        self.trace = Trace()
        self._cause = NO_CAUSE
        for window in () if bare else windows or ("main", "overlay"):
            self.life(window, r.Life.OPENED)

    @property
    def n(self) -> int:
        """The number of the record that was appended last."""
        return self.trace.n - 1

    def at(self, at_ms: float) -> History:
        """What follows happens then."""
        now_us = round(at_ms * 1_000)
        assert now_us >= self.trace.now_us, "time went back"
        self.trace.now_us = now_us
        return self

    def because(self, n: int) -> History:
        """Record `n` is the cause of the next one."""
        self._cause = n
        return self

    def then(self) -> History:
        """The record before is the cause of the next one."""
        return self.because(self.n)

    # -- steps and faults -------------------------------------------------------------------------

    def step(self, verb: str, window: str, line: int) -> History:
        return self._add(r.StepTaken(*self._head(window), self.name(verb), line))

    def fault(self, window: str, fault: str, on: bool) -> History:
        return self._add(r.FaultChanged(*self._head(window), self.name(fault), on))

    # -- windows ----------------------------------------------------------------------------------

    def life(self, window: str, life: r.Life) -> History:
        return self._add(r.LifeChanged(*self._head(window), life, window.startswith("main")))

    def turn(self, window: str) -> History:
        return self._add(r.TurnRan(*self._head(window)))

    def role(
        self, window: str, role: r.Role, term: int = 1, base: tuple[int, int] = (0, 0)
    ) -> History:
        return self._add(r.RoleChanged(*self._head(window), role, term, *base))

    def owner(self, window: str, term: int = 1, base: tuple[int, int] = (0, 0)) -> History:
        return self.role(window, r.Role.OWNER, term, base)

    def lock(self, window: str, change: r.LockChange) -> History:
        return self._add(r.LockChanged(*self._head(window), change, self.trace.intern(OWNER_LOCK)))

    def posts(self, window: str, kind: r.MessageKind, term: int, number: int = 0) -> History:
        return self._add(r.MessagePosted(*self._head(window), kind, term, 1, number))

    def hears(self, window: str, kind: r.MessageKind) -> History:
        return self._add(r.MessageDelivered(*self._head(window), kind))

    def misses(self, window: str, why: r.Loss) -> History:
        return self._add(r.MessageLost(*self._head(window), why))

    def beats(
        self, window: str, others: tuple[str, ...], term: int, start_ms: float, times: int
    ) -> History:
        """A heartbeat a second with its deliveries, each 5 ms later."""
        for beat in range(times):
            posted = self.at(start_ms + 1_000 * beat).posts(window, r.MessageKind.HEARTBEAT, term).n
            self.at(start_ms + 1_000 * beat + 5)
            for other in others:
                self.because(posted).hears(other, r.MessageKind.HEARTBEAT)
        return self

    def renders(
        self,
        window: str,
        term: int,
        number: int,
        channel: str = "lobby",
        connection: r.ConnectionState = r.ConnectionState.CONNECTED,
        muted: bool = False,
        share: r.Share = r.Share.OFF,
    ) -> History:
        head = self._head(window)
        shown = self.name(channel)
        return self._add(
            r.Rendered(*head, term, number, shown, connection, muted, share, 1, self.name(""))
        )

    def draws(self, window: str, *identities: str, looks: int = 0) -> History:
        """The window draws these other people from now on, beside whom it drew before."""
        for identity in identities:
            self._add(p.ParticipantDrawn(*self._head(window), self.name(identity), True, looks))
        return self

    def draws_no_more(self, window: str, identity: str) -> History:
        return self._add(p.ParticipantDrawn(*self._head(window), self.name(identity), False, 0))

    def remote(
        self, identity: str, channel: str = "lobby", there: bool = True, looks: int = 0
    ) -> History:
        """Somebody else in the channel, as the SFU has it."""
        return self._add(
            p.RemoteChanged(
                *self._head("sfu"), self.name(channel), self.name(identity), there, looks
            )
        )

    def tries_expired_token(self, window: str, epoch: int = 1) -> History:
        return self._add(r.ExpiredTokenTried(*self._head(window), epoch))

    # -- commands ---------------------------------------------------------------------------------

    def default_microphone(self, device: str) -> History:
        """Another microphone is the default one."""
        return self._add(p.DefaultMicrophoneChanged(*self._head("world"), self.name(device)))

    def uses(self, window: str, device: str) -> History:
        """The window's capture uses that microphone."""
        return self._add(p.MicrophoneUsed(*self._head(window), self.name(device)))

    def in_room(self, window: str, room: str, sid: str = "") -> History:
        """The session of the window is in that room."""
        names = (self.name(sid or f"PA_{window}"), self.name(room))
        return self._add(p.RoomJoined(*self._head("sfu"), *names))

    def asks_removal(self, window: str, *, by_app: bool) -> History:
        """RoomService is asked to remove the participant of `window`."""
        return self._add(p.RemovalRequested(*self._head("world"), self.name(window), by_app))

    def acts(self, window: str, action: str = "gesture", channel: str = "") -> History:
        return self._add(r.UserActed(*self._head(window), self.name(action), self.name(channel)))

    def issues(self, window: str, number: int, verb: r.CommandVerb, value: bool = False) -> History:
        return self._add(r.CommandIssued(*self._head(window), number, verb, value))

    def applies(
        self,
        window: str,
        verb: r.CommandVerb,
        value: bool = False,
        issuer: str = "",
        number: int = 1,
        term: int = 1,
        snapshot: int = 1,
    ) -> History:
        command = (self.name(issuer or window), number, verb, value)
        return self._add(r.CommandApplied(*self._head(window), *command, term, snapshot))

    def resolves(
        self, window: str, number: int, outcome: r.CommandOutcome = r.CommandOutcome.APPLIED
    ) -> History:
        return self._add(r.CommandResolved(*self._head(window), number, outcome))

    # -- the Room and the SFU ---------------------------------------------------------------------

    def room(
        self,
        window: str,
        state: r.RoomState,
        term: int = 1,
        epoch: int = 1,
        reason: r.Reason = r.Reason.UNKNOWN,
    ) -> History:
        return self._add(r.RoomChanged(*self._head(window), epoch, term, state, reason))

    def opens(self, window: str, term: int = 1, epoch: int = 1) -> History:
        """The window begins to open a Room."""
        return self.room(window, r.RoomState.OPENING, term, epoch)

    def closes(self, window: str, epoch: int = 1) -> History:
        """The window closes its Room."""
        return self.room(window, r.RoomState.CLOSING, epoch=epoch)

    def session(
        self,
        window: str,
        presence: r.Presence,
        sid: str = "",
        reason: r.Reason = r.Reason.UNKNOWN,
        identity: str = "ada",
    ) -> History:
        """Something happens to a session at the SFU; its sid is made from the window's name unless
        given.
        """
        names = (self.name(window), self.name(identity), self.name(sid or f"PA_{window}"))
        return self._add(r.PresenceChanged(*self._head("sfu"), *names, presence, reason))

    def joins(self, window: str, sid: str = "", identity: str = "ada") -> History:
        return self.session(window, r.Presence.JOINED, sid, identity=identity)

    def leaves(
        self,
        window: str,
        sid: str = "",
        reason: r.Reason = r.Reason.CLIENT_INITIATED,
        identity: str = "ada",
    ) -> History:
        return self.session(window, r.Presence.LEFT, sid, reason, identity)

    def track(self, window: str, source: r.Source, state: r.TrackState, sid: str = "") -> History:
        """Something happens to a track of a session at the SFU."""
        names = (self.name(window), self.name("ada"), self.name(sid or f"PA_{window}"))
        return self._add(r.TrackChanged(*self._head("sfu"), *names, source, state))

    def microphone(self, window: str, state: r.TrackState, sid: str = "") -> History:
        """Something happens to the microphone track of a session at the SFU."""
        return self.track(window, r.Source.MICROPHONE, state, sid)

    def muted_by_others(
        self, window: str, source: r.Source = r.Source.MICROPHONE, muted: bool = True
    ) -> History:
        """The window is told that somebody else has muted its track."""
        return self._add(p.TrackMuted(*self._head(window), source, muted))

    def permitted(self, window: str, *sources: r.Source) -> History:
        """The window is told that it may publish these sources alone."""
        may = [source in sources for source in r.Source]
        return self._add(p.PermissionChanged(*self._head(window), *may))

    def media(self, window: str, uplink: bool = True, downlink: bool = True) -> History:
        """Packets of the window's session pass these ways from now on."""
        names = (self.name(window), self.name("ada"), self.name(f"PA_{window}"))
        return self._add(r.MediaChanged(*self._head("sfu"), *names, uplink, downlink))

    def webhook(
        self, event: str, window: str, sid: str = "", reason: r.Reason = r.Reason.UNKNOWN
    ) -> History:
        """The application's server is told of a session."""
        names = (self.name(event), self.name("ada"), self.name(sid or f"PA_{window}"))
        return self._add(r.WebhookHeard(*self._head("witness"), *names, reason))

    def service(self, window: str, listed: bool = True, sid: str = "") -> History:
        """RoomService lists the session of a window, or no longer."""
        names = (self.name("ada"), self.name(sid or f"PA_{window}"))
        return self._add(r.ServiceListed(*self._head("witness"), *names, listed))

    def call(
        self, window: str, term: int = 1, epoch: int = 1, sid: str = "", muted: bool = False
    ) -> History:
        """A whole call of one window in one instant: Room, session and microphone."""
        self.opens(window, term, epoch).joins(window, sid).session(window, r.Presence.ACTIVE, sid)
        self.room(window, r.RoomState.CONNECTED, term, epoch)
        state = r.TrackState.PUBLISHED_MUTED if muted else r.TrackState.PUBLISHED
        return self.captures(window).microphone(window, state, sid)

    def captures(
        self, window: str, on: bool = True, source: r.Source = r.Source.MICROPHONE
    ) -> History:
        return self._add(r.CaptureChanged(*self._head(window), source, on))

    def prompts(
        self, window: str, up: bool = True, source: r.Source = r.Source.MICROPHONE
    ) -> History:
        return self._add(r.PromptChanged(*self._head(window), source, up))

    def witness(self, presence: r.Presence, sid: str, identity: str = "ada") -> History:
        names = (self.name(identity), self.name(sid))
        return self._add(r.WitnessSaw(*self._head("witness"), *names, presence))

    def sensed(self, sid: str, alive: bool, source: r.Source = r.Source.MICROPHONE) -> History:
        """Sound or a moving picture reaches the witness, or no more."""
        names = (self.name("ada"), self.name(sid))
        return self._add(r.WitnessSensed(*self._head("witness"), *names, source, alive))

    # -- the chat ---------------------------------------------------------------------------------

    def chat_socket(self, window: str, state: c.ChatSocketState, epoch: int = 1) -> History:
        return self._add(c.ChatSocketChanged(*self._head(window), epoch, state))

    def chats(self, *windows: str) -> History:
        """The windows have a chat."""
        for window in windows:
            self.chat_socket(window, c.ChatSocketState.OPENING).chat_socket(
                window, c.ChatSocketState.OPEN
            )
        return self

    def writes(self, window: str, number: int) -> History:
        return self._add(
            c.ChatWritten(*self._head(window), self.name(window), number, self.name("general"))
        )

    def stores(self, message: int, sender: str = "", number: int = 0) -> History:
        what = (self.name("general"), message, message, self.name(sender), number)
        return self._add(c.ChatStored(*self._head("chat server"), *what))

    def shows(self, window: str, *messages: int, channel: str = "general") -> History:
        for message in messages:
            self._add(c.ChatShown(*self._head(window), self.name(channel), message, message))
        return self

    def confirms(self, window: str, number: int, message: int) -> History:
        return self._add(c.ChatConfirmed(*self._head(window), number, message))

    # -- the end ----------------------------------------------------------------------------------

    def settles(self, faults: int = 0) -> History:
        """All steps are taken with so many faults still on; 10 s later the run ends."""
        self._add(r.Healed(*self._head("world"), faults))
        self.trace.now_us += 10_000_000
        return self._add(r.Settled(*self._head("world"), 10_000_000))

    def name(self, text: str) -> int:
        return self.trace.intern(text)

    def _head(self, where: str) -> tuple[int, int, int, int]:
        places = {"world": WORLD, "sfu": SFU, "witness": WITNESS}
        place = places[where] if where in places else self.name(where)
        return self.trace.n, self.trace.now_us, place, self._cause

    def _add(self, record: r.Record) -> History:
        self.trace.append(record)
        self._cause = NO_CAUSE
        return self
