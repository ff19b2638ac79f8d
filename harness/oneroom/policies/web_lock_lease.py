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

from oneroom.core.actions import QueryLock, RequestLock, Role, TakeTerm
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.outbox import Outbox
from oneroom.policies.web_lock import WebLock


class WebLockLease(WebLock):
    """Lock, lease, term."""

    name = "web-lock-lease"

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.asked_us = -1
        self.stealing = False
        self.claiming = False
        self.suspects = False  # as the follower that it is now it has asked who holds the lock

    def started(self, now_us: int) -> None:
        super().started(now_us)
        self.election.heard_us = now_us
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def demoted(self, now_us: int) -> None:
        super().demoted(now_us)
        self.suspects = False
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def timer(self, timer: Timer, now_us: int) -> None:
        if timer is Timer.WATCH:
            self._watch(now_us)
        elif timer is Timer.PROBE:
            self._answered(now_us)
        elif timer is Timer.CLAIM and self.election.role is Role.CANDIDATE:
            self._make_sure(now_us)
        else:
            super().timer(timer, now_us)

    def lock_granted(self, now_us: int) -> None:
        """A stolen lock is not used at once. First the victim is told, with a term of its own: it
        may run again by now.
        """
        stolen, self.stealing = self.stealing, False
        if not (stolen and self.safeguards.claim_after_steal):
            super().lock_granted(now_us)
            return
        self.claiming = True
        self.holds = True
        self.sure = False
        self.election.move(On.STAND)
        self.out.add(TakeTerm())

    def term_taken(self, term: int, now_us: int) -> None:
        """While claiming: say it and wait. Two windows that suspect the same holder may both steal,
        one from the other.

        In `claim_us` the loser is told, the victim hears of a higher term and lets go, and whoever
        was granted the lock in between is heard with the term that it took.
        """
        if not self.claiming:
            super().term_taken(term, now_us)
            return
        self.claiming = False
        if self.election.role is Role.CANDIDATE:
            self.election.learn(term)
            self.claim_due = True
            self.probe()
            self.arm(Timer.CLAIM, now_us + self.timings.claim_us)

    def _watch(self, now_us: int) -> None:
        """Look whether the owner has been heard within a lease; if not, ask it."""
        if self.election.role is not Role.FOLLOWER:
            return
        due_us = self.election.heard_us + self.timings.lease_us
        if due_us > now_us:
            self.arm(Timer.WATCH, due_us)
            return
        self.asked_us = now_us
        if self.safeguards.probe_before_steal:
            self.probe()
            self.arm(Timer.PROBE, now_us + self.timings.probe_us)
        else:
            self._look_at_lock()

    def _answered(self, now_us: int) -> None:
        """The time for an answer is over."""
        if self.election.role is not Role.FOLLOWER:
            return
        if self.election.heard_us >= self.asked_us:
            self.arm(Timer.WATCH, self.election.heard_us + self.timings.lease_us)
        else:
            self._look_at_lock()

    def _look_at_lock(self) -> None:
        self.suspects = True
        self.out.add(QueryLock())

    def lock_queried(self, mine: bool, rank: int, now_us: int) -> None:
        """As a candidate: may I go on? As a follower whose owner did not answer: am I the next
        successor?

        What a follower did not ask was asked by the owner that it was, and says what was true
        before it handed over.
        """
        election = self.election
        if election.role is not Role.FOLLOWER:
            super().lock_queried(mine, rank, now_us)
        elif not self.suspects and self.safeguards.ignore_stale_replies:
            return
        elif mine:
            self._take_term(now_us)
        elif election.heard_us >= self.asked_us:
            self.arm(Timer.WATCH, election.heard_us + self.timings.lease_us)
        elif rank == 0:
            self.yield_lock_to = ""
            self.stealing = True
            self.out.add(RequestLock(steal=True))
            self.arm(Timer.WATCH, now_us + self.timings.lease_us)
        else:
            if rank < 0:
                self.out.add(RequestLock())
            self.arm(Timer.WATCH, now_us + self.timings.lease_us * max(rank, 1))
