"""Safety check: a removed user does not come back by itself.

Promise: once a window has been told that the user was removed, or the room deleted, no Room is
         opened in any window until a connect is applied.
Exempt:  a removal that no window was told of. A removal that concerns an earlier session: it met a
         Room which its window was closing already, or its window heard of it after another window
         had opened a Room, or after a connect was applied. A removal by the app's own server, which
         is nobody's decision.
Vacuous: no window was ever told that somebody ended its call.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.removals import Removals
from oneroom.checks.violation import Violation
from oneroom.trace.people_records import RemovalRequested
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandVerb,
    PresenceChanged,
    Reason,
    Record,
    RoomChanged,
    RoomState,
)

# Somebody else decided that the user is not in the call (LiveKit's DisconnectReason), and what the
# user reads of it.
_TEXTS: dict[int, str] = {
    Reason.PARTICIPANT_REMOVED: "the user was removed",
    Reason.ROOM_DELETED: "the room was deleted",
    Reason.ROOM_CLOSED: "the room was closed",
}


class RemovalIsFinal(Check):
    """Follows removals, Rooms and connects.

    `windows` of a violation: the window that opened a Room, and the one that had been told.
    `details`: why the call had ended.
    """

    name = "removal_is_final"
    promise = "a removed user does not come back into the call by itself"
    reads: tuple[type[Record], ...] = (
        RoomChanged,
        PresenceChanged,
        CommandIssued,
        CommandApplied,
        RemovalRequested,
    )
    needs = CommandApplied

    def __init__(self) -> None:
        super().__init__()
        self.removals = Removals()
        self.closing: dict[int, bool] = {}
        # at the server -> whether the call has gone on without it since
        self.removed: dict[int, bool] = {}
        self.told: RoomChanged | None = None

    def on(self, record: Record) -> None:
        match record:
            case RoomChanged():
                self._room(record)
            case RemovalRequested():
                self.removals.on(record)
            case PresenceChanged(window=window):
                if self.removals.decided(record):
                    self.removed[window] = False
            case CommandApplied(verb=CommandVerb.CONNECT):
                self._rejoin()
            case CommandIssued(verb=CommandVerb.CONNECT, number=number) if number < 0:
                self._rejoin()  # it is inferred, and applied when its Room is connected

    def _rejoin(self) -> None:
        self.told = None
        self.removed = dict.fromkeys(self.removed, True)

    def _room(self, record: RoomChanged) -> None:
        window, state = record.where, record.state
        if state == RoomState.OPENING:
            self.closing.pop(window, None)
            for other in self.removed:
                self.removed[other] = self.removed[other] or other != window
            if self.told is not None:
                self.violate(
                    record, (window, self.told.where), (self.told.reason,), since_us=self.told.at_us
                )
        elif state == RoomState.CLOSING:
            self.closing[window] = True
        elif self.removals.decided(record):
            self._ended(record)

    def _ended(self, record: RoomChanged) -> None:
        overtaken = self.removed.pop(record.where, False)
        if not overtaken and record.where not in self.closing:
            self.seen = True
            self.told = record

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        window, told = violation.windows
        return (
            f"{names[window]} opened a Room after {names[told]} was told that "
            f"{_TEXTS[violation.details[0]]}"
        )
