"""A clock that differs from the run's time: the wall clock was set, or a clock stopped during
sleep.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.core.actions import Action
from oneroom.core.events import Event


class SkewedClock:
    """`Coordinator.handle` with a shifted clock: `skew_us` is how far it is ahead of the run's
    time.
    """

    def __init__(self, handle: Callable[[Event, int], list[Action]], skew_us: int) -> None:
        self._handle = handle
        self._skew_us = skew_us

    def __call__(self, event: Event, now_us: int) -> list[Action]:
        return self._handle(event, now_us + self._skew_us)
