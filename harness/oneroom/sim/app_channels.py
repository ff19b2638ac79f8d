"""The BroadcastChannels of an app's page: objects of many names, with the faults of one bus."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from oneroom.core.events import Received
from oneroom.javascript.window import JavaScriptWindow
from oneroom.sim.app_bus import AppBus
from oneroom_fakes.broadcast_channel import ChannelEndpoint
from oneroom_fakes.link import BusEndpoint
from oneroom_fakes.user_buses import UserBuses


class AppChannels(AppBus):
    """Implements `oneroom.javascript.window_ports.Channels`. What a step does to the bus of the
    window happens to every channel, and to those that are opened until it is healed.
    """

    def __init__(self, window: JavaScriptWindow, buses: UserBuses) -> None:
        super().__init__()
        self._window = window
        self._buses = buses
        self._ends: dict[int, ChannelEndpoint] = {}

    def open(self, number: int, name: str) -> None:
        """See the port."""
        hear = partial(self._hear, number)
        end = self._ends[number] = self._buses.channel(name).join(self._window.name, hear)
        self._opened(end)

    def post(self, number: int, text: str) -> None:
        """See the port."""
        self._ends[number].post(text)

    def close_channel(self, number: int) -> None:
        """See the port."""
        self._ends.pop(number).close()

    def _open_ends(self) -> Iterable[BusEndpoint]:
        return self._ends.values()

    def _hear(self, number: int, received: Received) -> None:
        self._window.message_came(number, str(received.message))

    def close(self) -> None:
        """See `BusEndpoint`."""
        for end in self._ends.values():
            end.close()
        self._ends.clear()
