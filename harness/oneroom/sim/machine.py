"""The machine that all windows run on: whether it sleeps, and how far its wall clock was set."""

from __future__ import annotations

from collections.abc import Callable

from oneroom.sim.kernel import Kernel

# 2026-01-01T00:00:00Z: what the wall clock shows when a run begins.
BEGINS_US = 1_767_225_600_000_000


class Machine:
    """`wall_us` is how far the wall clock (`Date.now`) is ahead of the time of the run."""

    def __init__(self, kernel: Kernel) -> None:
        self.wall_us = BEGINS_US
        self._kernel = kernel
        self._asleep_until_us = 0

    def asleep(self) -> bool:
        """True while it sleeps."""
        return self._kernel.now_us < self._asleep_until_us

    def sleep(self, lasts_us: int) -> None:
        """It sleeps for that long from now on."""
        self._asleep_until_us = self._kernel.now_us + lasts_us

    def waits_for_wake(self, step: Callable[[str], None], window: str) -> bool:
        """On a machine that sleeps, `step` is taken when it wakes."""
        if self.asleep():
            self._kernel.after(self._asleep_until_us - self._kernel.now_us, step, window)
            return True
        return False
