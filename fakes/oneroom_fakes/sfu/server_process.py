"""The server's process: a clock that stands still when the process does.

Rules: what is due while it stands still runs when it goes on, in the order in which it was due. The
kernel below it goes on: connections are accepted, and what comes in waits (`docker pause` of
LiveKit v1.13.5, seen).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.ports.scheduler import Scheduler


class ServerProcess:
    """`oneroom.ports.scheduler.Scheduler` for whatever runs in the server."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.standing_still = False
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

    def run(self, what: Callable[[Any], None], argument: Any) -> None:
        """Now, or as soon as it runs."""
        self._due((what, argument))

    def pause(self) -> None:
        """It stands still."""
        self.standing_still = True

    def go_on(self) -> None:
        """It runs again, and does first what has waited."""
        self.standing_still = False
        waiting, self._waiting = self._waiting, []
        for run, argument in waiting:
            run(argument)

    def end(self) -> None:
        """It is gone, with what has waited."""
        self.standing_still = False
        self._waiting.clear()

    def _due(self, call: tuple[Callable[[Any], None], Any]) -> None:
        if self.standing_still:
            self._waiting.append(call)
        else:
            call[0](call[1])
