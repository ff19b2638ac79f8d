"""The entries of `expect` that cannot be judged, because an app has not told what they need."""

from __future__ import annotations

from oneroom.driver.run import Run
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    Record,
    Rendered,
    RoleChanged,
    UserNotified,
)

# The entries of `expect` that follow from records of the owner machine, or of an app that tells.
_FOLLOWS_FROM: dict[str, type[Record]] = {
    "no_owner_ms": RoleChanged,
    "handoffs": RoleChanged,
    "elections": RoleChanged,
    "no_room_ms": CommandApplied,
    "silent_ms": CommandApplied,
    "unheard_ms": CommandApplied,
    "deaf_ms": Rendered,
    "calls_torn_down": CommandApplied,
    "torn_down_ms": CommandApplied,
    "flaps": CommandApplied,
    "commands_lost": CommandIssued,
    "share": Rendered,
    "shows": Rendered,
    "showed": Rendered,
    "told": UserNotified,
}
_COMMANDS = (CommandIssued, CommandApplied)


class Untold:
    """Of one run."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def hides(self, entry: str, relation: str = "") -> bool:
        """Return whether an entry of `expect` cannot be judged: nothing that it follows from was
        told. The owner machine tells everything. Where commands are inferred, less may be counted
        than there was, so only an upper limit (`relation` "<=") on the ledger can be judged.
        """
        kind = _FOLLOWS_FROM.get(entry)
        if self._run.scenario.bundle is None or kind is None:
            return False
        of_kind = [record for record in self._run.trace.records if isinstance(record, kind)]
        if not of_kind or kind not in (CommandIssued, CommandApplied):
            return not of_kind
        inferred = all(isinstance(one, _COMMANDS) and one.number < 0 for one in of_kind)
        return inferred and (relation != "<=" or kind is CommandIssued)
