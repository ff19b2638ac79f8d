"""The BroadcastChannels of an app's page: objects of many names, with the faults of one bus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from oneroom.core.events import Received
from oneroom.javascript.window import JavaScriptWindow
from oneroom_fakes.broadcast_channel import ChannelEndpoint
from oneroom_fakes.link import BusEndpoint
from oneroom_fakes.user_buses import UserBuses

_Fault = Callable[[BusEndpoint], object]


class AppChannels:
    """Implements `oneroom.javascript.window_ports.Channels`. What a step does to the bus of the
    window happens to every channel, and to those that are opened until it is healed.
    """

    def __init__(self, window: JavaScriptWindow, buses: UserBuses) -> None:
        self._window = window
        self._buses = buses
        self._ends: dict[int, ChannelEndpoint] = {}
        self._faults: list[_Fault] = []

    # -- for the page -----------------------------------------------------------------------------

    def open(self, number: int, name: str) -> None:
        """See the port."""
        hear = partial(self._hear, number)
        end = self._ends[number] = self._buses.channel(name).join(self._window.name, hear)
        for fault in self._faults:
            fault(end)

    def post(self, number: int, text: str) -> None:
        """See the port."""
        self._ends[number].post(text)

    def close_channel(self, number: int) -> None:
        """See the port."""
        self._ends.pop(number).close()

    def _hear(self, number: int, received: Received) -> None:
        self._window.message_came(number, str(received.message))

    # -- for the world ----------------------------------------------------------------------------

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
        for end in self._ends.values():
            fault(end)

    def heal(self) -> int:
        """See `BusEndpoint`."""
        self._faults.clear()
        return max((end.heal() for end in self._ends.values()), default=0)

    def close(self) -> None:
        """See `BusEndpoint`."""
        for end in self._ends.values():
            end.close()
        self._ends.clear()
