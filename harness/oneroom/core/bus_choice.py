"""Choice of the bus to speak on, when windows do not have the same buses.

A window listens on every bus that it has, and speaks on the first. It also speaks on every bus on
which it has ever received a message, because a window there may hear nothing else. A probe that is
repeated with nothing heard in between, and a command that is repeated, go out on every bus: the
first one may have died without an error.
"""

from __future__ import annotations

from oneroom.core.messages import Command, HandoffRequest, Message, Probe


class BusChoice:
    """The choice of one window. Buses are numbered from 0, the preferred one, to `count` - 1."""

    def __init__(self, count: int) -> None:
        self._all = tuple(range(count))
        self._used: tuple[int, ...] = (0,)
        self._asked = False
        self._commanded = 0

    def heard(self, bus: int) -> None:
        """Note a message received on `bus`."""
        self._asked = False
        if bus not in self._used:
            self._used = tuple(sorted((*self._used, bus)))

    def of(self, message: Message) -> tuple[int, ...]:
        """The buses on which to post `message`."""
        return self._all if self._repeats(message) else self._used

    def _repeats(self, message: Message) -> bool:
        if isinstance(message, Command):
            again = message.number <= self._commanded
            self._commanded = max(self._commanded, message.number)
            return again
        if isinstance(message, Probe | HandoffRequest):
            again, self._asked = self._asked, True
            return again
        return False
