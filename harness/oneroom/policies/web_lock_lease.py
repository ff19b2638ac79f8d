"""The recommended policy: the lock decides, a lease bounds how long a silent holder may keep it,
terms fence what is late.

Three witnesses of an owner's life: its heartbeat on the bus, its row in storage, its hold on the
lock. A crash or a close frees the lock: that needs no time-out. A holder that is silent on the bus
and in storage for a lease is asked; a page that is only frozen answers and keeps its call (Chromium
156 runs BroadcastChannel handlers of a frozen page, and its media goes on). Only a holder that does
not answer either is stolen from, by the first in the lock's queue; the others wait one lease longer
for each place behind. A deaf window cannot depose a healthy owner: it sees the row change.

What it costs: a page whose main thread stands still for longer than lease + probe loses the call,
which goes on elsewhere.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.events import LockQueried, TermTaken, Timer
from oneroom.core.timings import Timings
from oneroom.policies.lock_election import On, State
from oneroom.policies.web_lock import WebLock


class WebLockLease(WebLock):
    """The holder of the lock owns while it gives signs of life; terms fence what is late.

    The states are those of `lock_election.py`; here is what that table cannot say.
    """

    name = "web-lock-lease"

    @classmethod
    def silence_us(cls, timings: Timings) -> int:
        """A lease, and the time for the answer of an owner that is asked: until then nobody takes
        its lock.
        """
        return timings.lease_us + timings.probe_us

    def started(self, now_us: int) -> None:
        super().started(now_us)
        self.election.heard_us = now_us
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def demoted(self, now_us: int) -> None:
        super().demoted(now_us)
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.WATCH:
            self._watch(now_us)
        elif timer is Timer.PROBE:
            self._unanswered(now_us)
        elif timer is Timer.CLAIM:
            self.lock.step(On.UNCONTESTED, now_us)
        else:
            super().timer(timer, now_us)

    # -- suspicion --------------------------------------------------------------------------------

    def _watch(self, now_us: int) -> None:
        """Look whether the owner has been heard within a lease."""
        if self.lock.state is not State.QUEUED:
            return
        due_us = self.election.heard_us + self.timings.lease_us
        if due_us > now_us:
            self.arm(Timer.WATCH, due_us)
        else:
            self._suspect(now_us)

    def _suspect(self, now_us: int) -> None:
        """The owner is asked before anything is done to it: a page that is only frozen answers."""
        self.lock.step(On.SILENCE, now_us)
        self._ask_owner(now_us)

    def _ask_owner(self, now_us: int) -> None:
        """Ask a silent owner over the bus before it is deposed; meanwhile its row in storage may
        change, too.
        """
        self.probe()
        self.arm(Timer.PROBE, now_us + self.timings.probe_us)

    def _unanswered(self, now_us: int) -> None:
        """The time for an answer is over."""
        if self.lock.state is State.PROBING and not self._heard_after_all(now_us):
            self.lock.step(On.NO_ANSWER, now_us)

    def _heard_after_all(self, now_us: int) -> bool:
        """True if the owner gave a sign of life since this window suspects it: it is watched
        again.
        """
        heard_us = self.election.heard_us
        if heard_us < self.lock.since_us:
            return False
        self.lock.step(On.SIGN, now_us)
        self.arm(Timer.WATCH, heard_us + self.timings.lease_us)
        return True

    def lock_queried(self, reply: LockQueried, now_us: int) -> None:
        """As a candidate: may I go on? As a follower whose owner did not answer: am I the next
        successor?
        """
        if self.election.role is not Role.FOLLOWER:
            super().lock_queried(reply, now_us)
        elif self.answers(reply.number, State.RANKING):
            if reply.mine:
                self.lock.step(On.MINE, now_us)
            elif not self._heard_after_all(now_us):
                self._succeed(reply.rank, now_us)

    def _succeed(self, rank: int, now_us: int) -> None:
        """The first in the queue steals; the others wait one lease longer for each place behind."""
        if rank == 0:
            self.yield_lock_to = ""
            self.lock.step(On.NEXT, now_us)
            self.request_lock(steal=True)
        else:
            self.lock.step(On.NOT_NEXT, now_us)
            if rank < 0:
                self.request_lock()
        self.arm(Timer.WATCH, now_us + self.timings.lease_us * max(rank, 1))

    def _let_pass(self, now_us: int) -> None:
        """The holder that this window asked about is gone: the next one is watched."""
        if self.lock.step(On.PASSED, now_us):
            self.arm(Timer.WATCH, now_us + self.timings.lease_us)
        super()._let_pass(now_us)

    # -- a stolen lock ----------------------------------------------------------------------------

    def lock_granted(self, now_us: int) -> None:
        """A stolen lock is not used at once. First the victim is told, with a term of its own: it
        may run again by now.
        """
        if self.lock.state is not State.STEALING:
            super().lock_granted(now_us)
        else:
            self.lock.step(On.GRANTED, now_us)

    def term_taken(self, reply: TermTaken, now_us: int) -> None:
        """While claiming: say it and wait. Two windows that suspect the same holder may both steal,
        one from the other.

        In `claim_us` the loser is told, the victim hears of a higher term and lets go, and whoever
        was granted the lock in between is heard with the term that it took.
        """
        if self.lock.state is not State.CLAIMING:
            super().term_taken(reply, now_us)
        elif self.answers(reply.number, State.CLAIMING):
            self.lock.step(On.TERM, now_us)
            self.election.learn(reply.term)
            self.claim_due = True
            self.probe()
            self.arm(Timer.CLAIM, now_us + self.timings.claim_us)
