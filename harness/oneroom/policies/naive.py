"""Today's app: every window connects by itself. The known-bad baseline.

Two runtimes do not share a store, so each window believes that it is the only one: it owns from its
first line on, sends nothing, listens to nothing, and does not come back after a disconnect (the app
listens for `Disconnected` and clears its state).
"""

from __future__ import annotations

from oneroom.core.policy import Policy


class Naive(Policy):
    """No election at all."""

    name = "naive"
    needs_bus = False
    solo = True

    def started(self, now_us: int) -> None:
        self.election.win(now_us)
