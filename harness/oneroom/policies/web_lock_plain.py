"""A Web Lock and nothing else: its holder owns.

This is pubkey/broadcast-channel since 5.0, tab-election 4, and most blog posts. Freed by close and
crash, so no time-out is needed and never two hold it. As a page closes both libraries release it
themselves, some 10 ms before the browser does it here. `web-lock` is the same election with terms,
the main window's preference and the good manners of a handoff.

How it fails: a holder that does not run keeps the lock, and there is no second opinion: a page that
is stopped, or kept in the back/forward cache, owns for ever while all others wait in the queue.
"""

from __future__ import annotations

from oneroom.core.election import On
from oneroom.core.policy import Policy


class WebLockPlain(Policy):
    """pubkey/broadcast-channel 5, tab-election 4: asks once for the lock, then owns."""

    name = "web-lock-plain"
    needs_lock = True
    has_terms = False

    def started(self, now_us: int) -> None:
        self.request_lock()

    def lock_granted(self, now_us: int) -> None:
        self.election.win(now_us)

    def lock_lost(self, now_us: int) -> None:
        """Step down after a foreign steal; tab-election clears `isLeader` and never asks again."""
        self.election.move(On.OUTRANKED)
