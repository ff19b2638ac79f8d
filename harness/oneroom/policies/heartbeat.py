"""Time-out election over the bus alone: silence for a lease makes a candidate.

The main window comes first. This is what most applications write first, with good manners: a
newcomer asks before it claims, terms fence and outlive a reload in localStorage, the loser of a tie
steps down, a main window that comes back asks for a handoff.

How it fails: silence is its only proof of death, and it does not ask. A frozen owner, lost messages
or a partition look like a crash, so two windows own at once. It stays in the tree as the policy to
compare with.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import HandoffRequest, Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy

# An overlay leaves the main window time to claim first.
OVERLAY_ROUNDS = 3
TERM = "term"
"""The key under which the last term is kept, so that a window that reloads alone does not begin at
1 again.
"""

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a
# message.
_FOLLOWER, _CANDIDATE = Role.FOLLOWER, Role.CANDIDATE
_WATCH = Timer.WATCH


class HeartbeatTimeout(Policy):
    """Heartbeats and a time-out; main preferred, then the lower instance id."""

    name = "heartbeat"

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.asking = False

    def started(self, now_us: int) -> None:
        self.probe(snapshot=True)
        self.election.heard_us = now_us
        last = self.local_storage.get(TERM)
        if last is not None and last.isdecimal():
            self.election.learn(int(last))
        self._stand(now_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is _WATCH:
            self._watch(now_us)
        elif timer is Timer.CLAIM and self.election.role is _CANDIDATE:
            self._own(now_us)
        elif timer is Timer.HANDOFF:
            self.asking = False
            self._want_back(now_us)

    def owner_found(self, now_us: int) -> None:
        if self.election.role is _CANDIDATE:
            self.election.move(On.OUTRANKED)
        if self.config.main and not self.asking:
            self._want_back(now_us)

    def rival_heard(self, instance_id: str, preferred: bool, now_us: int) -> None:
        """Handle a second owner of the same term: the worse one steps down, as no lock decides."""
        better = (
            instance_id < self.config.instance_id if preferred is self.config.main else preferred
        )
        if better:
            self.election.move(On.OUTRANKED)
            self.election.hear_owner(instance_id, preferred, now_us)

    def handoff_requested(self, message: HandoffRequest, now_us: int) -> None:
        if self.election.role is Role.OWNER and not self.config.main:
            self.start_handoff(message.instance_id)

    def room_left(self, now_us: int) -> None:
        self.resign(self.successor)
        self.election.move(On.LEFT)

    def resigned(self, message: Resign, now_us: int) -> None:
        if message.successor == self.config.instance_id:
            self._own(now_us)
        elif not message.successor:
            self._stand(now_us)

    def demoted(self, now_us: int) -> None:
        self.arm(_WATCH, now_us + self.timings.lease_us)

    def gap(self, now_us: int) -> bool:
        """True after a lease without running: the others have a new owner by now."""
        if self.election.role is not Role.OWNER:
            return False
        self.election.forget_owner()
        self.probe(snapshot=True)
        self._stand(now_us)
        return True

    def _watch(self, now_us: int) -> None:
        if self.election.role is not _FOLLOWER:
            return
        due_us = self.election.heard_us + self.timings.lease_us
        if due_us > now_us:
            self.arm(_WATCH, due_us)
        else:
            self.election.forget_owner()
            self._stand(now_us)

    def _stand(self, now_us: int) -> None:
        """Claim the ownership, unless an owner is heard before the claim is due."""
        self.election.move(On.STAND)
        rounds = 1 if self.config.main else OVERLAY_ROUNDS
        self.arm(Timer.CLAIM, now_us + rounds * self.timings.claim_us + self.config.jitter_us)

    def _own(self, now_us: int) -> None:
        self.election.win(now_us)
        self._keep_term()

    def _keep_term(self) -> None:
        """Write the term to localStorage, so that it outlives a reload: there is no counter."""
        self.local_storage.set(TERM, str(self.election.term))

    def _want_back(self, now_us: int) -> None:
        election = self.election
        if election.role is _FOLLOWER and election.owner and not election.owner_preferred:
            self.asking = True
            self.request_handoff(now_us)
