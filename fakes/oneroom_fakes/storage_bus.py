"""The bus `storage-event`: messages over one key of localStorage, received as `storage` events.

The app's fallback, built on `local_storage.py`, where there is no BroadcastChannel (the method of
pubkey/broadcast-channel for localStorage): every message overwrites one key. A value causes an
event only if it differs from the one before it, so each carries its sender and a number of its own.
Consequences: a frozen page gets no message until it resumes; a full quota loses messages; a write
of the window's own may mask the value of another window's, never its event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oneroom.choices.choices import Choices
from oneroom.core.events import Received
from oneroom.core.messages import Message
from oneroom.core.wire import decode, encode
from oneroom.ports.observer import Loss, Observer
from oneroom_fakes.link import BusEndpoint, Link, copies
from oneroom_fakes.local_storage import QuotaExceededError, StorageArea, StorageEvent

KEY = "voice-bus"

# Number of messages that are kept decoded: every window reads each of them soon after it was
# written.
_REMEMBERED = 256


class StorageEndpoint(BusEndpoint):
    """One window's end of the bus. `name` is its sender name."""

    def __init__(
        self, bus: StorageBus, area: StorageArea, hear: Callable[[Received], None], name: str
    ) -> None:
        super().__init__(area.page.name, hear, bus.link)
        self.bus = bus
        self.area = area
        self.name = name
        self.posted = 0
        area.listeners.append(self._stored)
        area.delays = self._delays

    def post(self, message: Message) -> None:
        """Broadcast `message`; returns at once and never raises."""
        self.posted += 1
        self.bus.post(self, f"{self.name} {self.posted} {encode(message)}")

    def close(self) -> None:
        """Leave the bus: the window is gone."""
        self.area.delays = None
        self.bus.endpoints.remove(self)

    def _delays(self, event: StorageEvent) -> Sequence[int]:
        """The delays in microseconds that the link adds to an event for this window, one for each
        copy that arrives.
        """
        if event.key != KEY or event.new_value is None:
            return (0,)
        bus = self.bus
        return copies(bus.sender(event.new_value), self, bus.link, bus.choices, bus.observer)

    def _stored(self, event: StorageEvent) -> None:
        if event.key == KEY and event.new_value is not None:
            received = self.bus.received(event.new_value)
            if received is not None:
                self.hear(received)


class StorageBus:
    """All windows that share one localStorage."""

    def __init__(self, choices: Choices, observer: Observer, link: Link) -> None:
        self.choices = choices
        self.observer = observer
        self.link = link
        self.endpoints: list[StorageEndpoint] = []
        self.joined = 0
        self._known: dict[str, Received | None] = {}

    def join(self, area: StorageArea, hear: Callable[[Received], None]) -> StorageEndpoint:
        """Add a window, which gets messages from now on. Its sender name is unique: two documents
        never share one.
        """
        self.joined += 1
        endpoint = StorageEndpoint(self, area, hear, f"{area.page.name}/{self.joined}")
        self.endpoints.append(endpoint)
        return endpoint

    def post(self, sender: StorageEndpoint, text: str) -> None:
        """Write a message to the key; one beyond the quota is lost for every other window."""
        if sender.partitioned:
            self._lost(sender, Loss.PARTITIONED)
            return
        try:
            sender.area.set_item(KEY, text)
        except QuotaExceededError:
            self._lost(sender, Loss.LOST)

    def sender(self, text: str) -> StorageEndpoint | None:
        """The endpoint that wrote `text`, or None if its window is gone."""
        name, _, _ = text.partition(" ")
        return next((endpoint for endpoint in self.endpoints if endpoint.name == name), None)

    def received(self, text: str) -> Received | None:
        """The message in the value `text`, or None if it holds none."""
        if text not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            message = decode(text.partition(" ")[2].partition(" ")[2])
            self._known[text] = None if message is None else Received(message)
        return self._known[text]

    def _lost(self, sender: StorageEndpoint, why: Loss) -> None:
        for endpoint in self.endpoints:
            if endpoint is not sender:
                self.observer.message_lost(endpoint.window, why)
