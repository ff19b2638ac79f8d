"""Safety check: only an owner opens or keeps a Room.

Promise: a window whose role is not owner or handing over neither opens a Room, nor sees one connect
         or heal.
Exempt:  nobody. A Room that connects after its window lost the ownership is the zombie that later
         evicts the new owner.
Vacuous: no window ever opened a Room.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.records import (
    OWNING,
    Life,
    LifeChanged,
    Record,
    RoleChanged,
    RoomChanged,
    RoomState,
)

_TEXTS: dict[int, str] = {
    RoomState.OPENING: "opened a Room",
    RoomState.CONNECTED: "connected to a Room",
    RoomState.HEALED: "reconnected to a Room",
}


class FollowerNeverConnects(Check):
    """Follows roles and Rooms. `details` of a violation: the Room's state."""

    name = "follower_never_connects"
    promise = "only an owner opens or keeps a Room"
    reads: tuple[type[Record], ...] = (RoomChanged, RoleChanged, LifeChanged)
    needs = RoleChanged

    def __init__(self) -> None:
        super().__init__()
        self.owning: dict[int, bool] = {}

    def on(self, record: Record) -> None:
        match record:
            case RoleChanged(where=window, role=role):
                if role in OWNING:
                    self.owning[window] = True
                else:
                    self.owning.pop(window, None)
            case LifeChanged(where=window, life=Life.OPENED):
                self.owning.pop(window, None)
            case RoomChanged(
                where=window, state=RoomState.OPENING | RoomState.CONNECTED | RoomState.HEALED
            ):
                self.seen = True
                if window not in self.owning:
                    self.violate(record, (window,), (record.state,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return (
            f"{names[violation.windows[0]]} {_TEXTS[violation.details[0]]} without being the owner"
        )
