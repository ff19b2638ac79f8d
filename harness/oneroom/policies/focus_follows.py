"""Ownership follows the user's focus (coasys/flux, `useTabCoordinator.ts`).

A window that gets the focus or becomes visible owns at once and says so; a window that hears a
claim or a heartbeat of another one yields. Silence for 15 s, or an owner's goodbye, makes a
claimant of every visible window. The original ties only its presence to this, not its calls; here
the call goes with the ownership.

How it fails: it takes before it is given, so each click into another window is a call that moves,
and on a bus slower than a token two Rooms. Two windows that claim at the same time both yield to
each other. When only hidden windows are left, no window claims.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import Claim, Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings

VISIBLE_START_US = 100_000
HIDDEN_START_US = 1_000_000


class FocusFollows(Policy):
    """flux: the window that the user looks at owns. `lease` is the leader's time-out."""

    name = "focus-follows"
    published = Timings(heartbeat_us=5_000_000, lease_us=15_000_000)
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.leader = ""

    def started(self, now_us: int) -> None:
        self.arm(Timer.CLAIM, now_us + VISIBLE_START_US)
        self.arm(Timer.PROBE, now_us + HIDDEN_START_US)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.WATCH:
            self._watch(now_us)
        elif not self.leader and (self.visible or timer is Timer.PROBE):
            self._claim(now_us)

    def attention_changed(self, gained: bool, now_us: int) -> None:
        """Claim on attention; a window that is hidden, or loses the focus, keeps its ownership."""
        if gained and self.visible and self.election.role is Role.FOLLOWER:
            self._claim(now_us)

    def claimed(self, message: Claim, now_us: int) -> None:
        self._follow(message.candidate, now_us)

    def rival_heard(self, instance_id: str, preferred: bool, now_us: int) -> None:
        self._follow(instance_id, now_us)

    def owner_found(self, now_us: int) -> None:
        self._follow(self.election.owner, now_us)

    def resigned(self, message: Resign, now_us: int) -> None:
        if message.instance_id == self.leader:
            self.leader = ""
            if self.visible:
                self._claim(now_us)

    def _follow(self, leader: str, now_us: int) -> None:
        self.leader = leader
        self.election.move(On.OUTRANKED)
        self.election.hear_owner(leader, False, now_us)
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def _watch(self, now_us: int) -> None:
        due_us = self.election.heard_us + self.timings.lease_us
        if self.election.role is not Role.FOLLOWER:
            return
        if due_us > now_us:
            self.arm(Timer.WATCH, due_us)
            return
        self.election.forget_owner()
        if self.visible:
            self._claim(now_us)

    def _claim(self, now_us: int) -> None:
        self.leader = self.config.instance_id
        self.claim(self.leader)
        self.election.win(now_us)
