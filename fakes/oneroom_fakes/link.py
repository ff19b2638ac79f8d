"""Faults of a message on its way, on any bus: delay, loss, duplication, and the faults of one
endpoint.

No real bus of one machine loses or duplicates messages; these faults stand for a bus of unknown
guarantees. Deaf and partitioned windows are real: another storage partition, an isolated process, a
listener that was lost (electron/electron#37417), none of which is reported to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.events import Received
from oneroom.ports.observer import Loss, Observer
from oneroom_fakes.latency import Delays

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a
# message.
_FATE = Label.FATE


class Link:
    """The quality of a link: the distribution of its delays, loss and duplication ratios (0..1)."""

    def __init__(self, delays_us: Delays, loss_ratio: float, duplicate_ratio: float) -> None:
        self.delays_us = delays_us
        self.loss_ratio = loss_ratio
        self.duplicate_ratio = duplicate_ratio
        self.span = len(delays_us)
        # One draw decides both delay and loss: values beyond the span of delays mean "lost".
        self.bound = (
            self.span
            if loss_ratio <= 0
            else max(self.span + 1, round(self.span / max(1 - loss_ratio, 1e-6)))
        )
        if loss_ratio >= 1:
            self.span = 0

    def fate(self, choices: Choices) -> int:
        """Draw the delay in microseconds, or -1 for a lost message."""
        value = choices.draw(_FATE, self.bound)
        return self.delays_us[value] if value < self.span else -1

    def twice(self, choices: Choices) -> bool:
        """Draw whether the message arrives twice."""
        if self.duplicate_ratio <= 0:
            return False
        return choices.draw(Label.DUPLICATE, 1_000_000) >= 1_000_000 - int(
            self.duplicate_ratio * 1_000_000
        )


class BusEndpoint:
    """One window's end of a bus, with its faults, which add up. `hear` is called with each message
    that arrives; `link` is the bus's own, without a fault.
    """

    def __init__(self, window: str, hear: Callable[[Received], None], link: Link) -> None:
        self.window = window
        self.hear = hear
        self.disturbed = False
        self.deaf = False
        self.partitioned = False
        self.rule: Link | None = None
        self._link = link

    def post(self, message: Any) -> None:
        """Broadcast `message`, a value of the windows; returns at once and never raises."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave the bus: the window is gone."""
        raise NotImplementedError

    def delay(self, low_us: int, high_us: int) -> None:
        """Delay every message to and from this endpoint by `low_us` to `high_us`."""
        rule = self.rule or self._link
        self.rule = Link(range(low_us, high_us + 1), rule.loss_ratio, rule.duplicate_ratio)
        self.disturbed = True

    def lose(self, ratio: float) -> None:
        """Lose every message to and from this endpoint with probability `ratio` (0..1)."""
        rule = self.rule or self._link
        self.rule = Link(rule.delays_us, ratio, rule.duplicate_ratio)
        self.disturbed = True

    def partition(self) -> None:
        """Cut this endpoint off, both ways."""
        self.partitioned = self.disturbed = True

    def deafen(self) -> None:
        """Cut this endpoint off from what others post; what it posts is heard."""
        self.deaf = self.disturbed = True

    def heal(self) -> int:
        """Remove all faults. Returns for how long, in microseconds, a message that they have
        delayed may still be on its way.
        """
        late_us = 0 if self.rule is None else self.rule.delays_us[-1]
        self.deaf, self.partitioned, self.rule, self.disturbed = False, False, None, False
        return late_us


def copies(
    sender: BusEndpoint | None,
    receiver: BusEndpoint,
    link: Link,
    choices: Choices,
    observer: Observer,
) -> Sequence[int]:
    """The delays in microseconds of the copies of one message that reach `receiver`: none, one or
    two. `sender` is None if its window is gone.
    """
    if receiver.partitioned or (sender is not None and sender.partitioned):
        observer.message_lost(receiver.window, Loss.PARTITIONED)
        return ()
    if receiver.deaf:
        observer.message_lost(receiver.window, Loss.DEAF)
        return ()
    rule = (sender.rule if sender is not None else None) or receiver.rule or link
    delays_us: list[int] = []
    for _ in range(2 if rule.twice(choices) else 1):
        delay_us = rule.fate(choices)
        if delay_us < 0:
            observer.message_lost(receiver.window, Loss.LOST)
        else:
            delays_us.append(delay_us)
    return delays_us
