"""One bus made of several: what a window is plugged into that has more than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from oneroom.core.buses import BusChoice
from oneroom.core.events import Received
from oneroom.core.messages import Message
from oneroom.ports.bus import Bus


class Buses:
    """Implements `oneroom.ports.bus.Bus`. A message may arrive on several buses; the machine takes
    it once or twice alike.
    """

    choice_class: ClassVar[type[BusChoice]] = BusChoice

    def __init__(self, count: int, hear: Callable[[Received], None]) -> None:
        self._choice = self.choice_class(count)
        self._hear = hear
        self._buses: Sequence[Bus] = ()

    def plug_in(self, buses: Sequence[Bus]) -> None:
        """The buses, the preferred one first; each was made with the `ear` of its number."""
        self._buses = buses

    def ear(self, bus: int) -> Callable[[Received], None]:
        """The receiver that the bus of that number is to call."""
        # not `self`, which holds the buses that hold this
        choice, handle = self._choice, self._hear

        def hear(received: Received) -> None:
            choice.heard(bus)
            handle(received)

        return hear

    def post(self, message: Message) -> None:
        """See the port."""
        for bus in self._choice.of(message):
            self._buses[bus].post(message)
