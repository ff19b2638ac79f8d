"""Liveness check: in the end exactly one window is owner.

Promise: when the run has settled, exactly one running window is owner. A frozen owner counts while
         no running window owns: it still answers, and keeps the call (Chromium 156, seen). Where
         only a main window may own, the owner is one.
Vacuous: no window is open; no window ever stood or owned; only a main window may own and none is
         open.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck, join_names
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import Healed, LifeChanged, Record, Role, RoleChanged, Settled

_OWNER, _CANDIDATE = Role.OWNER, Role.CANDIDATE  # bound once, see window_lifecycle


class OwnerElected(LivenessCheck):
    """Follows roles and which windows run.

    `windows` of a violation: the owners, if there are any. `details`: 1 if the only owner is not a
    main window, else 0.
    """

    name = "owner_elected"
    promise = "after healing exactly one window is owner"
    reads: tuple[type[Record], ...] = (RoleChanged, LifeChanged, Healed, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
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
                if self.lifecycle.on(record):
                    self.owners.pop(window, None)

    def settle(self, record: Settled) -> None:
        only_main = self.setting.may_own == "main"
        if (
            not self.elects
            or not self.lifecycle.open
            or (only_main and not self.lifecycle.main_open())
        ):
            return
        self.seen = True
        owners = tuple([window for window in self.owners if self.lifecycle.runs(window)]) or tuple(
            self.owners
        )
        if len(owners) != 1:
            self.violate(record, owners, (0,))
        elif only_main and not self.lifecycle.open[owners[0]]:
            self.violate(record, owners, (1,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        if violation.details[0]:
            owner = join_names(violation.windows, names)
            return f"{owner} is owner, although only a main window may own"
        if not violation.windows:
            return "after healing no window is owner"
        return f"after healing {join_names(violation.windows, names)} are owners at once"
