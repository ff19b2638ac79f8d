"""A bus of an app's page, whose ends come and go: the faults of a scenario reach all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from oneroom_fakes.link import BusEndpoint

_Fault = Callable[[BusEndpoint], object]


class AppBus:
    """Implements `BusEndpoint` for the steps of a scenario. What a step does to the bus of the
    window happens to every end, and to those that are opened until it is healed.
    """

    def __init__(self) -> None:
        self._faults: list[_Fault] = []

    def _open_ends(self) -> Iterable[BusEndpoint]:
        """The ends that the page has now."""
        raise NotImplementedError

    def _opened(self, end: BusEndpoint) -> None:
        """One more end is there."""
        for fault in self._faults:
            fault(end)

    def delay(self, low_us: int, high_us: int) -> None:
        """See `BusEndpoint`."""
        self._break(lambda end: end.delay(low_us, high_us))

    def lose(self, ratio: float) -> None:
        """See `BusEndpoint`."""
        self._break(lambda end: end.lose(ratio))

    def partition(self) -> None:
        """See `BusEndpoint`."""
        self._break(lambda end: end.partition())

    def deafen(self) -> None:
        """See `BusEndpoint`."""
        self._break(lambda end: end.deafen())

    def _break(self, fault: _Fault) -> None:
        self._faults.append(fault)
        for end in self._open_ends():
            fault(end)

    def heal(self) -> int:
        """See `BusEndpoint`."""
        self._faults.clear()
        return max((end.heal() for end in self._open_ends()), default=0)
