"""The lateness of chat messages.

Rules: bookkeeping for the ledger, no judgement. A message is late in a window from the moment at
which the server stored it until the window shows it, if the window had a chat socket before; time
in which the window is frozen or its machine sleeps does not count, because nobody looks at it then.
"""

from __future__ import annotations

from oneroom.trace.chat_records import (
    ChatShown,
    ChatSocketChanged,
    ChatSocketState,
    ChatStored,
)
from oneroom.trace.records import GONE, Life, LifeChanged, Record

_UNSEEN = (Life.FROZEN, Life.SLEPT)
_SEEN = (Life.RESUMED, Life.WOKE)


class ChatLateness:
    """`worst_us` is the worst lateness of a message that is shown, `stored` the record in which
    the message was stored that made it so; `so_far` counts those that are missing as well.
    """

    reads: tuple[type[Record], ...] = (ChatStored, ChatShown, ChatSocketChanged, LifeChanged)

    def __init__(self) -> None:
        self.worst_us = 0
        self.stored = -1
        # window with a chat -> message -> when it was stored, by the window's clock, and its record
        self._missing: dict[int, dict[int, tuple[int, int]]] = {}
        self._unseen: dict[int, int] = {}  # window -> since when nobody looks at it
        self._lost_us: dict[int, int] = {}  # window -> how long nobody has looked at it

    def on(self, record: Record) -> None:
        """Follow one record of a kind in `reads`."""
        match record:
            case ChatStored(message=message):
                for window, missing in self._missing.items():
                    missing[message] = (self._clock_us(window, record.at_us), record.n)
            case ChatShown(where=window, message=message):
                late = self._missing.get(window, {}).pop(message, None)
                if late is not None:
                    self._found(self._clock_us(window, record.at_us) - late[0], late[1])
            case ChatSocketChanged(where=window, state=ChatSocketState.OPEN):
                self._missing.setdefault(window, {})
            case LifeChanged():
                self._life(record)

    def complete(self) -> bool:
        """Return whether every window with a chat shows every message."""
        return not any(self._missing.values())

    def so_far(self, now_us: int) -> tuple[int, int]:
        """`worst_us` and `stored`, messages that are still missing included."""
        worst = (self.worst_us, self.stored)
        for window, missing in self._missing.items():
            for stored_us, n in missing.values():
                worst = max(worst, (self._clock_us(window, now_us) - stored_us, n))
        return worst

    def _life(self, record: LifeChanged) -> None:
        window, life = record.where, record.life
        if life in GONE:
            self._missing.pop(window, None)
            self._unseen.pop(window, None)
        elif life in _UNSEEN:
            self._unseen.setdefault(window, record.at_us)
        elif life in _SEEN and window in self._unseen:
            since_us = self._unseen.pop(window)
            self._lost_us[window] = self._lost_us.get(window, 0) + record.at_us - since_us

    def _clock_us(self, window: int, now_us: int) -> int:
        """The time in which somebody could look at the window."""
        return self._unseen.get(window, now_us) - self._lost_us.get(window, 0)

    def _found(self, late_us: int, stored: int) -> None:
        if late_us > self.worst_us:
            self.worst_us, self.stored = late_us, stored
