"""The steps that break the buses of a window, on the endpoints that either arm has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from oneroom.core.bus_kind import BusKind
from oneroom.driver.faults import Fault, Faults
from oneroom.scenario.duration import Range


class BusEndpoint(Protocol):
    """A window's end of one of its buses, as far as faults go. Faults of one end add up."""

    def delay(self, low_us: int, high_us: int) -> None:
        """Delay every message to and from this endpoint from now on."""

    def lose(self, ratio: float) -> None:
        """Lose every message to and from this endpoint with that probability (0..1)."""

    def partition(self) -> None:
        """Cut this endpoint off, both ways."""

    def deafen(self) -> None:
        """Cut this endpoint off from what others post."""

    def heal(self) -> int:
        """Remove all faults. Returns for how long, in microseconds, what was delayed may still be
        on its way.
        """


class BusSteps:
    """See `oneroom.scenario.stage.BusSteps`. `endpoints` are those of a window by the kind of bus,
    None for a window that is not open; `late` is told how long delayed messages may still come.
    """

    def __init__(
        self,
        faults: Faults,
        endpoints: Callable[[str], Mapping[BusKind, BusEndpoint] | None],
        late: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._faults = faults
        self._endpoints = endpoints
        self._late = late

    def delay(self, window: str, delay: Range, bus: str = "") -> None:
        """See the stage."""
        for end in self._begin("delay_bus", window, bus):
            end.delay(delay.low_us, delay.high_us)

    def lose(self, window: str, loss_ratio: float, bus: str = "") -> None:
        """See the stage."""
        for end in self._begin("lose_bus", window, bus):
            end.lose(loss_ratio)

    def partition(self, window: str, bus: str = "") -> None:
        """See the stage."""
        for end in self._begin("partition", window, bus):
            end.partition()

    def deafen(self, window: str, bus: str = "") -> None:
        """See the stage."""
        for end in self._begin("deafen", window, bus):
            end.deafen()

    def _begin(self, name: str, window: str, bus: str) -> list[BusEndpoint]:
        """The endpoints of the window that are meant: all, or that of one bus."""
        ends = self._endpoints(window)
        if ends is None:
            return []
        self._faults.begin(Fault(name, window, partial(self._heal, name, window)))
        return [end for kind, end in ends.items() if not bus or kind == bus]

    def _heal(self, name: str, window: str) -> None:
        """The buses of the window are what the head of the scenario says."""
        ends = self._endpoints(window)
        for end in () if ends is None else ends.values():
            late_us = end.heal()
            if late_us:
                self._late(late_us)
        self._faults.clear(name, window)
