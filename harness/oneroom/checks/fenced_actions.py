"""Safety check: no window acts as owner under a superseded term.

Promise: once a window has become owner under a term, no window opens a Room, applies a command, or
         posts a heartbeat or a snapshot under a lower one.
Exempt:  nobody. A window that stood still fences itself first, so what it does in its first turn
         back counts too.
Vacuous: no ownership ever followed another under a higher term; the policy has no terms (the trace
         numbers its ownerships, but no window of it knows those numbers).
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.records import (
    CommandApplied,
    MessageKind,
    MessagePosted,
    Record,
    Role,
    RoleChanged,
    RoomChanged,
    RoomState,
)

_OPENED, _APPLIED, _HEARTBEAT, _SNAPSHOT = range(4)
_TEXTS = ("opened a Room", "applied a command", "posted a heartbeat", "posted a snapshot")

_OPENING_STATE, _OWNER, _HEARTBEAT_KIND, _SNAPSHOT_KIND = (
    RoomState.OPENING,
    Role.OWNER,
    MessageKind.HEARTBEAT,
    MessageKind.SNAPSHOT,
)  # bound once, see window_lifecycle


class FencedActions(Check):
    """Follows the highest term under which a window became owner.

    `windows` of a violation: the window that acted, and the owner of the highest term. `details`:
    which action, its term, that term.
    """

    name = "fenced_actions"
    promise = "no window acts as owner under a superseded term"
    reads: tuple[type[Record], ...] = (RoleChanged, RoomChanged, CommandApplied, MessagePosted)

    def __init__(self) -> None:
        super().__init__()
        self.highest = 0
        self.owner = 0

    def on(self, record: Record) -> None:
        if type(record) is MessagePosted:  # many, so first
            if record.term < self.highest:
                if record.kind == _HEARTBEAT_KIND:
                    self._stale(record, _HEARTBEAT, record.term)
                elif record.kind == _SNAPSHOT_KIND:
                    self._stale(record, _SNAPSHOT, record.term)
        elif isinstance(record, RoomChanged):
            if record.state == _OPENING_STATE and record.term < self.highest:
                self._stale(record, _OPENED, record.term)
        elif isinstance(record, CommandApplied):
            if record.term < self.highest:
                self._stale(record, _APPLIED, record.term)
        elif (
            isinstance(record, RoleChanged)
            and record.role == _OWNER
            and record.term > self.highest
            and self.setting.terms  # without terms nothing is ever superseded
        ):
            self.seen = self.seen or self.highest > 0
            self.highest = record.term
            self.owner = record.where

    def _stale(self, record: Record, action: int, term: int) -> None:
        self.violate(record, (record.where, self.owner), (action, term, self.highest))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        actor, owner = violation.windows
        action, term, highest = violation.details
        return (
            f"{names[actor]} {_TEXTS[action]} under term {term} after {names[owner]} became owner "
            f"of term {highest}"
        )
