"""An ownership: what a window does because it owns.

It keeps the call as the user intends it: applies commands, opens and closes the Room, publishes and
mutes, numbers and posts snapshots, sends heartbeats. Rules: nothing here decides who owns; every
effect carries the term of this ownership; intent reaches storage before its effect.
"""

from __future__ import annotations

from typing import ClassVar

from oneroom.core import devices, moderation, session
from oneroom.core.actions import (
    Arm,
    CommandApplied,
    Disarm,
    Post,
    Rendered,
    SetMuted,
    UserNotice,
    WriteLease,
)
from oneroom.core.commands import Applier, Sender, intend
from oneroom.core.config import Config
from oneroom.core.events import (
    CaptureEnded,
    CaptureFailed,
    CaptureStarted,
    DevicesChanged,
    Online,
    PermissionChanged,
    RoomConnected,
    RoomEnded,
    RoomEvent,
    RoomHealed,
    RoomLost,
    RosterChanged,
    Timer,
    TokenFailed,
    TokenReady,
    TrackMuted,
    WallClockJumped,
)
from oneroom.core.messages import CommandVerb, Heartbeat, Removed, Silenced, Snapshot
from oneroom.core.mirror import Mirror
from oneroom.core.outbox import Outbox
from oneroom.core.own_tracks import OwnTracks
from oneroom.core.reasons import FINAL, NOT_ADMITTED, Reason
from oneroom.core.session import Session
from oneroom.core.state import ConnectionState, Lease, Participant, Source, VoiceState

NO_TOKEN = "no token"
NO_CONNECTION = "no connection"

# What the user reads while a device that was captured is not there (W3C mediacapture-main,
# NotFoundError).
LOST = "NotFoundError"

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a
# message.
_IDLE = session.State.IDLE
_IN_ROOM = (session.State.OPEN, session.State.HEALING)
_NO_ROOM_YET = (_IDLE, session.State.MINTING)
_HEARTBEAT = Timer.HEARTBEAT


