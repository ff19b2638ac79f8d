"""Safety check: a mirror takes only newer snapshots.

Promise: what a follower draws is strictly newer, by (term, number), than what it drew before.
Exempt:  a window that has just lost the ownership may draw its own last state once more; one that
         drew "no snapshot", because there was no owner, may draw the last snapshot again.
Vacuous: no follower ever drew after it had drawn before.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.records import OWNING, Life, LifeChanged, Record, Rendered, RoleChanged

_NO_SNAPSHOT = (0, 0)


class SnapshotMonotonic(Check):
    """Follows what followers draw.

    `details` of a violation: term and number drawn before, term and number drawn now.
    """

    name = "snapshot_monotonic"
    promise = "a mirror takes only newer snapshots"
    reads: tuple[type[Record], ...] = (Rendered, RoleChanged, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.owning: dict[int, bool] = {}
        self.drawn: dict[int, tuple[int, int]] = {}
        self.drawn_as_owner: dict[int, bool] = {}

    def on(self, record: Record) -> None:
        match record:
            case Rendered():
                self._rendered(record)
            case RoleChanged(where=window, role=role):
                if role in OWNING:
                    self.owning[window] = True
                else:
                    self.owning.pop(window, None)
            case LifeChanged(where=window, life=Life.OPENED):
                self.owning.pop(window, None)
                self.drawn.pop(window, None)
            case LifeChanged(where=window, life=Life.RESTORED):
                self.drawn_as_owner[window] = True  # it draws once more what it drew before

    def _rendered(self, record: Rendered) -> None:
        window = record.where
        now = (record.term, record.number)
        owns = window in self.owning
        if not owns and now == _NO_SNAPSHOT:
            self.drawn_as_owner[window] = True
            return
        if not owns:
            before = self.drawn.get(window)
            if before is not None:
                self.seen = True
                if now < before or (now == before and not self.drawn_as_owner[window]):
                    self.violate(record, (window,), before + now)
        self.drawn[window] = now
        self.drawn_as_owner[window] = owns

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        term, number, next_term, next_number = violation.details
        window = names[violation.windows[0]]
        return (
            f"{window} drew snapshot {next_number} of term {next_term} after snapshot {number} of "
            f"term {term}"
        )
