"""Drivers of a window without one of their protections."""

from __future__ import annotations

from oneroom.core.events import Event
from oneroom.core.state import Lease
from oneroom.driver.window import Window


class HearsOfLeaseLate(Window):
    """The row in storage is known by its event alone, as late as that comes."""

    def _read_row(self) -> None:
        pass

    def _has_read(self, lease: Lease) -> bool:
        return False


class NestsTurns(Window):
    """What the SDK reports while the actions of a turn are performed is a turn in its middle."""

    def _interrupt(self, event: Event) -> None:
        self._take(event)
