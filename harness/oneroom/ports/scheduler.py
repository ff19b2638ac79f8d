"""Time, as a fake may use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Scheduler(Protocol):
    """Virtual time in integer microseconds.

    A scheduled callback cannot be cancelled: it checks whether it still applies.
    """

    @property
    def now_us(self) -> int:
        """The present time. It does not move while a callback runs."""

    def at(self, at_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """Fast lane: call `run(argument)` at `at_us` (not before now).

        Same-instant order is a draw of the simulator.
        """

    def after(self, delay_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """Slow lane, in the same order of time: server timers, user steps, window lifecycles."""
