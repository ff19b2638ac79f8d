"""A lock that a hidden page gives back (KBVE/kbve#15144, the poller of a live map).

Only a visible window contends, and never waits in the queue (`ifAvailable`): when it starts, when
it becomes visible, and when an owner announces its release. An owner releases the lock when it is
hidden. A visible follower that has heard nothing for 15 s contends, and if the lock is taken it
does the work without it: two pollers do no harm.

How it fails: two owners of a Room do harm: 15 s of a stalled owner make them. And a call is not a
map: minimise the window and its owner leaves; if no other window is visible, no window owns.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings


class WebLockReleaseWhenHidden(Policy):
    """KBVE: owns by the lock while visible. `lease` is the follower's watchdog."""

    name = "web-lock-release-when-hidden"
    needs_lock = True
    published = Timings(lease_us=15_000_000)
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.desperate = False

    def started(self, now_us: int) -> None:
        self.election.heard_us = now_us
        self._contend()
        self.arm(Timer.PROBE, now_us + self.timings.lease_us)

    def attention_changed(self, gained: bool, now_us: int) -> None:
        if self.visible:
            self._contend()
        elif self.election.role is Role.OWNER:
            self._let_go()
            self.election.move(On.OUTRANKED)

    def resigned(self, message: Resign, now_us: int) -> None:
        self._contend()

    def lock_granted(self, now_us: int) -> None:
        self.desperate = False
        if self.visible:
            self.election.win(now_us)
        else:
            self.release_lock()

    def lock_busy(self, now_us: int) -> None:
        if self.desperate and self.visible:
            self.election.win(now_us)
        self.desperate = False

    def timer(self, timer: Timer | str, now_us: int) -> None:
        """Run the watchdog."""
        if timer is not Timer.PROBE:
            return
        due_us = self.election.heard_us + self.timings.lease_us
        if self.election.role is Role.FOLLOWER and self.visible and due_us <= now_us:
            self.desperate = True
            self._contend()
        self.arm(Timer.PROBE, max(due_us, now_us + self.timings.heartbeat_us))

    def retiring(self, now_us: int) -> None:
        if self.election.role is Role.OWNER:
            self._let_go()
        self.election.move(On.RETIRE)

    def _contend(self) -> None:
        if self.visible and self.election.role is Role.FOLLOWER:
            self.request_lock(if_available=True)

    def _let_go(self) -> None:
        self.release_lock()
        self.resign("")
