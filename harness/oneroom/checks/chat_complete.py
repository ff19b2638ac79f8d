"""Liveness check: no chat message is missing in the end.

Promise: when the run has settled, every running window shows every message that the server has
         stored since that window first had a chat socket, and everything that its user wrote there
         is stored and shown as sent.
Exempt:  messages written in a window that was closed or crashed before they were stored: no outbox
         outlives its window. Messages stored before the first socket was open are history: a window
         begins with the last page of it.
Vacuous: nothing was stored or written while a window with a chat was open.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.chat_records import (
    ChatConfirmed,
    ChatShown,
    ChatSocketChanged,
    ChatSocketState,
    ChatStored,
    ChatWritten,
)
from oneroom.trace.records import Healed, LifeChanged, Record, Settled

_MISSING, _UNSENT = 0, 1


class ChatComplete(LivenessCheck):
    """Follows what is stored, written, shown and confirmed.

    `details` of a violation: `_MISSING` and the message, or `_UNSENT` and the number that the
    window gave it.
    """

    name = "chat_complete"
    promise = "after healing every window shows every chat message since its first chat socket"
    reads: tuple[type[Record], ...] = (
        ChatStored,
        ChatShown,
        ChatWritten,
        ChatConfirmed,
        ChatSocketChanged,
        LifeChanged,
        Healed,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        # window with a chat -> message -> when it was stored
        self.missing: dict[int, dict[int, int]] = {}
        self.unsent: dict[int, dict[int, int]] = {}  # window -> number -> when it was written

    def follow(self, record: Record) -> None:
        match record:
            case ChatStored(message=message):
                for missing in self.missing.values():
                    self.seen = True
                    missing[message] = record.at_us
            case ChatShown(where=window, message=message):
                if window in self.missing:
                    self.missing[window].pop(message, None)
            case ChatWritten(where=window, number=number):
                self.seen = True
                self.unsent[window][number] = record.at_us
            case ChatConfirmed(where=window, number=number):
                self.unsent[window].pop(number, None)
            case ChatSocketChanged(where=window, state=state):
                self.unsent.setdefault(window, {})
                if state == ChatSocketState.OPEN:
                    self.missing.setdefault(window, {})
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.missing.pop(window, None)
                    self.unsent.pop(window, None)

    def settle(self, record: Settled) -> None:
        for what, windows in ((_MISSING, self.missing), (_UNSENT, self.unsent)):
            for window, messages in windows.items():
                if self.lifecycle.runs(window):
                    for message, at_us in messages.items():
                        self.violate(record, (window,), (what, message), since_us=at_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        what, message = violation.details
        window = names[violation.windows[0]]
        since_s = violation.since_us / 1_000_000
        if what == _MISSING:
            return (
                f"after healing {window} does not show chat message {message} (stored at "
                f"{since_s:.3f} s)"
            )
        return (
            f"message {message} that the user wrote in {window} at {since_s:.3f} s was never shown "
            "as sent"
        )
