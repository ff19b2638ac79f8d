"""Safety check: a term has one owner.

Promise: no two windows become owner under the same term. A window that was closed or crashed and
         opened again is another one.
Exempt:  nobody.
Vacuous: no window ever became owner; the policy has no terms.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, join_names
from oneroom.checks.violation import Violation
from oneroom.trace.records import Life, LifeChanged, Record, Role, RoleChanged

_OWNER, _OPENED = Role.OWNER, Life.OPENED  # bound once, see window_lifecycle


class OneOwnerPerTerm(Check):
    """Follows which runtime of which window owns each term. `details` of a violation: the term."""

    name = "one_owner_per_term"
    promise = "no two windows own under the same term"
    reads: tuple[type[Record], ...] = (RoleChanged, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.runtimes: dict[int, int] = {}  # window -> how often it was opened
        self.owners: dict[int, tuple[int, int]] = {}  # term -> window and which of its runtimes

    def on(self, record: Record) -> None:
        match record:
            case RoleChanged(where=window, role=role, term=term):
                if role == _OWNER and term and self.setting.terms:
                    self._owns(record, window, term)
            case LifeChanged(where=window, life=life):
                if life == _OPENED:
                    self.runtimes[window] = self.runtimes.get(window, 0) + 1

    def _owns(self, record: RoleChanged, window: int, term: int) -> None:
        self.seen = True
        runtime = self.runtimes.get(window, 0)
        first_window, first_runtime = self.owners.setdefault(term, (window, runtime))
        if first_window != window or first_runtime != runtime:
            self.violate(record, (first_window, window), (term,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        term = violation.details[0]
        if violation.windows[0] == violation.windows[1]:
            return (
                f"{names[violation.windows[0]]}, opened again, became owner of its old term {term}"
            )
        return f"{join_names(violation.windows, names)} both became owner of term {term}"
