"""Choices of buses without one of their protections."""

from __future__ import annotations

from oneroom.core.bus_choice import BusChoice
from oneroom.core.messages import Message


class RepeatsOnSameBus(BusChoice):
    """A repeated message goes where the first one went."""

    def of(self, message: Message) -> tuple[int, ...]:
        return self._used
