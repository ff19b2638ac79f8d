"""The user's own disconnect wins.

Promise: after a disconnect was applied, no Room is opened, connects or heals in any window until a connect is
         applied; and a window in which the user asked to leave opens no Room until the user asks for a call again,
         anywhere.
Exempt:  nobody: not a reconnect, a retry, a handoff or a failover in flight.
Vacuous: the user never asked to leave.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.checks.check import Check, Violation
from harness.checks.lives import Lives
from harness.trace.records import (
    CommandApplied,
    CommandIssued,
    LifeChanged,
    Record,
    RoomChanged,
    RoomState,
    Verb,
)

_TEXTS: dict[int, str] = {
    RoomState.OPENING: "opened a Room",
    RoomState.CONNECTED: "connected to a Room",
    RoomState.HEALED: "reconnected to a Room",
}


class UserLeaveWins(Check):
    """`details` of a violation: the Room's state, and 1 if the disconnect had been applied, 0 if only asked for."""

    name = "user_leave_wins"
    promise = "after the user's disconnect no Room comes back by itself"
    reads: tuple[type[Record], ...] = (RoomChanged, CommandIssued, CommandApplied, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.lives = Lives()
        self.left = False
        self.left_us = 0
        # Windows in which the user asked to leave, and nobody has asked for a call since.
        self.asked: dict[int, CommandIssued] = {}

    def on(self, record: Record) -> None:
        match record:
            case RoomChanged(state=RoomState.OPENING | RoomState.CONNECTED | RoomState.HEALED):
                self._room(record)
            case CommandIssued(where=window, verb=Verb.DISCONNECT):
                self.seen = True
                self.asked[window] = record
            case CommandIssued(verb=Verb.CONNECT):
                self.asked = {}
            case CommandApplied(verb=Verb.DISCONNECT):
                self.seen = True
                if not self.left:
                    self.left = True
                    self.left_us = record.at_us
            case CommandApplied(verb=Verb.CONNECT):
                self.left = False
                self._rejoin(record)
            case LifeChanged(where=window):
                if self.lives.on(record):
                    self.asked.pop(window, None)

    def _rejoin(self, record: CommandApplied) -> None:
        """A connect from before the disconnect may be applied after it was asked for; that is not a wish to come
        back.
        """
        asked = self.asked.get(record.issuer)
        self.asked = {}
        if asked is not None and record.number < asked.number:
            self.asked[record.issuer] = asked

    def _room(self, record: RoomChanged) -> None:
        window = record.where
        if self.left:
            self.violate(record, (window,), (record.state, 1), since_us=self.left_us)
        elif window in self.asked and record.state == RoomState.OPENING:
            self.violate(record, (window,), (record.state, 0), since_us=self.asked[window].at_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        state, applied = violation.details
        left = "had left" if applied else "had asked there to leave"
        return f"{names[violation.windows[0]]} {_TEXTS[state]} after the user {left}"
