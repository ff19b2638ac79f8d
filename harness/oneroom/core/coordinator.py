"""The owner machine of one window: `Coordinator.handle(event, now_us) -> actions`.

It joins the small machines: election and policy decide who owns, `Ownership` is what an owner does,
mirror and sender are what a follower has. One event goes in and all its actions come out, in order;
no event is an error; nothing here knows whether time is virtual.

Each turn first checks whether the window may still act on what it knew: an owner that did not run
for a lease fences itself before it looks at the event, because the SDK may have healed its Room
meanwhile.
"""

from __future__ import annotations

from typing import ClassVar

from oneroom.core.actions import Action, Arm, Became, QueryLock, Rendered, Role, UserNotice
from oneroom.core.commands import Sender, toggled
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import (
    DevicesChanged,
    Event,
    Froze,
    LeaseSeen,
    LockQueried,
    Online,
    PageHide,
    Received,
    Resumed,
    RoomEvent,
    Started,
    Timer,
    TimerFired,
    TokenFailed,
    TokenReady,
    UserCommand,
    UserGesture,
    WallClockJumped,
)
from oneroom.core.messages import (
    MODERATION,
    OF_ANY_TERM,
    Command,
    HandoffRequest,
    Heartbeat,
    Message,
    Probe,
    Resign,
    Snapshot,
)
from oneroom.core.mirror import Mirror, posted_long_ago
from oneroom.core.outbox import Outbox
from oneroom.core.ownership import Ownership
from oneroom.core.policy import OPEN_THE_MAIN_APP, Policy
from oneroom.core.self_check import SelfCheck, State
from oneroom.core.state import Lease

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a
# message.
_OWNER, _HANDING_OVER = Role.OWNER, Role.HANDING_OVER
_FOLLOWER, _CANDIDATE, _RETIRED = Role.FOLLOWER, Role.CANDIDATE, Role.RETIRED
_VALID, _STALE = State.VALID, State.STALE
_HEARTBEAT, _RESEND, _TOKEN = Timer.HEARTBEAT, Timer.RESEND, Timer.TOKEN
_RETRY, _RECLAIM = Timer.RETRY, Timer.RECLAIM

# Where a turn of every window passes, kinds are told apart by `type(...) is`: `isinstance` asks a
# struct's metaclass before it says no, and that costs as much as the turn of a follower who hears
# its owner.

_NOTHING: list[Action] = []


