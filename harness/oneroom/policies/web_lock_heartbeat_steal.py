"""Lock, heartbeat and a bounded steal (dxos worker-framework, `Client.ts` 001b374).

The holder sends heartbeats; a waiter that has heard nothing for `staleTimeout` steals the lock, and
not again for as long. The victim is notified by the lock manager and asks for the lock anew. What
the library does around the worker behind the lock (port time-out, back-off, failure count) is not
part of the election.

How it fails: it counts silence and does not ask. A frozen page that is in a call and answers loses
it; it goes on sending until it runs again, and in Chromium it goes on as owner in its bus handlers,
since news of a steal waits for the resume. A window that hears nothing steals from a healthy owner
every five seconds (dxos#12707).
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.election import On
from oneroom.core.events import Timer
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings


class WebLockHeartbeatSteal(Policy):
    """dxos: owns by the lock; steals it after `lease` without a heartbeat."""

    name = "web-lock-heartbeat-steal"
    needs_lock = True
    published = Timings(heartbeat_us=1_000_000, lease_us=5_000_000)
    has_terms = False

    def started(self, now_us: int) -> None:
        self._wait(now_us)

    def demoted(self, now_us: int) -> None:
        self._wait(now_us)

    def _wait(self, now_us: int) -> None:
        """Queue for the lock; the clock of the last heartbeat starts now."""
        self.election.heard_us = now_us
        self.request_lock()
        self.arm(Timer.WATCH, now_us + self.timings.lease_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is not Timer.WATCH or self.election.role is not Role.FOLLOWER:
            return
        due_us = self.election.heard_us + self.timings.lease_us
        if due_us <= now_us:
            self.request_lock(steal=True)
            due_us = now_us + self.timings.lease_us
        self.arm(Timer.WATCH, due_us)

    def lock_granted(self, now_us: int) -> None:
        self.election.win(now_us)

    def lock_lost(self, now_us: int) -> None:
        self.election.move(On.OUTRANKED)
