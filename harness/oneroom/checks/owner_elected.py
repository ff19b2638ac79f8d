"""In the end there is an owner, and only one.

Promise: when the run has settled, exactly one running window is owner. A frozen owner counts while
         no running window owns: it still answers, and keeps the call (Chromium 156, seen). Where
         only a main window may own, the owner is one.
Vacuous: no window is open; no window ever stood or owned; only a main window may own and none is
         open.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck, spell
from oneroom.checks.lives import WindowLives
from oneroom.checks.violation import Violation
from oneroom.trace.records import Healed, LifeChanged, Record, Role, RoleChanged, Settled

_OWNER, _CANDIDATE = Role.OWNER, Role.CANDIDATE  # bound once, see lives


class OwnerElected(LivenessCheck):
    """`windows` of a violation: the owners, if there are any. `details`: 1 if the only owner is not
    a main window, else 0.
    """

    name = "owner_elected"
    promise = "after healing exactly one window is owner"
    reads: tuple[type[Record], ...] = (RoleChanged, LifeChanged, Healed, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.lives = WindowLives()
        self.owners: dict[int, bool] = {}
        self.elects = False

    def follow(self, record: Record) -> None:
        match record:
            case RoleChanged(where=window, role=role):
                if role == _OWNER:
                    self.owners[window] = True
                else:
                    self.owners.pop(window, None)
                self.elects = self.elects or role in (_OWNER, _CANDIDATE)
            case LifeChanged(where=window):
                if self.lives.on(record):
                    self.owners.pop(window, None)

    def settle(self, record: Settled) -> None:
        only_main = self.setting.may_own == "main"
        if not self.elects or not self.lives.open or (only_main and not self.lives.main_open()):
            return
        self.seen = True
        owners = tuple([window for window in self.owners if self.lives.runs(window)]) or tuple(
            self.owners
        )
        if len(owners) != 1:
            self.violate(record, owners, (0,))
        elif only_main and not self.lives.open[owners[0]]:
            self.violate(record, owners, (1,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        if violation.details[0]:
            return (
                f"{spell(violation.windows, names)} is owner, although only a main window may own"
            )
        if not violation.windows:
            return "after healing no window is owner"
        return f"after healing {spell(violation.windows, names)} are owners at once"
