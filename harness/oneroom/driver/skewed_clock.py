"""A window's clock that differs from the run's time, and from the wall clock: the wall clock was
set, or a clock stopped during sleep.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.core.actions import Action
from oneroom.core.events import Event, WallClockJumped


class SkewedClock:
    """`Coordinator.handle` with a shifted clock: `skew_us` is how far it is ahead of the run's
    time.

    `jumped_us` is how much further than it the wall clock went since the last turn; the next turn
    is told first.
    """

    def __init__(self, handle: Callable[[Event, int], list[Action]]) -> None:
        self.skew_us = 0
        self.jumped_us = 0
        self._handle = handle

    def __call__(self, event: Event, now_us: int) -> list[Action]:
        now_us += self.skew_us
        if not self.jumped_us:
            return self._handle(event, now_us)
        jumped_us, self.jumped_us = self.jumped_us, 0
        told = self._handle(WallClockJumped(jumped_us), now_us)
        return [*told, *self._handle(event, now_us)]
