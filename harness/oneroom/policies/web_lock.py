"""The browser's lock decides: who holds it owns (w3c/web-locks). Freed by close and crash, so no
time-out is needed.

The main window asks a living owner to hand over; the owner closes its Room, then releases (not in
its first moments, or its state would be younger than the news of it). A waiting window that is
granted the lock although another one was asked for lets that one pass, once. How it dies: a holder
that neither runs nor dies (stalled, stopped, an abandoned cached page) keeps the lock for ever.
"""

from __future__ import annotations

from oneroom.core.actions import QueryLock, ReleaseLock, RequestLock, Role, TakeTerm
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import HandoffRequest, Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy


class WebLock(Policy):
    """Owner is who holds the lock."""

    name = "web-lock"
    needs_lock = True
    needs_storage = True

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.holds = False
        self.yield_lock_to = ""
        self.asking = False
        self.doubt_until_us = -1
        self.won_us = 0
        self.sure = False
        self.inquired_us = 0

    def started(self, now_us: int) -> None:
        self.probe(snapshot=True)
        self.out.add(RequestLock())

    def owner_found(self, now_us: int) -> None:
        self._want_back(now_us)

    def attention_changed(self, gained: bool, now_us: int) -> None:
        self._want_back(now_us)

    def timer(self, timer: Timer, now_us: int) -> None:
        if timer is Timer.HANDOFF:
            self.asking = False
            self._want_back(now_us)

    def _want_back(self, now_us: int) -> None:
        """A main window asks for the ownership while its timers run on time: it would be asked for
        signs of life that it cannot give, be deposed, and ask again.
        """
        election = self.election
        if (
            not self.config.main
            or self.asking
            or (self.safeguards.request_on_time and not self.on_time())
        ):
            return
        if election.role is Role.FOLLOWER and election.owner and not election.owner_preferred:
            self.asking = True
            self.request_handoff(now_us)

    def handoff_requested(self, message: HandoffRequest, now_us: int) -> None:
        if self.config.main:
            return
        if self.election.role is Role.OWNER:
            if now_us - self.won_us >= self.timings.claim_us:
                self.start_handoff(message.instance_id)
        elif self.election.role is Role.FOLLOWER:
            self.yield_lock_to = message.instance_id

    def room_left(self, now_us: int) -> None:
        self.resign(self.successor)
        self.holds = False
        self.out.add(ReleaseLock())
        self.election.move(On.LEFT)

    def resigned(self, message: Resign, now_us: int) -> None:
        if (
            not self.config.main
            and message.successor
            and message.successor != self.config.instance_id
        ):
            self.yield_lock_to = message.successor

    def demoted(self, now_us: int) -> None:
        """Stand in the queue again: a follower that waits is the next owner's crash detector."""
        if not self.holds:
            self.out.add(RequestLock())

    def lock_granted(self, now_us: int) -> None:
        self.holds = True
        if self.yield_lock_to and self.safeguards.yield_lock:
            self.yield_lock_to = ""
            self.holds = False
            self.out.add(ReleaseLock())
            self.out.add(RequestLock())
        elif now_us <= self.doubt_until_us:
            self._make_sure(now_us)
        else:
            self._take_term(now_us)

    def lock_lost(self, now_us: int) -> None:
        self.holds = False
        self.election.move(On.OUTRANKED)

    def lock_queried(self, mine: bool, rank: int, now_us: int) -> None:
        if self.election.role is not Role.CANDIDATE:
            return
        if self._too_late(now_us):
            self._make_sure(now_us)
        elif mine:
            self._take_term(now_us)
        else:
            self.holds = False
            self.election.move(On.OUTRANKED)

    def term_taken(self, term: int, now_us: int) -> None:
        """The lock and a term of its own: that is an ownership. A term that others have passed
        meanwhile is of no use.
        """
        if self.election.role is not Role.CANDIDATE or not (
            self.sure or not self.safeguards.ignore_stale_replies
        ):
            return
        if self._too_late(now_us):
            self._make_sure(now_us)
        elif term > self.election.term:
            self.won_us = now_us
            self.election.win(now_us, term)
        else:
            self._take_term(now_us)

    def outranked(self, now_us: int) -> None:
        """A higher term was heard. The lock is the truth: who still holds it goes on, under a
        higher term yet.
        """
        if self.election.role is not Role.OWNER:
            return  # a candidate is making sure already; a window that hands over is leaving anyway
        if self.holds:
            self._make_sure(now_us)
        else:
            super().outranked(now_us)

    def gap(self, now_us: int) -> bool:
        """After a gap nothing that this window believed about the lock is sure: a grant may be old,
        a steal not yet told.
        """
        self.doubt_until_us = now_us + self.timings.lease_us
        if self.election.role not in (Role.OWNER, Role.CANDIDATE):
            return False
        self._make_sure(now_us)
        return True

    def resumed(self, now_us: int) -> None:
        self.doubt_until_us = now_us + self.timings.lease_us
        self._want_back(now_us)

    def retiring(self, now_us: int) -> None:
        super().retiring(now_us)
        self.holds = False
        self.out.add(ReleaseLock())

    def _too_late(self, now_us: int) -> bool:
        """Whether an answer took so long (this window stood still) that the lock may have been
        stolen in the meantime.
        """
        return now_us - self.inquired_us > self.timings.probe_us

    def _make_sure(self, now_us: int) -> None:
        """Ask the browser who really holds the lock."""
        self.sure = False
        self.inquired_us = now_us
        self.election.move(On.STAND)
        self.out.add(QueryLock())

    def _take_term(self, now_us: int) -> None:
        """The lock is this window's; the term comes from the counter, since news of the last owner
        may be slower than the lock.
        """
        self.sure = True
        self.inquired_us = now_us
        self.election.move(On.STAND)
        self.out.add(TakeTerm())
