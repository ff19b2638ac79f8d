"""Drivers of a window without one of their protections."""

from __future__ import annotations

from oneroom.core.events import Event, LeaseSeen
from oneroom.driver.coordinator_window import CoordinatorWindow


class HearsOfLeaseLate(CoordinatorWindow):
    """The row in storage is known by its event alone, as late as that comes."""

    def _read_lease(self) -> None:
        pass

    def _task(self, event: Event) -> None:
        if not isinstance(event, LeaseSeen):
            super()._task(event)
        elif not (self._in_turn and self._defer(event)):
            self.turn(event)


class NestsTurns(CoordinatorWindow):
    """Reports of the SDK during the actions of a turn are turns nested in it."""

    def _defer(self, event: Event) -> bool:
        return False