class Ownership(OwnTracks):
    """One for each window; idle while the window does not own. Times are monotonic microseconds of
    this window.
    """

    session_class: ClassVar[type[Session]] = Session
    applier_class: ClassVar[type[Applier]] = Applier

    def __init__(
        self, config: Config, out: Outbox, mirror: Mirror, *, writes_lease: bool, solo: bool
    ) -> None:
        self.config = config
        self.timings = config.timings
        super().__init__(out, self.session_class(out, config.timings))
        self.mirror = mirror
        self.writes_lease = writes_lease
        self.solo = solo
        self.applier = self.applier_class()
        self.number = 0
        self._me = config.instance_id
        self._main = config.main
        self._heartbeat_us = config.timings.heartbeat_us
        self.beat_number = 0
        self.sign_us = 0
        self.participants: tuple[Participant, ...] = ()
        self.pausing = False
        self.retry_us = config.timings.retry_us
        self.reclaimed = False
        # why somebody ended the call of which ownership, heard while this window did not own
        self.removal: tuple[Reason, int] | None = None
        self.base_term = 0  # the ownership whose call is gone on with, until the user decides anew

    # -- begin and end ----------------------------------------------------------------------------

    def begin(self, term: int, base_term: int, base: VoiceState, now_us: int) -> None:
        """Begin an ownership with the state that the previous one, of `base_term`, left."""
        # Storage does not say whether the owner in between got into the call.
        joined = base is not self.mirror.state or base.connection >= ConnectionState.CONNECTED
        as_known = base.applied == self.applier.applied() and not joined
        reason, ended_term = self.removal or (None, 0)
        self.term = term
        self.base_term = base_term
        self.number = 0
        self.reclaimed = False
        self.pausing = False
        self.retry_us = self.timings.retry_us
        self.error = ""
        self.participants = ()
        self.applier.inherit(base.applied)
        self.intent = base.intent
        self.share = self.share_class()
        if base.intent.share:
            self.intent = intend(self.intent, CommandVerb.TOGGLE_SCREEN_SHARE, False, "")
            self.share.move(devices.On.FORGET)
            self.out.add(
                UserNotice("screen sharing stopped with the window that shared: start it again?")
            )
        # what others have decided, if it is about the very call that would be opened now
        if reason is not None and (base_term == ended_term or as_known):
            self._give_up(reason)
        self.removal = None
        for source, room_term in self.silenced:
            if base_term == room_term or as_known:
                self._silence(source)
        self.silenced = []
        self.clicked = set()
        self.dirty = True
        self.send_heartbeat(now_us)

    def end(self) -> None:
        """Stop owning: close the Room and everything that captures."""
        for timer in (_HEARTBEAT, Timer.RETRY, Timer.RECLAIM):
            self.out.add(Disarm(timer))
        self.pausing = False
        self.share.move(devices.On.STOP)
        self._leave_room()

    def _leave_room(self) -> None:
        """End the session in every state, also while it is still connecting: the SDK ignores a kick
        during `connect()`.
        """
        self.session.unwant()

    def claim(self, term: int, number: int, base: VoiceState) -> None:
        """Write to storage that this window is about to own under `term`, beside the newest state
        that it knows: a frozen owner that wakes from a stall reads it in its first turn, however
        slow the bus is, and lets go.
        """
        me = self.config.instance_id
        self.out.add(WriteLease(Lease(term, me, 0, number, base.intent, base.applied)))

    def send_heartbeat(self, now_us: int) -> None:
        """Say "I am here" on the bus and, where the policy uses it, in storage."""
        if self.solo:
            return
        self.beat_number += 1
        self.post_heartbeat(now_us)
        if self.writes_lease:
            self._write_lease(self.number)
        self.out.actions.append(Arm(_HEARTBEAT, now_us + self._heartbeat_us))

    def post_heartbeat(self, now_us: int) -> None:
        """One heartbeat now: the answer to a probe, and to a zombie. It is the owner's sign of
        life.
        """
        self.sign_us = now_us
        out = self.out
        out.seq += 1
        out.actions.append(Post(Heartbeat(self._me, self.term, out.seq, self.number, self._main)))

    def post_snapshot(self) -> None:
        """The newest snapshot once more, for a mirror that missed it."""
        seq = self.out.next_seq()
        self.out.add(
            Post(Snapshot(self.config.instance_id, self.term, seq, self.number, self.mirror.state))
        )

    def answer_again(self) -> None:
        """A command that was applied before came again: its sender has missed the answer. A newer
        snapshot that is about to go out is one, too.
        """
        if not self.dirty:
            self.post_snapshot()

    # -- commands ---------------------------------------------------------------------------------

    def apply(
        self,
        instance_id: str,
        number: int,
        verb: CommandVerb,
        value: bool,
        channel: str,
        now_us: int,
    ) -> None:
        """Give effect to one command, exactly once: intent and storage first, then the Room."""
        before = self.intent
        self.applier.note(instance_id, number)
        self.intent = intend(before, verb, value, channel)
        self.dirty = True
        self._write_ahead()
        self.out.add(CommandApplied(instance_id, number, verb, value, self.term, self.number + 1))
        self.clicked.add(verb)
        if verb in (CommandVerb.CONNECT, CommandVerb.DISCONNECT):
            self._decided(verb)
        elif verb is CommandVerb.TOGGLE_MUTE:
            self._to_room(SetMuted(self.session.epoch, self.term, value))
        elif verb is CommandVerb.TOGGLE_CAMERA:
            self._switch(Source.CAMERA, value)
        else:
            self._share(value, now_us, here=instance_id == self._me)

    def apply_own(self, sender: Sender, now_us: int) -> None:
        """Apply a click of the user in this very window."""
        for command in list(sender.waiting):
            if self.applier.accepts(self._me, command.number, 0):
                self.apply(
                    self._me, command.number, command.verb, command.value, command.channel, now_us
                )
            sender.resolve_up_to(command.number)

    def _decided(self, verb: CommandVerb) -> None:
        """The user said where to be: what was being retried for the old wish is over."""
        self.error = ""
        self.base_term = 0
        self.resume()
        if verb is CommandVerb.DISCONNECT:
            self.share.move(devices.On.STOP)

    # -- the Room ---------------------------------------------------------------------------------

    def lacks_room(self) -> bool:
        """Return whether the user wants to be in a channel that this window has no Room for."""
        return bool(self.intent.channel) and not (
            self.session.state in _IN_ROOM and self.session.channel == self.intent.channel
        )

    def settle(self, now_us: int) -> None:
        """Make the session what the intent says."""
        wanted, session = self.intent.channel, self.session
        if session.state is not _IDLE and self._moved():
            self._cancel()
        if session.state is _IDLE:  # from the first, or because it only waited for a token
            if wanted and not self.pausing:
                session.want(wanted, self.term, now_us)
                self.dirty = True
            elif not wanted:
                session.token.drop()

    def _moved(self) -> bool:
        """Return whether the user is to be somewhere else than the session is."""
        return self.session.channel != self.intent.channel

    def _cancel(self) -> None:
        """End a session that the user no longer wants: whatever connect or reconnect is in flight
        goes with it.
        """
        self.session.unwant()
        self.dirty = True

    def reported(self, event: RoomEvent, now_us: int, *, owns: bool) -> None:
        """Handle a report of the SDK about the present session.

        A window that no longer owns only follows it to its end, and tells the others what somebody
        has done to it.
        """
        if not self.session.current(event.epoch):
            return
        self.dirty = True
        match event:
            case RoomConnected():
                if self.session.connected() and owns:
                    self.connected()
            case RoomHealed():
                self.session.connected()
            case RoomLost():
                self.session.lost()
            case RoomEnded(reason=reason):
                closed = self.session.ended()
                if owns and reason is not Reason.CLIENT_INITIATED:
                    self.ended(reason, now_us)
                elif owns and not closed:
                    # The SDK heard `beforeunload`: this document is about to go, or the user stays.
                    self._pause(Timer.RETRY, now_us + self.timings.retry_us)
                elif self._final(reason):
                    self._removed(reason)
            case RosterChanged(participants=participants):
                self.participants = participants
            case CaptureStarted(source=source):
                if owns:
                    self.captured(source)
            case CaptureFailed(source=source, error=error):
                self.capture_ended(source, error)
            case CaptureEnded(source=source):
                self.capture_ended(source, "" if source is Source.SCREEN_SHARE else LOST)
            case TrackMuted() if owns:
                self._muted_by_others(event.source, event.muted)
            case PermissionChanged() if owns:
                self._permitted(event.sources)
            case TrackMuted() | PermissionChanged():
                self._silenced(moderation.switched_off(event))

    def answered(self, event: TokenReady | TokenFailed, now_us: int, *, sure: bool) -> None:
        """Handle the application server's answer to a token request.

        An owner in doubt opens nothing with it: it starts anew once it knows.
        """
        token = self.session.token
        if isinstance(event, TokenReady):
            if token.minted(event.epoch, event.token, event.valid_us, now_us):
                if sure:
                    self.session.open(event.token)
                elif self.session.state is session.State.MINTING:
                    self.session.unwant()
                    self.dirty = True
                self._no_token(False)
        elif token.failed(event.epoch, now_us):
            self._no_token(True)
            if self.solo:
                self.session.ended()
                self.ended(Reason.JOIN_FAILURE, now_us)

    def _no_token(self, missing: bool) -> None:
        if missing is not (self.error == NO_TOKEN):
            self.error = NO_TOKEN if missing else ""
            self.dirty = True

    def connected(self) -> None:
        """The Room is there: publish what the user had on."""
        self.retry_us = self.timings.retry_us
        self.permitted = moderation.ALL_SOURCES  # the token's, and it is new
        self._publish_devices()

    def ended(self, reason: Reason, now_us: int) -> None:
        """The Room ended, and not because this owner closed it."""
        self.participants = ()
        self.share.move(devices.On.STOP)
        self.dirty = True
        if reason in NOT_ADMITTED:
            # in any case not worth a second try
            self.session.token.drop()
        if not self.intent.channel:
            return
        if self.solo or self._final(reason):
            self._give_up(reason)
        elif reason is Reason.DUPLICATE_IDENTITY:
            self._evicted(now_us)
        else:
            # The SDK has given up, or never got through: the user is told, and it is tried again
            # until the user leaves.
            self.error = NO_CONNECTION
            self._pause(Timer.RETRY, now_us + self.retry_us)
            self.retry_us = min(2 * self.retry_us, self.timings.retry_max_us)

    def _removed(self, reason: Reason) -> None:
        """A report to a window that does not own: somebody ended the call."""
        self.removal = reason, self.session.term
        if not self.solo:
            self._tell_removal(reason)

    def _tell_removal(self, reason: Reason) -> None:
        """Tell the others that somebody ended the call."""
        seq, room_term = self.out.next_seq(), self.session.term
        self.out.add(Post(Removed(self._me, self.term, seq, 0, reason, room_term)))

    def _silenced(self, sources: tuple[Source, ...]) -> None:
        """A report to a window that does not own: somebody has switched `sources` off."""
        self.silenced += [(source, self.session.term) for source in sources]
        if sources and not self.solo:
            self._tell_silence(sources)

    def _tell_silence(self, sources: tuple[Source, ...]) -> None:
        """Tell the others what somebody has switched off."""
        seq, room_term = self.out.next_seq(), self.session.term
        self.out.add(Post(Silenced(self._me, self.term, seq, 0, sources, room_term)))

    def hear_moderation(self, message: Removed | Silenced, *, owns: bool) -> None:
        """Another window says what somebody has done to a call. A window that is about to go on
        with it opens no Room if it was ended, and leaves off what was switched off. One that has
        its own Room was not meant: that is another session, which others can moderate.
        """
        goes_on = message.room_term == self.base_term and self.session.state in _NO_ROOM_YET
        if isinstance(message, Silenced):
            if not owns:
                self.silenced += [(source, message.room_term) for source in message.sources]
            elif goes_on:
                self._take_silence(message.sources)
        elif not owns:
            self.removal = message.reason, message.room_term
        elif goes_on:
            self._give_up(message.reason)
            self.dirty = True

    def _take_silence(self, sources: tuple[Source, ...]) -> None:
        """Take `sources` as switched off, but for what the user has clicked since."""
        for source in sources:
            if moderation.CLICKS[source] not in self.clicked:
                self._silence(source)
                self.dirty = True

    def _final(self, reason: Reason) -> bool:
        """Return whether this end of the Room is final: a user whom a moderator sent out, or whose
        room was deleted, is not connected again until the user asks.
        """
        return reason in FINAL

    def _evicted(self, now_us: int) -> None:
        """Handle a join of another session under our identity while we own.

        If it is a zombie of a lower term it must hear of us; then we take the Room back, once. A
        second retry would create an eviction loop, which only application code can build.
        """
        if self.reclaimed:
            self._give_up(Reason.DUPLICATE_IDENTITY)
            return
        self.reclaimed = True
        self.post_heartbeat(now_us)
        self._pause(Timer.RECLAIM, now_us + self.timings.reclaim_us)

    def _give_up(self, reason: Reason) -> None:
        self.error = reason.name.lower()
        self.session.token.drop()
        self.intent = intend(self.intent, CommandVerb.DISCONNECT, False, "")
        self._write_ahead()

    def _pause(self, timer: Timer, until_us: int) -> None:
        self.pausing = True
        self.out.add(Arm(timer, until_us))

    def noticed(
        self, event: WallClockJumped | Online | DevicesChanged, now_us: int, *, owns: bool
    ) -> None:
        """The machine has changed: its wall clock, its network, its devices."""
        match event:
            case WallClockJumped(by_us=by_us):
                self.session.token.age(by_us, now_us)
            case Online():
                self._hurry(now_us)
            case DevicesChanged():
                self.devices_changed(owns=owns)

    def _hurry(self, now_us: int) -> None:
        """There is a network again: what waits for its next try does not wait."""
        self.retry_us = self.timings.retry_us
        if self.error == NO_CONNECTION:
            self.resume()
        self.session.token.hurry(now_us)

    def resume(self) -> None:
        """The pause before the next attempt is over."""
        if self.pausing:
            self.pausing = False
            self.dirty = True
            self.out.add(Disarm(Timer.RETRY))
            self.out.add(Disarm(Timer.RECLAIM))

    # -- snapshots --------------------------------------------------------------------------------

    def publish(self) -> None:
        """Post a snapshot if it says something else than the last one."""
        self.dirty = False
        state = self._state()
        if self.number and state == self.mirror.state:
            return
        self.number += 1
        self.mirror.show(self.term, self.number, state)
        self.out.add(Rendered(self.term, self.number, state))
        if not self.solo:
            self.post_snapshot()

    def _state(self) -> VoiceState:
        return VoiceState(
            intent=self.intent,
            connection=session.SHOWN[self.session.state],
            participants=self.participants,
            share=devices.SHOWN[self.share.state],
            error=self.error,
            applied=self.applier.applied(),
        )

    # -- small change -----------------------------------------------------------------------------

    def _write_ahead(self) -> None:
        """Write the intent to storage before its effect, so that it survives a crash in the same
        instant.
        """
        self._write_lease(self.number + 1)

    def _write_lease(self, seq: int) -> None:
        if self.writes_lease:
            applied = self.applier.applied()
            lease = Lease(self.term, self._me, self.beat_number, seq, self.intent, applied)
            self.out.add(WriteLease(lease))
