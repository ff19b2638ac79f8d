"""A lease that is refreshed, and terms that fence (Firestore's multi-tab persistence; jazz).

The owner refreshes a lease record in storage and sends a heartbeat, every 4 s; after 5 s without
either the lease is over, and a window takes the next term from a transaction and owns. Every
message carries the term: a higher one makes an owner step down, a lower one is void; an owner that
did not run for a lease verifies it before it does anything. A visible window comes before a hidden
one. An owner that closes says so.

How it fails: silence is its proof of death, and it does not ask. A page that is frozen in a call
loses it although it is well, and refreshes that come 4 s apart leave 1 s for everything: hidden
timers, a long task, a slow bus.
"""

from __future__ import annotations

from oneroom.core.actions import Role, TakeTerm
from oneroom.core.election import On
from oneroom.core.events import TermTaken, Timer
from oneroom.core.messages import Resign
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings


class LeaseTermFencing(Policy):
    """Firestore, jazz: owns by a lease, fenced by terms.

    `claim` is the delay of the first election, and the additional delay of a hidden window.
    """

    name = "lease-term-fencing"
    needs_storage = True
    published = Timings(heartbeat_us=4_000_000, lease_us=5_000_000, claim_us=500_000)

    def started(self, now_us: int) -> None:
        self.probe(snapshot=True)
        self.election.heard_us = now_us
        self._stand(now_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.CLAIM and self.election.role is Role.CANDIDATE:
            self.out.add(TakeTerm(self.out.next_request()))
        elif timer is Timer.WATCH and self.election.role is Role.FOLLOWER:
            due_us = self.election.heard_us + self.timings.lease_us
            if due_us > now_us:
                self.arm(Timer.WATCH, due_us)
            else:
                self.election.forget_owner()
                self._stand(now_us)

    def owner_found(self, now_us: int) -> None:
        self.election.move(On.OUTRANKED)

    def term_taken(self, reply: TermTaken, now_us: int) -> None:
        if self.election.role is not Role.CANDIDATE:
            return
        if reply.term > self.election.term:
            self.election.win(now_us, reply.term)
        else:
            self.out.add(TakeTerm(self.out.next_request()))

    def resigned(self, message: Resign, now_us: int) -> None:
        if self.election.role is Role.FOLLOWER:
            self._stand(now_us)

    def demoted(self, now_us: int) -> None:
        self.election.heard_us = max(self.election.heard_us, now_us)
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def gap(self, now_us: int) -> bool:
        """True after a lease without running: the lease is over unless storage says otherwise."""
        if self.election.role is not Role.OWNER:
            return False
        self.election.forget_owner()
        self.probe(snapshot=True)
        self._stand(now_us)
        return True

    def _stand(self, now_us: int) -> None:
        self.election.move(On.STAND)
        self.arm(
            Timer.CLAIM,
            now_us + (1 if self.visible else 2) * self.timings.claim_us + self.config.jitter_us,
        )
