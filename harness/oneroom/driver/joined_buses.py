"""Several buses joined into one, for a window that has more than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from oneroom.core.bus_choice import BusChoice
from oneroom.core.events import Received
from oneroom.core.messages import Message
from oneroom.ports.bus import Bus


class Buses:
    """Implements `oneroom.ports.bus.Bus`.

    A message may arrive on several buses: the coordinator treats a duplicate like the first copy.
    """

    choice_class: ClassVar[type[BusChoice]] = BusChoice

    def __init__(self, count: int, hear: Callable[[Received], None]) -> None:
        self._choice = self.choice_class(count)
        self._hear = hear
        self._buses: Sequence[Bus] = ()

    def plug_in(self, buses: Sequence[Bus]) -> None:
        """Connect the buses, the preferred one first; each was made with the `receiver` of its
        index.
        """
        self._buses = buses

    def receiver(self, bus: int) -> Callable[[Received], None]:
        """A callback that bus number `bus` calls with each message it receives."""
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
