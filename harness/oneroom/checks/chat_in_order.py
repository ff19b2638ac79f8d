"""Safety check: a window shows a chat channel in the server's order.

Promise: the messages that a window shows of a channel are in the order in which the server stored
         them.
Exempt:  a window that opens again begins with an empty cache.
Vacuous: no window ever showed two messages of one channel.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.chat_records import ChatShown
from oneroom.trace.records import Life, LifeChanged, Record


class ChatInOrder(Check):
    """Follows the newest `seq` that each window shows of each channel.

    `details` of a violation: the channel (interned), the `seq` shown before, the `seq` shown now.
    """

    name = "chat_in_order"
    promise = "a window shows a chat channel in the server's order"
    reads: tuple[type[Record], ...] = (ChatShown, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.newest: dict[int, dict[int, int]] = {}  # window -> channel -> seq

    def on(self, record: Record) -> None:
        match record:
            case ChatShown(where=window, channel=channel, seq=seq):
                newest = self.newest.setdefault(window, {})
                before = newest.get(channel)
                if before is not None:
                    self.seen = True
                    if seq < before:
                        self.violate(record, (window,), (channel, before, seq))
                newest[channel] = seq
            case LifeChanged(where=window, life=Life.OPENED):
                self.newest.pop(window, None)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        channel, before, seq = violation.details
        window = names[violation.windows[0]]
        return (
            f"{window} shows the {_nth(seq)} message of {names[channel]} below the {_nth(before)}"
        )


def _nth(number: int) -> str:
    """The ordinal of `number`: `1st`, `2nd`, `13th`."""
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"
