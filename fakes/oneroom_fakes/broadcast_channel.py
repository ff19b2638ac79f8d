"""The bus `broadcast-channel`: a posted message goes to every other window that has the channel
open at that moment.

Models (HTML standard, "broadcasting to other browsing contexts"; Chromium 156, seen): no
self-delivery; FIFO per sender and receiver; in Chromium one total order, the same at every
receiver; no history; a message is delivered even if its sender dies in the instant of posting; a
receiver that is gone on arrival gets nothing; throttling does not affect delivery. Loss and faults
are in `link.py`, which delays by `DELAYS_US` unless the scenario says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.events import Received
from oneroom.ports.observer import Loss, Observer
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.latency import quantiles
from oneroom_fakes.link import BusEndpoint, Link, copies

# From `postMessage` to the handler in another process, which may be hidden.
DELAYS_US = quantiles(
    (0, 150), (100, 260), (500, 400), (750, 650), (900, 1_000), (990, 4_000), (1000, 8_000)
)

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a
# message.
_FATE = Label.FATE


class ChannelEndpoint(BusEndpoint):
    """One window's end of the channel. `hear` is called in the instant of arrival with the shared
    `Received`.
    """

    def __init__(
        self, channel: BroadcastChannel, window: str, hear: Callable[[Received], None]
    ) -> None:
        super().__init__(window, hear, channel.link)
        self.channel = channel
        self.last_us = -1
        self.last_from_us: dict[str, int] = {}

    def post(self, message: Any) -> None:
        """Broadcast `message`: draw the fate of each copy and schedule its arrival. Returns at once
        and never raises.
        """
        channel = self.channel
        received = Received(message)
        if self.disturbed or not channel.plain:
            for receiver in channel.endpoints:
                channel.send(self, receiver, received)
            return
        # The same as `send` in Chromium's order, for a link that does not duplicate and an endpoint
        # without faults; inlined because most of a run is spent here.
        link, draw, at = channel.link, channel.choices.draw, channel.scheduler.at
        bound, span, delays_us = link.bound, link.span, link.delays_us
        now_us = channel.scheduler.now_us
        for receiver in channel.endpoints:
            if receiver is self:
                continue
            if receiver.disturbed:
                channel.send(self, receiver, received)
                continue
            fate = draw(_FATE, bound)
            if fate >= span:
                channel.observer.message_lost(receiver.window, Loss.LOST)
                continue
            at_us = now_us + delays_us[fate]
            if at_us <= receiver.last_us:
                at_us = receiver.last_us + 1
            receiver.last_us = at_us
            at(at_us, receiver.hear, received)

    def close(self) -> None:
        """Leave the channel. A message under way to this window is dropped by the window itself on
        arrival.
        """
        self.channel.endpoints.remove(self)


class BroadcastChannel:
    """All windows of one storage partition. `total_order` is Chromium's behaviour; the standard
    promises order per sender only.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        choices: Choices,
        observer: Observer,
        link: Link,
        *,
        total_order: bool,
    ) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.observer = observer
        self.link = link
        self.total_order = total_order
        self.plain = total_order and link.duplicate_ratio <= 0
        self.endpoints: list[ChannelEndpoint] = []

    def join(self, window: str, hear: Callable[[Received], None]) -> ChannelEndpoint:
        """`new BroadcastChannel(name)` in `window`: it gets what is posted from now on."""
        endpoint = ChannelEndpoint(self, window, hear)
        self.endpoints.append(endpoint)
        return endpoint

    def send(self, sender: ChannelEndpoint, receiver: ChannelEndpoint, received: Received) -> None:
        """Send one copy, with all faults and in either order; `ChannelEndpoint.post` inlines the
        common case.
        """
        if receiver is not sender:
            for delay_us in copies(sender, receiver, self.link, self.choices, self.observer):
                self._arrive(sender, receiver, received, delay_us)

    def _arrive(
        self, sender: ChannelEndpoint, receiver: ChannelEndpoint, received: Received, delay_us: int
    ) -> None:
        """Schedule an arrival, in order: one that would overtake is moved to 1 us after the one
        before.
        """
        at_us = self.scheduler.now_us + delay_us
        if self.total_order:
            if at_us <= receiver.last_us:
                at_us = receiver.last_us + 1
            receiver.last_us = at_us
        else:
            at_us = max(at_us, receiver.last_from_us.get(sender.window, -1) + 1)
            receiver.last_from_us[sender.window] = at_us
        self.scheduler.at(at_us, receiver.hear, received)