class Coordinator:
    """One window's machine. Drive it with `handle`; perform the returned actions in order and in
    the same turn. Its parts are made from the classes named here; a subclass may name others.
    """

    mirror_class: ClassVar[type[Mirror]] = Mirror
    sender_class: ClassVar[type[Sender]] = Sender
    ownership_class: ClassVar[type[Ownership]] = Ownership
    self_check_class: ClassVar[type[SelfCheck]] = SelfCheck

    def __init__(self, config: Config, policy: type[Policy]) -> None:
        self.config = config
        self.timings = config.timings
        self.out = Outbox()
        self.election = Election(config.instance_id)
        self.policy = policy(config, self.election, self.out)
        self.mirror = self.mirror_class(has_terms=policy.has_terms)
        self.sender = self.sender_class(config.instance_id, self.out, config.timings)
        self.ownership = self.ownership_class(
            config, self.out, self.mirror, writes_lease=policy.needs_storage, solo=policy.solo
        )
        self.last_lease = Lease()
        self._role = _FOLLOWER
        self._last_turn_us = -1  # there was none
        self._lease_us = config.timings.lease_us
        self._silence_us = policy.silence_us(config.timings)
        self._frozen = False
        self.self_check = self.self_check_class()

    def handle(self, event: Event, now_us: int) -> list[Action]:
        """One turn. `now_us` never goes backwards; the returned list is to be read, not to be
        changed.
        """
        election = self.election
        role = election.role
        if (
            role is _FOLLOWER
            and type(event) is Received
            and now_us - self._last_turn_us <= self._lease_us
        ):
            message, mirror = event.message, self.mirror
            if (
                type(message) is Heartbeat
                and message.instance_id == election.owner
                and message.term == mirror.term == election.term
                and message.number == mirror.number
            ):  # the common case: the owner that is known is there and has nothing new
                self._last_turn_us = election.heard_us = now_us
                return _NOTHING
        actions: list[Action] = []
        self.out.actions = actions
        owns = role is _OWNER or role is _HANDING_OVER
        alive_us = self.ownership.sign_us if owns else self._last_turn_us
        runs = role is _OWNER and not self._frozen
        if now_us - alive_us > (self._silence_us if runs else self._lease_us):
            self._after_gap(now_us)
        self._last_turn_us = now_us
        if type(event) is TimerFired:
            self._timer(event.timer, now_us)
        elif type(event) is Received:
            self._received(event.message, now_us)
        elif isinstance(event, RoomEvent):
            self.ownership.reported(event, now_us, owns=election.role is _OWNER)
            self._maybe_left(now_us)
        else:
            self._other(event, now_us)
        role = election.role
        if role is not self._role or (role is _OWNER and self.ownership.term != election.term):
            self._follow_role(now_us)
            role = election.role
        if role is _OWNER:
            if self.ownership.dirty and self.self_check.state is _VALID:
                self.ownership.settle(now_us)
                self.ownership.publish()
        elif self.policy.abandoned and self.mirror.put_out():
            self.out.add(Rendered(*self.mirror.shown, self.mirror.state))
        elif (
            self.sender.waiting
            and election.owner
            and self.sender.addressed != (election.owner, election.term)
        ):
            # there is a new owner: it gets at once what the old one has not answered
            self.sender.send(election.owner, election.term, now_us)
        return actions

    def watch_us(self) -> int:
        """Until when a follower's WATCH is put off: asked before it rings, so that no heartbeat has
        to move it.
        """
        election = self.election
        if election.role is _FOLLOWER and election.owner:
            return election.heard_us + self._lease_us
        return 0

    def epoch(self) -> int:
        """The number of the present session, from 1; 0 if there was none."""
        return self.ownership.session.epoch

    def _after_gap(self, now_us: int) -> None:
        """No sign of life for too long (a follower: no turn for a lease): what was true may be
        over. A frozen page can be asked, and an owner without a Room asks the lock manager. Any
        other owner closes its Room in this turn, before it believes anything; one of an election
        without terms goes on as if nothing had been.
        """
        if not self.policy.has_terms or self._last_turn_us < 0:
            return
        stood_still = now_us - self._last_turn_us > self._lease_us
        anew = stood_still or self.self_check.state is _VALID
        if self._frozen or self.election.role is _HANDING_OVER:
            self.self_check.begin(stood_still=stood_still)
        if self._frozen or not anew:
            return
        if self._has_nothing_to_leave():
            self.self_check.begin(stood_still=stood_still)
            self._confirm(now_us)
        elif self.policy.gap(now_us):
            self._follow_role(now_us)

    def _has_nothing_to_leave(self) -> bool:
        """Return whether this owner can make sure while it owns: it has a lock to ask about, and no
        Room that could be beside its successor's.
        """
        owns = self.election.role is _OWNER and self.policy.needs_lock
        return owns and self.ownership.session.idle()

    # -- roles ------------------------------------------------------------------------------------

    def _follow_role(self, now_us: int) -> None:
        """Do what follows from a change of role."""
        before, role = self._role, self.election.role
        self._role = role
        if role is _OWNER:
            self._begin_ownership(now_us)
            return
        self.out.add(Became(role, self.election.term))
        if before is _OWNER:
            self._end_ownership()
        if role is _HANDING_OVER:
            self._maybe_left(now_us)
        elif role is _FOLLOWER:
            self.policy.demoted(now_us)

    def _begin_ownership(self, now_us: int) -> None:
        term = self.election.term
        self.self_check.settle()  # whatever it doubted was an earlier ownership
        base_term, base_number, base = self.mirror.newest(self.last_lease)
        self.out.add(Became(_OWNER, term, base_term, base_number))
        self.ownership.begin(term, base_term, base, now_us)
        self._apply_waiting(now_us)

    def _end_ownership(self) -> None:
        """Close the Room: to hand over, too, before the successor is told to go ahead."""
        self.ownership.end()

    def _has_left(self) -> bool:
        """Return whether the Room is closed, as far as others can see it."""
        return self.ownership.session.left(frozen=self._frozen)

    def _maybe_left(self, now_us: int) -> None:
        """Tell the successor to go ahead once the Room is closed."""
        if self.election.role is _HANDING_OVER and self._has_left():
            self.policy.room_left(now_us)
            if self.election.role is not self._role:
                self._follow_role(now_us)

    # -- the bus ----------------------------------------------------------------------------------

    def _received(self, message: Message, now_us: int) -> None:
        election = self.election
        if self._is_own(message):
            return
        if message.term != election.term and not self._same_footing(message, now_us):
            return
        if isinstance(message, Heartbeat):
            self._heartbeat(message, now_us)
        elif isinstance(message, Snapshot):
            self._snapshot(message, now_us)
        elif isinstance(message, Command):
            self._command(message, now_us)
        elif isinstance(message, Probe):
            self._probe(message, now_us)
        elif isinstance(message, MODERATION):
            self.ownership.hear_moderation(message, owns=election.role is _OWNER)
        else:
            if isinstance(message, Resign):
                election.forget_owner()
            elif (
                isinstance(message, HandoffRequest)
                and self.policy.keeps_call
                and not self.ownership.session.idle()
            ):
                return
            self.policy.heard(message, now_us)

    def _is_own(self, message: Message) -> bool:
        """Return whether this window posted `message`: Tauri events come back to their sender."""
        return message.instance_id == self.election.instance_id

    def _same_footing(self, message: Message, now_us: int) -> bool:
        """Settle a difference of terms. Messages of a lower term have no effect, a higher term
        makes an owner step down. Returns whether the message may still have an effect.
        """
        election = self.election
        if not self.policy.has_terms:
            election.count(message.term)
            return True
        if election.learn(message.term):
            if election.role in (_OWNER, _CANDIDATE, _HANDING_OVER):
                self.policy.outranked(now_us)
            return True
        if isinstance(message, OF_ANY_TERM):
            return True  # who asks may know nothing yet
        if (
            election.role is _OWNER
            and self.self_check.state is _VALID
            and not isinstance(message, Command)
        ):
            self.ownership.post_heartbeat(now_us)  # a zombie of a lower term: let it hear who owns
        return False

    def _heartbeat(self, message: Heartbeat, now_us: int) -> None:
        election, mirror = self.election, self.mirror
        if election.role is _OWNER or election.role is _HANDING_OVER:
            self.policy.rival_heard(message.instance_id, message.preferred, now_us)
            return
        known = (election.owner, election.owner_preferred)
        election.heard_us = now_us
        if known != (message.instance_id, message.preferred) or election.role is _CANDIDATE:
            election.hear_owner(message.instance_id, message.preferred, now_us)
            self.policy.owner_found(now_us)
        if mirror.wants(message.term, message.number, now_us, self.timings.resend_us):
            self.policy.probe(snapshot=True)

    def _snapshot(self, message: Snapshot, now_us: int) -> None:
        """An owner takes no snapshots: what the call looks like is what it says itself."""
        if self.election.role not in (_OWNER, _HANDING_OVER):
            self._take_snapshot(message)

    def _take_snapshot(self, message: Snapshot) -> None:
        if self.mirror.take(message, self.out):
            self.sender.answered(message.state.applied)

    def _command(self, message: Command, now_us: int) -> None:
        if self.election.role is not _OWNER or self._asks_first():
            return  # not the owner, or not sure to be: the sender will repeat it
        if self.ownership.applier.accepts(message.instance_id, message.number, message.after):
            sender, verb = message.instance_id, message.verb
            self.ownership.apply(
                sender, message.number, verb, message.value, message.channel, now_us
            )
            if self._frozen and self.ownership.lacks_room():
                self.policy.cannot_open(sender, now_us)
        else:
            self.ownership.answer_again()

    def _probe(self, message: Probe, now_us: int) -> None:
        election = self.election
        if election.role is _OWNER:
            self.self_check.hear(message.number)
            if self._asks_first():
                return
            self._apply_waiting(now_us)
            self.ownership.post_heartbeat(now_us)
            if message.snapshot and self.ownership.number:
                self.ownership.post_snapshot()
        elif (
            election.role is _FOLLOWER
            and message.instance_id == election.owner
            and not message.number
        ):
            # the owner is there, and is not sure that it still is the owner
            election.heard_us = now_us
            self.policy.probe(answers=message.seq)

    def _asks_first(self) -> bool:
        """True if this owner has to hear from a peer now, before it may answer as the owner."""
        if self.self_check.state is _STALE:
            self.policy.probe()
        return self.self_check.asks(self.out.seq)

    # -- timers -----------------------------------------------------------------------------------

    def _timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is _HEARTBEAT:
            if self.election.role is _OWNER:
                if self.self_check.state is _VALID:
                    self.ownership.send_heartbeat(now_us)
                else:
                    self.out.add(Arm(_HEARTBEAT, now_us + self.timings.heartbeat_us))
        elif timer is _RESEND:
            self._resend(now_us)
        elif timer is _RETRY or timer is _RECLAIM:
            self.ownership.resume()
        elif timer is _TOKEN:
            self.ownership.session.token.due(now_us)
        elif self.election.role is not _RETIRED:
            self.policy.timer(timer, now_us)

    # -- the user ---------------------------------------------------------------------------------

    def _acted(self, event: UserCommand, now_us: int) -> None:
        owns = self.election.role is _OWNER
        intent = self.sender.foresee(self.ownership.intent if owns else self.mirror.state.intent)
        value = toggled(intent, event.verb)
        self.sender.issue(event.verb, value, event.channel, now_us)
        if owns:
            self._apply_waiting(now_us)
        else:
            self.sender.send(self.election.owner, self.election.term, now_us)

    def _apply_waiting(self, now_us: int) -> None:
        """The owner's own clicks. In doubt they wait for the answer, or for the next owner."""
        if self.self_check.state is _VALID and self.election.role is _OWNER:
            self.ownership.apply_own(self.sender, now_us)

    def _resend(self, now_us: int) -> None:
        """Send unanswered commands again, or tell their user that it cannot be done."""
        self.sender.expire(now_us)
        if not self.sender.waiting:
            return
        if not self.election.owner and self.policy.may_own == "main" and not self.config.main:
            self.sender.refuse_all()
            self.out.add(UserNotice(OPEN_THE_MAIN_APP))
        else:
            self.sender.send_again(self.election.owner, self.election.term, now_us)

    # -- everything else --------------------------------------------------------------------------

    def _other(self, event: Event, now_us: int) -> None:
        match event:
            case LeaseSeen(lease=lease):
                self._lease_seen(lease, now_us)
            case UserCommand():
                self._acted(event, now_us)
            case UserGesture():
                self.ownership.gestured(now_us)
            case TokenReady() | TokenFailed():
                self.ownership.answered(event, now_us, sure=self.self_check.state is _VALID)
            case LockQueried(number=number, mine=mine) if (
                number == self.self_check.query and self.election.role is _OWNER
            ):
                if mine:
                    self._cleared(now_us)
                else:
                    self.policy.lock_lost(now_us)
            case WallClockJumped() | Online() | DevicesChanged():
                self.ownership.noticed(event, now_us, owns=self.election.role is _OWNER)
                self.policy.happened(event, now_us)
            case Froze():
                self._frozen = self.policy.frozen = True
                self._maybe_left(now_us)
            case Resumed():
                self._frozen = self.policy.frozen = False
                self._resumed(now_us)
                self.policy.resumed(now_us)
            case PageHide():
                self._hidden(now_us)
            case Started():
                if self.election.move(On.RETURN) and self.mirror.shown[1]:
                    self.out.add(Rendered(*self.mirror.shown, self.mirror.state))
                self._role = self.election.role
                self.policy.started(now_us)
            case _:
                self.policy.happened(event, now_us)
                if self.policy.claim_due:
                    self.policy.claim_due = False
                    self.ownership.claim(
                        self.election.term, *self.mirror.newest(self.last_lease)[1:]
                    )

    def _resumed(self, now_us: int) -> None:
        """Frozen no more. An owner that gave no sign of life for a lease keeps its Room while it
        finds out.
        """
        if self.self_check.state is not _VALID and self.election.role is _OWNER:
            self._confirm(now_us)

    def _confirm(self, now_us: int) -> None:
        """An owner in doubt asks the lock manager; without a lock there is nobody to ask."""
        if self.policy.needs_lock:
            self.self_check.query = self.out.next_request()
            self.out.add(QueryLock(self.self_check.query))
        else:
            self._cleared(now_us)

    def _cleared(self, now_us: int) -> None:
        """It still owns, as far as anybody can know: it may say so again."""
        if self.self_check.state is _VALID:
            return
        self.self_check.settle()
        self.ownership.send_heartbeat(now_us)
        self._apply_waiting(now_us)

    def _hidden(self, now_us: int) -> None:
        """`pagehide`: say goodbye, and release lock and Room. Without it others wait for a
        time-out, and a cached page would keep both.
        """
        if self._role in (_OWNER, _HANDING_OVER):
            self.ownership.end()
        self.policy.retiring(now_us)
        self._role = self.election.role
        self.out.add(Became(self._role, self.election.term))

    def _lease_seen(self, lease: Lease, now_us: int) -> None:
        """The row in storage changed: the second witness of an owner's life, read at once."""
        election, before = self.election, self.last_lease
        self.last_lease = lease
        mine = lease.holder == self.config.instance_id
        if election.learn(lease.term) and election.role in (_OWNER, _CANDIDATE, _HANDING_OVER):
            self.policy.outranked(now_us)
        if not mine and lease.term >= election.term and election.role is _FOLLOWER:
            self._owner_wrote(before, lease, now_us)

    def _owner_wrote(self, before: Lease, lease: Lease, now_us: int) -> None:
        """A new row is a sign of life: a window whose bus is broken deposes no healthy owner."""
        election = self.election
        if election.owner == lease.holder:
            election.heard_us = now_us
        else:  # whether it is preferred, its heartbeat will say
            election.hear_owner(lease.holder, False, now_us)
            self.policy.owner_found(now_us)
        missed = posted_long_ago(before, lease)
        if self.mirror.wants(*missed, now_us, self.timings.resend_us):
            self._missed_by_lease()

    def _missed_by_lease(self) -> None:
        """The row tells of a snapshot that is not here: the bus may not carry heartbeats."""
        self.policy.probe(snapshot=True)
