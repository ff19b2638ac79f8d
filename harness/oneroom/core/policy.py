"""The small interface behind which every election policy stands.

A policy decides when its window stands, wins, asks and gives way. It sees election events only,
never the Room; it acts through its `Election` and by appending actions. The coordinator calls the
hooks below and then acts on the role it finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from oneroom.core.actions import (
    OWNER_LOCK,
    Arm,
    Disarm,
    Post,
    ReleaseLock,
    RequestLock,
    Role,
)
from oneroom.core.bus_kind import BUS_KINDS, BusKind
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import (
    AttentionChanged,
    Event,
    ItemChanged,
    LockBusy,
    LockGranted,
    LockLost,
    LockQueried,
    TermSeen,
    TermTaken,
    Timer,
)
from oneroom.core.illegal_move import IllegalMove, allow
from oneroom.core.messages import (
    Claim,
    Gossip,
    HandoffRequest,
    Message,
    PolicyMessage,
    Probe,
    Resign,
)
from oneroom.core.outbox import Outbox
from oneroom.core.platform import Platform, WebStorage
from oneroom.core.policy_outbox import POLICY_TIMERS, PolicyOutbox
from oneroom.core.timings import Timings

# What the user of an overlay is told where only a main window may own and none is there.
OPEN_THE_MAIN_APP = "open the main app"

# The characters of a note that are kept.
NOTE_CHARACTERS = 200


class Policy:
    """Base of all policies: a window that never owns. Subclasses override hooks; all times are
    `now_us` of this window.

    `needs_lock`, `needs_storage` and `needs_bus` say what the platform must offer; `may_own` is
    "any" or "main"; `solo` marks a policy whose windows do not coordinate at all, `keeps_call` one
    whose owner hands nothing over during a call. `has_terms` is False for an election that fences
    nothing: its ownerships are numbered all the same, in good faith, but nobody compares terms, and
    an owner that did not run for a lease goes on. `published` are the time-outs that the election
    was published with: a policy that is in the tree because people run it must be able to die as it
    dies for them. `buses` are those that it can work with. `clock` is "monotonic"
    (`performance.now`) or "wall" (`Date.now`, which may be set back: then `now_us` goes backwards).
    """

    name: ClassVar[str] = ""
    needs_bus: ClassVar[bool] = True
    needs_lock: ClassVar[bool] = False
    needs_storage: ClassVar[bool] = False
    may_own: ClassVar[str] = "any"
    solo: ClassVar[bool] = False
    buses: ClassVar[tuple[BusKind, ...]] = BUS_KINDS
    clock: ClassVar[str] = "monotonic"
    keeps_call: ClassVar[bool] = False
    has_terms: ClassVar[bool] = True
    published: ClassVar[Timings] = Timings()
    # replaced in a policy that is its user's own, whose mistakes are told where they are made
    _forbid = staticmethod(allow)

    @classmethod
    def timings_with(cls, changed_us: Mapping[str, int]) -> Timings:
        """The published time-outs, but for those that are given; keys are fields of `Timings`."""
        return msgspec.structs.replace(cls.published, **changed_us)

    @classmethod
    def settle_us(cls, timings: Timings) -> int:
        """The bound within which liveness must hold after all faults are healed; it follows from
        the timings alone.

        An owner has fallen silent unnoticed for up to a lease, is asked, a claim is made, all of it
        once more for a second victim; then the owner's own pause between attempts, one attempt of
        the SDK (15 s until it gives up on media), and two heartbeats for the mirrors.
        """
        election_us = 2 * timings.lease_us + timings.probe_us + timings.claim_us
        return election_us + timings.retry_max_us + 15_000_000 + 2 * timings.heartbeat_us

    @classmethod
    def silence_us(cls, timings: Timings) -> int:
        """The time for which an owner may give no sign of life before another window may own.

        An owner that was silent for longer fences itself before it does anything else.
        """
        return timings.lease_us

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        self.config = config
        self.timings = config.timings
        self.election = election
        self.out = out if self._forbid is allow else PolicyOutbox(out, self._forbid)
        election.forbid = self._forbid
        self.platform = Platform()
        self.successor = ""
        self.visible = not config.hidden
        self.focused = False
        self.frozen = False
        # nobody owns, and nobody will until another window is opened: there is no call to draw
        self.abandoned = False
        # it is about to own under the election's term, once nobody has contradicted it
        self.claim_due = False

    # -- hooks ------------------------------------------------------------------------------------

    def started(self, now_us: int) -> None:
        """The window's script begins to run."""

    def timer(self, timer: Timer | str, now_us: int) -> None:
        """A timer fired: WATCH, PROBE, CLAIM, HANDOFF, or one of the policy's own by its name."""

    def owner_found(self, now_us: int) -> None:
        """Another window than before is heard to own, or one is heard while this window stands for
        owner itself.
        """

    def rival_heard(self, instance_id: str, preferred: bool, now_us: int) -> None:
        """Another window claims to own the very term that this window owns."""

    def resigned(self, message: Resign, now_us: int) -> None:
        """The owner has left its Room."""

    def claimed(self, message: Claim, now_us: int) -> None:
        """Another window claims the ownership."""

    def told(self, message: Gossip, now_us: int) -> None:
        """Another window says what it knows of the others."""

    def attention_changed(self, gained: bool, now_us: int) -> None:
        """`visible` or `focused` changed; `gained` says that one of them was not before."""

    def handoff_requested(self, message: HandoffRequest, now_us: int) -> None:
        """A window that this policy prefers asks for the ownership."""

    def cannot_open(self, asked_by: str, now_us: int) -> None:
        """This window owns, and is frozen: the Room that `asked_by` has asked for would be opened
        when it runs again.
        """

    def room_left(self, now_us: int) -> None:
        """This window is handing over and its Room is closed now."""

    def outranked(self, now_us: int) -> None:
        """A higher term was heard while this window was owner, candidate or handing over."""
        self.election.move(On.OUTRANKED)

    def lock_granted(self, now_us: int) -> None:
        """The owner lock is this window's."""

    def lock_busy(self, now_us: int) -> None:
        """The owner lock was to be had at once or not at all, and is not."""

    def lock_lost(self, now_us: int) -> None:
        """The owner lock was stolen."""

    def other_lock_granted(self, name: str, now_us: int) -> None:
        """The lock `name`, not the owner lock, is this window's."""

    def other_lock_busy(self, name: str, now_us: int) -> None:
        """The lock `name` was to be had at once or not at all, and is not."""

    def other_lock_lost(self, name: str, now_us: int) -> None:
        """The lock `name` was stolen."""

    def lock_queried(self, reply: LockQueried, now_us: int) -> None:
        """Answer to a query of this policy's, the newest or an earlier one."""

    def resumed(self, now_us: int) -> None:
        """The page was frozen and runs again."""

    def demoted(self, now_us: int) -> None:
        """This window is a follower again; its Room, if there was one, is closed or closing."""

    def term_taken(self, reply: TermTaken, now_us: int) -> None:
        """The shared counter gave this window a term."""

    def term_seen(self, reply: TermSeen, now_us: int) -> None:
        """The shared counter stands at `reply.term`."""

    def item_changed(self, key: str, value: str, now_us: int) -> None:
        """Another window wrote `value` to `key` of localStorage, "" for removed it. What is there
        now may be newer.
        """

    def received(self, name: str, payload: object, sender: str, now_us: int) -> None:
        """Another window posted a message of this policy's own: `payload` as JSON gives it back."""

    def gap(self, now_us: int) -> bool:
        """This window did not run for longer than a lease. Returns True if its ownership is in
        doubt because of that.
        """
        return False

    def retiring(self, now_us: int) -> None:
        """`pagehide`: let go of everything that would survive in a cached page."""
        was_owner = self.election.owner == self.config.instance_id
        self.election.move(On.RETIRE)
        if was_owner:
            self.resign("")

    # -- from the coordinator to the hooks --------------------------------------------------------

    def heard(self, message: Message, now_us: int) -> None:
        """A message that is none of the owner's own."""
        match message:
            case HandoffRequest():
                self.handoff_requested(message, now_us)
            case Resign():
                self.resigned(message, now_us)
            case Claim():
                self.claimed(message, now_us)
            case Gossip():
                self.told(message, now_us)
            case PolicyMessage():
                payload = msgspec.json.decode(message.payload)
                self.received(message.name, payload, message.instance_id, now_us)

    def happened(self, event: Event, now_us: int) -> None:
        """An event that concerns the election alone."""
        if isinstance(self.out, PolicyOutbox):
            self.out.hear(event)
        match event:
            case LockGranted(name="owner"):
                self.lock_granted(now_us)
            case LockLost(name="owner"):
                self.lock_lost(now_us)
            case LockBusy(name="owner"):
                self.lock_busy(now_us)
            case LockGranted(name=name):
                self.other_lock_granted(name, now_us)
            case LockLost(name=name):
                self.other_lock_lost(name, now_us)
            case LockBusy(name=name):
                self.other_lock_busy(name, now_us)
            case LockQueried():
                self.lock_queried(event, now_us)
            case TermTaken():
                self.term_taken(event, now_us)
            case TermSeen():
                self.term_seen(event, now_us)
            case ItemChanged(key=key, value=value):
                self.item_changed(key, value, now_us)
            case AttentionChanged(visible=visible, focused=focused):
                gained = visible > self.visible or focused > self.focused
                self.visible, self.focused = visible, focused
                self.attention_changed(gained, now_us)

    # -- what several policies do -----------------------------------------------------------------

    def on_time(self) -> bool:
        """True if this window's timers run on time, as far as it knows.

        They wake once a minute in a hidden page, and never in a frozen one.
        """
        return self.visible and not self.frozen

    @property
    def local_storage(self) -> WebStorage:
        """The window's localStorage: it answers at once."""
        return self.platform.local_storage

    @property
    def session_storage(self) -> WebStorage:
        """The sessionStorage of the window's tab: it answers at once, and outlives a reload."""
        return self.platform.session_storage

    def draw(self, name: str, bound: int) -> int:
        """A random number, 0 <= value < `bound`, which the seed of the run fixes.

        0 stands for what is ordinary, because shrinking tries that first; `name` says in the trace
        what it is for. Raises ValueError for a bound below 1.
        """
        if bound < 1:
            raise ValueError(f"draw {name!r} has a bound of {bound}, below 1")
        return self.platform.draw(name, bound)

    def request_lock(
        self,
        name: str = OWNER_LOCK,
        *,
        steal: bool = False,
        if_available: bool = False,
        shared: bool = False,
    ) -> None:
        """Queue for a lock of Web Locks; one that is held or asked for already is not asked for
        again. Answered by `lock_granted`, for other locks than the owner's `other_lock_granted`.

        `steal` takes it from its holder at once, `if_available` takes it at once or not at all
        (`lock_busy`), `shared` holds it beside others who share it. Raises ValueError for options
        that exclude each other.
        """
        if steal + if_available > 1 or (steal and shared) or name.startswith("-"):
            raise ValueError("Web Locks refuse steal with if_available or shared, and names in `-`")
        self.out.add(RequestLock(steal, if_available, name, shared))

    def release_lock(self, name: str = OWNER_LOCK) -> None:
        """Release a lock, or withdraw the request for it."""
        self.out.add(ReleaseLock(name))

    def arm(self, timer: Timer | str, at_us: int) -> None:
        """Arm one of the policy's timers, or one under a name of its own; arming it again moves it.

        Raises IllegalMove for a timer of the coordinator's.
        """
        self.out.add(Arm(_of_policies(timer), at_us))

    def disarm(self, timer: Timer | str) -> None:
        """Disarm one of the policy's timers. Raises IllegalMove for one of the coordinator's."""
        self.out.add(Disarm(_of_policies(timer)))

    def post(self, name: str, payload: object = None) -> None:
        """Post a message of this policy's own, which the other windows get in `received`.

        Raises TypeError if `payload` cannot be said in JSON.
        """
        text = msgspec.json.encode(payload).decode()
        me, seq = self.config.instance_id, self.out.next_seq()
        self.out.add(Post(PolicyMessage(me, self.election.term, seq, 0, name, text)))

    def note(self, text: str) -> None:
        """Leave a remark in the trace, such as "ignored: older than the listener", at most
        `NOTE_CHARACTERS` of it; timelines and `oneroom explain` show it.
        """
        self.platform.note(text[:NOTE_CHARACTERS])

    def probe(self, *, snapshot: bool = False, answers: int = 0) -> None:
        """Ask whether there is an owner; `answers` is the `seq` of an owner's own probe that this
        one answers.
        """
        seq = self.out.next_seq()
        self.out.add(
            Post(Probe(self.config.instance_id, self.election.term, seq, answers, snapshot))
        )

    def claim(self, candidate: str) -> None:
        """Say that `candidate` is to own; "" asks whoever is entitled."""
        self.out.add(
            Post(
                Claim(
                    self.config.instance_id, self.election.term, self.out.next_seq(), 0, candidate
                )
            )
        )

    def tell(
        self, known: tuple[str, ...] = (), owner: str = "", gone: str = "", answers: int = 0
    ) -> None:
        """Say what this window knows of the others."""
        me, seq = self.config.instance_id, self.out.next_seq()
        self.out.add(Post(Gossip(me, self.election.term, seq, answers, known, owner, gone)))

    def resign(self, successor: str) -> None:
        """Say that this window's Room is closed and who comes next."""
        if self.election.owner != self.config.instance_id:
            self._forbid("this window resigns an ownership that it does not have")
        self.out.add(
            Post(
                Resign(
                    self.config.instance_id, self.election.term, self.out.next_seq(), 0, successor
                )
            )
        )
        self.election.forget_owner()

    def request_handoff(self, now_us: int) -> None:
        """The main window came back: ask the owner to hand over, again until it happens."""
        self.out.add(
            Post(
                HandoffRequest(self.config.instance_id, self.election.term, self.out.next_seq(), 0)
            )
        )
        self.arm(Timer.HANDOFF, now_us + self.timings.resend_us)

    def start_handoff(self, successor: str) -> None:
        """Start a planned hand-over: the Room is closed first, and `room_left` goes on from
        there.
        """
        if self.election.role is not Role.OWNER:
            self._forbid("this window hands over an ownership that it does not have")
        if self.election.move(On.ASKED):
            self.successor = successor


def _of_policies(timer: Timer | str) -> Timer | str:
    if isinstance(timer, Timer) and timer not in POLICY_TIMERS:
        raise IllegalMove(f"{timer!r} is not a timer of policies")
    return timer
