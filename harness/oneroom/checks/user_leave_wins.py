"""Safety check: after the user's disconnect no Room comes back by itself.

Promise: after a disconnect was applied, no Room is opened, connects or heals in any window until a
         connect is applied; and a window in which the user asked to leave opens no Room until the
         user asks for a call again, anywhere.
Exempt:  not a reconnect, a retry, a handoff or a failover in flight. But the SDK of a window that
         stood still when the disconnect was applied connects and heals without it: what counts is
         whether that window still holds a Room when the instant of its first turn is over.
Vacuous: the user never asked to leave.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandVerb,
    LifeChanged,
    Record,
    RoomChanged,
    RoomState,
    Settled,
    TurnRan,
)

_TEXTS: dict[int, str] = {
    RoomState.OPENING: "opened a Room",
    RoomState.CONNECTED: "connected to a Room",
    RoomState.HEALED: "reconnected to a Room",
}


class UserLeaveWins(Check):
    """Follows the user's disconnects and connects, and HeldRooms.

    `details` of a violation: the Room's state, and 1 if the disconnect had been applied, 0 if only
    asked for.
    """

    name = "user_leave_wins"
    promise = "after the user's disconnect no Room comes back by itself"
    reads: tuple[type[Record], ...] = (
        RoomChanged,
        CommandIssued,
        CommandApplied,
        LifeChanged,
        TurnRan,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.rooms = HeldRooms()
        self.left = False
        self.left_us = 0
        # Windows in which the user asked to leave, and nobody has asked for a call since.
        self.asked: dict[int, CommandIssued] = {}
        # windows that stood still when the disconnect was applied
        self.unaware: dict[int, bool] = {}
        # unaware windows -> the Room that their SDK connected meanwhile
        self.suspects: dict[int, RoomChanged] = {}
        self.turned: dict[int, bool] = {}  # unaware windows that run a turn in this instant
        self.turned_us = 0

    def on(self, record: Record) -> None:
        if self.turned and record.at_us > self.turned_us:
            self._end_instant()
        match record:
            case RoomChanged():
                self.rooms.on(record)
                if record.state in _TEXTS:
                    self._room(record)
            case TurnRan(where=window):
                if window in self.unaware:
                    self.turned[window] = True
                    self.turned_us = record.at_us
            case CommandIssued(where=window, verb=CommandVerb.DISCONNECT):
                self.seen = True
                self.asked[window] = record
            case CommandIssued(verb=CommandVerb.CONNECT):
                self.asked = {}
                # one that is inferred is applied when its Room is connected, not before it opens
                self.left = self.left and record.number >= 0
            case CommandApplied(verb=CommandVerb.DISCONNECT):
                self.seen = True
                if not self.left:
                    self._leave(record)
            case CommandApplied(verb=CommandVerb.CONNECT):
                self.left = False
                self._rejoin(record)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.asked.pop(window, None)
                    self.rooms.gone(window)
                    self._clear_unaware(window)
            case Settled():
                self._end_instant()

    def _leave(self, record: CommandApplied) -> None:
        self.left = True
        self.left_us = record.at_us
        self.unaware = {
            window: True for window in self.lifecycle.open if not self.lifecycle.runs(window)
        }
        self.suspects = {}
        self.turned = {}

    def _rejoin(self, record: CommandApplied) -> None:
        """Forget the disconnects that this connect answers.

        A connect issued before the disconnect may be applied after the disconnect was asked for; it
        is no wish to come back.
        """
        asked = self.asked.get(record.issuer)
        self.asked = {}
        if asked is not None and record.number < asked.number:
            self.asked[record.issuer] = asked

    def _room(self, record: RoomChanged) -> None:
        window = record.where
        if self.left and window in self.unaware and record.state != RoomState.OPENING:
            self.suspects[window] = record
        elif self.left:
            self.violate(record, (window,), (record.state, 1), since_us=self.left_us)
        elif window in self.asked and record.state == RoomState.OPENING:
            self.violate(record, (window,), (record.state, 0), since_us=self.asked[window].at_us)

    def _end_instant(self) -> None:
        """Judge the windows that ran a turn in an instant that is over.

        They had their chance to close the Room.
        """
        for window in self.turned:
            suspect = self.suspects.get(window)
            if self.left and suspect is not None and window in self.rooms.held:
                self.violate(suspect, (window,), (suspect.state, 1), since_us=self.left_us)
            self.unaware.pop(window, None)
            self.suspects.pop(window, None)
        self.turned = {}

    def _clear_unaware(self, window: int) -> None:
        self.unaware.pop(window, None)
        self.suspects.pop(window, None)
        self.turned.pop(window, None)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        state, applied = violation.details
        left = "had left" if applied else "had asked there to leave"
        return f"{names[violation.windows[0]]} {_TEXTS[state]} after the user {left}"
