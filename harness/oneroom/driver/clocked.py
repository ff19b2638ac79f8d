"""A machine whose clock does not show the time of the run: the wall clock was set, or a clock stood
still in sleep.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.core.actions import Action
from oneroom.core.events import Event


class Clocked:
    """`handle` of a coordinator, told another time: `skew_us` is how far its clock is ahead."""

    def __init__(self, handle: Callable[[Event, int], list[Action]], skew_us: int) -> None:
        self._handle = handle
        self._skew_us = skew_us

    def __call__(self, event: Event, now_us: int) -> list[Action]:
        return self._handle(event, now_us + self._skew_us)
