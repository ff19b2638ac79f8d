"""Safety check: a chat message is stored once and shown once.

Promise: the server stores every message that a user wrote in a window at most once, and no other in
         the window's name; no window shows a message twice.
Exempt:  a window that opens again begins with an empty cache, so it shows again the messages that
         it showed before.
Vacuous: no window ever showed a message, and nothing that a window wrote was stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.chat_records import ChatShown, ChatStored, ChatWritten
from oneroom.trace.records import Life, LifeChanged, Record

_SHOWN, _STORED = 0, 1


class ChatOnce(Check):
    """Follows what each window shows, and which written messages are not stored yet.

    `windows` of a violation: the window that shows the message twice, or that wrote it. `details`:
    `_SHOWN` or `_STORED`, and the message.
    """

    name = "chat_once"
    promise = "a chat message is stored once and shown once"
    reads: tuple[type[Record], ...] = (ChatShown, ChatStored, ChatWritten, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[int, set[int]] = {}
        self.writers: dict[int, int] = {}  # instance -> window
        # (instance, number) of what was written and is not stored
        self.unstored: dict[tuple[int, int], bool] = {}

    def on(self, record: Record) -> None:
        match record:
            case ChatShown(where=window, message=message):
                self.seen = True
                shown = self.shown.setdefault(window, set())
                if message in shown:
                    self.violate(record, (window,), (_SHOWN, message))
                shown.add(message)
            case ChatWritten(where=window, sender=sender, number=number):
                self.writers[sender] = window
                self.unstored[sender, number] = True
            case ChatStored(sender=sender, number=number, message=message):
                if number:
                    self.seen = True
                    if self.unstored.pop((sender, number), None) is None:
                        self.violate(
                            record, (self.writers.get(sender, sender),), (_STORED, message)
                        )
            case LifeChanged(where=window, life=Life.OPENED):
                self.shown.pop(window, None)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        what, message = violation.details
        window = names[violation.windows[0]]
        if what == _SHOWN:
            return f"{window} shows chat message {message} a second time"
        return f"the chat server stores what {window} wrote a second time, as message {message}"
