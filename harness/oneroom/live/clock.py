"""Real time: `oneroom.ports.scheduler.Scheduler` on asyncio.

Rules: time is CLOCK_MONOTONIC minus the start of the run. It is one clock for all processes of a
machine, so the records of several processes can be put in one order. Time stands still during a
turn, as virtual time does: everything a window does about one event happens in one instant.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from oneroom.trace.trace import NO_CAUSE, Trace


def monotonic_us() -> int:
    """Microseconds of the machine's monotonic clock, shared by all its processes and never set."""
    return time.monotonic_ns() // 1_000


class LiveClock:
    """The scheduler of one process.

    `turned` is called after every turn; `failed` gets any exception that a turn raised, which
    asyncio would only print.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        trace: Trace,
        turned: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.trace = trace
        self.epoch_us = monotonic_us()
        self.now_us = 0
        self._loop = loop
        self._turned = turned
        self._failed = failed
        self._in_turn = False

    def begin(self, epoch_us: int) -> None:
        """Set time 0 to `epoch_us` of the monotonic clock."""
        self.epoch_us = epoch_us

    def read_us(self) -> int:
        """The current time, even outside of a turn."""
        return monotonic_us() - self.epoch_us

    def instant_us(self) -> int:
        """The time of the turn; outside of a turn, as in callbacks of the SDK, the current time."""
        return self.now_us if self._in_turn else self.read_us()

    def at(self, at_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """See the port. The current cause is kept, as by the simulator's kernel."""
        self._loop.call_at(
            (self.epoch_us + at_us) / 1_000_000, self._due, at_us, run, argument, self.trace.cause
        )

    def after(self, delay_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """See the port."""
        self.at(self.now_us + delay_us, run, argument)

    def turn(
        self, cause: int, run: Callable[..., None], *arguments: Any, as_of_us: int = NO_CAUSE
    ) -> None:
        """Call `run(*arguments)` as one instant with record `cause` as its cause.

        A call within a turn belongs to that turn. `as_of_us` is the time at which another process
        acted, used instead of the time at which its frame arrived.
        """
        if self._in_turn:
            run(*arguments)
            return
        self.now_us = self.trace.now_us = self.read_us() if as_of_us < 0 else as_of_us
        self.trace.cause = cause
        self._in_turn = True
        try:
            run(*arguments)
        except Exception as error:  # noqa: BLE001  # asyncio would print it and go on
            self._failed(error)
        finally:
            self._in_turn = False
            self.trace.cause = NO_CAUSE
        self._turned()

    def _due(self, at_us: int, run: Callable[[Any], None], argument: Any, cause: int) -> None:
        # A timer may be early by less than the resolution of the loop's clock.
        self.turn(cause, run, argument, as_of_us=max(at_us, self.read_us()))
