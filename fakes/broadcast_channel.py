"""BroadcastChannel: what one window posts, every other window that has the channel open at that moment hears.

Models (HTML standard, "broadcasting to other browsing contexts"; Chromium 156, seen): no self-delivery; FIFO per
sender and receiver; in Chromium one total order, the same at every receiver; no history; what was posted is delivered
even if the sender dies in the same instant; a receiver that is gone by then gets nothing; throttling does not touch
delivery. Faults that the real thing does not have, but users have: loss, duplication, delay, a deaf window, a
partition that nobody is told of (another storage partition, electron/electron#37417).
"""

from __future__ import annotations

from collections.abc import Callable

from harness.choices.choices import Choices
from harness.choices.labels import Label
from harness.core.events import Received
from harness.core.messages import Message
from harness.ports.observer import Loss, Observer
from harness.ports.scheduler import Scheduler

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a message.
_FATE = Label.FATE


class Link:
    """How a message fares: delay bounds in microseconds, loss and duplication ratios (0..1)."""

    def __init__(self, delay_low_us: int, delay_high_us: int, loss_ratio: float, duplicate_ratio: float) -> None:
        self.delay_low_us = delay_low_us
        self.delay_high_us = delay_high_us
        self.loss_ratio = loss_ratio
        self.duplicate_ratio = duplicate_ratio
        self.span = delay_high_us - delay_low_us + 1
        # One draw is a message's whole fate: the values beyond the span of delays mean "lost".
        self.bound = self.span if loss_ratio <= 0 else max(self.span + 1, round(self.span / max(1 - loss_ratio, 1e-6)))
        if loss_ratio >= 1:
            self.span = 0

    def fate(self, choices: Choices) -> int:
        """The delay in microseconds, or -1 for lost."""
        value = choices.draw(_FATE, self.bound)
        return self.delay_low_us + value if value < self.span else -1

    def twice(self, choices: Choices) -> bool:
        """Whether this copy arrives a second time."""
        if self.duplicate_ratio <= 0:
            return False
        return choices.draw(Label.DUPLICATE, 1_000_000) >= 1_000_000 - int(self.duplicate_ratio * 1_000_000)


class Port:
    """One window's end of the channel. `hear` is called in the instant of arrival with the shared `Received`."""

    def __init__(self, channel: BroadcastChannel, window: str, hear: Callable[[Received], None]) -> None:
        self.channel = channel
        self.window = window
        self.hear = hear
        self.disturbed = False
        self.deaf = False
        self.partitioned = False
        self.rule: Link | None = None
        self.last_us = -1
        self.last_from_us: dict[str, int] = {}

    def disturb(self, *, deaf: bool = False, partitioned: bool = False, rule: Link | None = None) -> None:
        """Add a fault to what already disturbs this end."""
        self.deaf = self.deaf or deaf
        self.partitioned = self.partitioned or partitioned
        self.rule = rule or self.rule
        self.disturbed = True

    def heal(self) -> None:
        """No fault any more."""
        self.deaf, self.partitioned, self.rule, self.disturbed = False, False, None, False

    def post(self, message: Message) -> None:
        """Broadcast; returns at once and never raises."""
        self.channel.post(self, message)

    def close(self) -> None:
        """The window is gone. What is on its way to it, the window itself drops on arrival."""
        self.channel.ports.remove(self)


class BroadcastChannel:
    """All windows of one storage partition. `total_order` is Chromium's behaviour; the standard promises order per
    sender only.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, observer: Observer, link: Link, *, total_order: bool
    ) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.observer = observer
        self.link = link
        self.total_order = total_order
        self._plain = total_order and link.duplicate_ratio <= 0
        self.ports: list[Port] = []

    def join(self, window: str, hear: Callable[[Received], None]) -> Port:
        """`new BroadcastChannel(name)` in `window`: it hears what is posted from now on."""
        port = Port(self, window, hear)
        self.ports.append(port)
        return port

    def post(self, sender: Port, message: Message) -> None:
        """Draw the fate of each copy and schedule its arrival."""
        received = Received(message)
        if sender.disturbed or not self._plain:
            for receiver in self.ports:
                self._post_to(sender, receiver, received)
            return
        # The common case, written out: it is most of what a run does.
        link, draw, at = self.link, self.choices.draw, self.scheduler.at
        bound, span = link.bound, link.span
        first_us = self.scheduler.now_us + link.delay_low_us
        for receiver in self.ports:
            if receiver is sender:
                continue
            if receiver.disturbed:
                self._post_to(sender, receiver, received)
                continue
            fate = draw(_FATE, bound)
            if fate >= span:
                self.observer.message_lost(receiver.window, Loss.LOST)
                continue
            at_us = first_us + fate
            if at_us <= receiver.last_us:
                at_us = receiver.last_us + 1
            receiver.last_us = at_us
            at(at_us, receiver.hear, received)

    def _post_to(self, sender: Port, receiver: Port, received: Received) -> None:
        """One copy, with every fault and every order of the bus; `post` is the same for a link without either."""
        if receiver is sender:
            return
        if sender.partitioned or receiver.partitioned:
            self.observer.message_lost(receiver.window, Loss.PARTITIONED)
        elif receiver.deaf:
            self.observer.message_lost(receiver.window, Loss.DEAF)
        else:
            self._send(sender.rule or receiver.rule or self.link, sender, receiver, received)

    def _send(self, link: Link, sender: Port, receiver: Port, received: Received) -> None:
        for _ in range(2 if link.twice(self.choices) else 1):
            delay_us = link.fate(self.choices)
            if delay_us < 0:
                self.observer.message_lost(receiver.window, Loss.LOST)
            else:
                self._arrive(sender, receiver, received, delay_us)

    def _arrive(self, sender: Port, receiver: Port, received: Received, delay_us: int) -> None:
        """Nothing overtakes: an arrival that would is moved behind the one before it."""
        at_us = self.scheduler.now_us + delay_us
        if self.total_order:
            if at_us <= receiver.last_us:
                at_us = receiver.last_us + 1
            receiver.last_us = at_us
        else:
            at_us = max(at_us, receiver.last_from_us.get(sender.window, -1) + 1)
            receiver.last_from_us[sender.window] = at_us
        self.scheduler.at(at_us, receiver.hear, received)
