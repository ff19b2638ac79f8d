"""The browser's lock decides: its holder owns (w3c/web-locks).

Freed by close and crash, so no time-out is needed. The main window asks a living owner to hand
over; the owner closes its Room, then releases (not in its first moments, when its state has not
reached the others yet). A waiting window that is granted the lock although another one was asked
for lets that one pass, once.

How it fails: a holder that neither runs nor dies (stalled, stopped, an abandoned cached page) keeps
the lock for ever.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election
from oneroom.core.events import LockQueried, TermTaken, Timer
from oneroom.core.messages import HandoffRequest, Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.policies.lock_election import LockElection, On, State


class WebLock(Policy):
    """The window that holds the browser's lock owns; a crash or a close frees it at once.

    The states are those of `lock_election.py`; here is what that table cannot say.
    """

    name = "web-lock"
    needs_lock = True
    needs_storage = True

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.lock = LockElection(election, out)
        self.yield_lock_to = ""  # the successor that a grant is passed on to
        self.asking = False  # for the ownership; it asks again when HANDOFF fires
        self.unsure_until_us = -1  # news of the lock may be from before a gap

    def started(self, now_us: int) -> None:
        self.probe(snapshot=True)
        self.lock.step(On.START, now_us)
        self.request_lock()

    def retiring(self, now_us: int) -> None:
        super().retiring(now_us)
        self.lock.step(On.RETIRE, now_us)
        self.release_lock()

    # -- the main window comes back ---------------------------------------------------------------

    def owner_found(self, now_us: int) -> None:
        self._queue_again()
        self._want_back(now_us)

    def attention_changed(self, gained: bool, now_us: int) -> None:
        self._want_back(now_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.HANDOFF:
            self.asking = False
            self._queue_again()
            self._want_back(now_us)

    def _want_back(self, now_us: int) -> None:
        """A main window asks for the ownership while its timers run on time: it would be asked for
        signs of life that it cannot give, be deposed, and ask again.
        """
        election = self.election
        if not self.config.main or self.asking or not self.on_time():
            return
        if election.role is Role.FOLLOWER and election.owner and not election.owner_preferred:
            self.asking = True
            self.request_handoff(now_us)

    def handoff_requested(self, message: HandoffRequest, now_us: int) -> None:
        if self.config.main:
            return
        if self.election.role is Role.OWNER:
            if now_us - self.lock.since_us >= self.timings.claim_us:
                self.lock.step(On.ASKED, now_us)
                self.start_handoff(message.instance_id)
        elif self.election.role is Role.FOLLOWER:
            self.yield_lock_to = message.instance_id

    def cannot_open(self, asked_by: str, now_us: int) -> None:
        """Hand over to the window that the user is in: nobody may look at this one for hours."""
        self.lock.step(On.ASKED, now_us)
        self.start_handoff(asked_by)

    def room_left(self, now_us: int) -> None:
        self.resign(self.successor)
        self.release_lock()
        self.lock.step(On.LEFT, now_us)

    def resigned(self, message: Resign, now_us: int) -> None:
        if (
            not self.config.main
            and message.successor
            and message.successor != self.config.instance_id
        ):
            self.yield_lock_to = message.successor

    # -- the lock ---------------------------------------------------------------------------------

    def demoted(self, now_us: int) -> None:
        """Stand in the queue again: a follower that waits is the next owner's crash detector. After
        a hand-over it waits for the successor to own: whose request for the lock may be slower than
        its request to hand over, and a lock that a frozen page is granted is lost until it runs.
        """
        if self.successor:
            self.arm(Timer.HANDOFF, now_us + self.timings.resend_us)
        else:
            self.request_lock()

    def _queue_again(self) -> None:
        """Stand in the queue behind the successor."""
        if self.successor and self.lock.state is State.QUEUED:
            self.successor = ""
            self.request_lock()

    def lock_granted(self, now_us: int) -> None:
        if self.yield_lock_to:
            self._let_pass(now_us)
        elif now_us <= self.unsure_until_us:
            self.lock.step(On.GRANTED_LATE, now_us)
        else:
            self.lock.step(On.GRANTED, now_us)

    def _let_pass(self, now_us: int) -> None:
        """The successor is next; then this window's turn comes again."""
        self.yield_lock_to = ""
        self.release_lock()
        self.request_lock()

    def lock_lost(self, now_us: int) -> None:
        self.lock.step(On.LOST, now_us)

    def lock_queried(self, reply: LockQueried, now_us: int) -> None:
        if not self.answers(reply.number, State.VERIFYING):
            return
        if self._too_late(now_us):
            self.lock.step(On.DOUBT, now_us)
        else:
            self.lock.step(On.MINE if reply.mine else On.LOST, now_us)

    def term_taken(self, reply: TermTaken, now_us: int) -> None:
        """The term comes from the counter, since news of the last owner may be slower than the
        lock. One that others have passed meanwhile is of no use.
        """
        if not self.answers(reply.number, State.TAKING_TERM):
            return
        if self._too_late(now_us):
            self.lock.step(On.DOUBT, now_us)
        elif reply.term > self.election.term:
            self.lock.own(reply.term, now_us)
        else:
            self.lock.step(On.TERM_PASSED, now_us)

    def answers(self, number: int, state: State) -> bool:
        """True if the reply is to the request of this very candidacy, or suspicion: an earlier one
        says what was true then.
        """
        return self.lock.awaits(number, state)

    def _too_late(self, now_us: int) -> bool:
        """True if a reply took so long (this window stood still) that the lock may have been stolen
        in the meantime.
        """
        return now_us - self.lock.since_us > self.timings.probe_us

    # -- doubt ------------------------------------------------------------------------------------

    def outranked(self, now_us: int) -> None:
        """A higher term was heard. The lock is the truth: who still holds it goes on, under a
        higher term yet. A candidate is making sure already; a window that hands over is leaving
        anyway.
        """
        if self.lock.state is State.OWNING:
            self.lock.step(On.DOUBT, now_us)

    def gap(self, now_us: int) -> bool:
        """After a gap nothing that this window believed about the lock is sure: a grant may be old,
        a steal not yet told.
        """
        self.unsure_until_us = now_us + self.timings.lease_us
        return self.lock.step(On.DOUBT, now_us)

    def resumed(self, now_us: int) -> None:
        self.unsure_until_us = now_us + self.timings.lease_us
        self._want_back(now_us)
