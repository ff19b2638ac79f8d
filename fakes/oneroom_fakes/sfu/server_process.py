"""The server's process, which can be paused: a scheduler for everything that runs in it.

Rules: what is due during a pause runs when the pause is over, in the order in which it was due. The
kernel is not paused: connections are accepted, and what comes in waits (`docker pause` of LiveKit
v1.13.5, seen).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.ports.scheduler import Scheduler


class ServerProcess:
    """Implements `oneroom.ports.scheduler.Scheduler` for the server."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.is_paused = False
        self._scheduler = scheduler
        self._waiting: list[tuple[Callable[[Any], None], Any]] = []

    @property
    def now_us(self) -> int:
        """See the port."""
        return self._scheduler.now_us

    def at(self, at_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """See the port."""
        self._scheduler.at(at_us, self._due, (run, argument))

    def after(self, delay_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """See the port."""
        self._scheduler.after(delay_us, self._due, (run, argument))

    def run(self, run: Callable[[Any], None], argument: Any) -> None:
        """Call `run(argument)` now, or when the pause is over."""
        self._due((run, argument))

    def pause(self) -> None:
        """Stop the process."""
        self.is_paused = True

    def unpause(self) -> None:
        """Continue the process; what was due during the pause runs at once."""
        self.is_paused = False
        waiting, self._waiting = self._waiting, []
        for run, argument in waiting:
            run(argument)

    def end(self) -> None:
        """The process has ended: drop what was due during a pause."""
        self.is_paused = False
        self._waiting.clear()

    def _due(self, call: tuple[Callable[[Any], None], Any]) -> None:
        if self.is_paused:
            self._waiting.append(call)
        else:
            call[0](call[1])
