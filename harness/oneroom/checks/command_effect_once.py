"""Safety check: a command takes effect at most once.

Promise: no command (issuer, number) is applied twice in one lineage of state: not twice under one
         ownership, and not by an owner whose state began with a snapshot that already contained it,
         directly or through earlier owners.
Exempt:  an owner that started from an older state. That state has not seen the command, so applying
         it is no repetition.
Vacuous: no command was ever applied.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, join_names
from oneroom.checks.violation import Violation
from oneroom.trace.records import CommandApplied, Record, Role, RoleChanged

_OWNER = Role.OWNER  # bound once, see window_lifecycle


class CommandEffectOnce(Check):
    """Follows the lineage of owners' states and the commands applied to them.

    `windows` of a violation: the window that applied the command first, and the one that applied it
    again. `details`: issuer, number, verb, and both terms.
    """

    name = "command_effect_once"
    promise = "a command takes effect at most once"
    reads: tuple[type[Record], ...] = (CommandApplied, RoleChanged)

    def __init__(self) -> None:
        super().__init__()
        # (owner, term) -> (term, number) of the snapshot with which its state began
        self.bases: dict[tuple[int, int], tuple[int, int]] = {}
        self.owners: dict[int, int] = {}  # term -> owner
        self.effects: dict[tuple[int, int], list[CommandApplied]] = {}

    def on(self, record: Record) -> None:
        match record:
            case RoleChanged(where=window, role=role, term=term):
                if role == _OWNER:
                    self.bases[(window, term)] = (record.base_term, record.base_number)
                    self.owners[term] = window
            case CommandApplied(issuer=issuer, number=number) if number >= 0:
                self.seen = True
                earlier = self.effects.setdefault((issuer, number), [])
                for first in earlier:
                    if self._contains(record, first):
                        details = (issuer, number, record.verb, first.term, record.term)
                        self.violate(
                            record, (first.where, record.where), details, since_us=first.at_us
                        )
                        break
                earlier.append(record)

    def _contains(self, second: CommandApplied, first: CommandApplied) -> bool:
        """True if the state to which `second` was applied already had the effect of `first`."""
        owner, term = second.where, second.term
        if owner == first.where and term == first.term:
            return True
        while True:
            base_term, base_number = self.bases.get((owner, term), (0, 0))
            if base_term == first.term and self.owners.get(base_term, first.where) == first.where:
                return first.snapshot <= base_number
            if base_term >= term or base_term not in self.owners:
                return False
            owner, term = self.owners[base_term], base_term

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        issuer, number, _, first_term, second_term = violation.details
        command = f"command {number} of {names[issuer]}"
        terms = (
            f"(term {first_term})"
            if first_term == second_term
            else f"(terms {first_term} and {second_term})"
        )
        if violation.windows[0] == violation.windows[1]:
            return f"{names[violation.windows[0]]} applied {command} twice {terms}"
        return f"{join_names(violation.windows, names)} both applied {command} {terms}"
