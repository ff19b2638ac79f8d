"""Safety check: a screen picker opens only in the owner window, after a fresh click there.

Promise: a screen picker opens only in the owner's window, and only within 5 s after the user acted
         in that window (transient user activation, HTML standard; `getDisplayMedia` demands it, W3C
         screen-capture).
Exempt:  an app that has not told of a role may open it in any window.
Vacuous: no screen picker was ever opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.records import (
    LifeChanged,
    PromptChanged,
    Record,
    Role,
    RoleChanged,
    Source,
    UserActed,
)

# How long Chromium lets a user activation last; the standard leaves it to the browser.
ACTIVATION_US = 5_000_000

_NOT_OWNER, _NO_GESTURE = range(2)
_TEXTS = ("which does not own the Room", "where the user has not clicked for 5 s")

_OWNER = Role.OWNER  # bound once, see window_lifecycle


class ShareNeedsGesture(Check):
    """Follows user actions and screen pickers. `details` of a violation: what was missing."""

    name = "share_needs_gesture"
    promise = "a screen picker opens only in the owner window, after a fresh click there"
    reads: tuple[type[Record], ...] = (PromptChanged, UserActed, RoleChanged, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.acted_us: dict[int, int] = {}
        self.owners: dict[int, bool] = {}

    def on(self, record: Record) -> None:
        match record:
            case RoleChanged(where=window, role=role):
                self.owners[window] = role == _OWNER
            case PromptChanged(where=window, source=Source.SCREEN_SHARE, up=True):
                self.seen = True
                self._judge(record, window)
            case UserActed(where=window):
                self.acted_us[window] = record.at_us

    def _judge(self, record: PromptChanged, window: int) -> None:
        has_roles = self.owners or not self.setting.app
        if has_roles and not self.owners.get(window, False):
            self.violate(record, (window,), (_NOT_OWNER,))
        elif record.at_us - self.acted_us.get(window, -ACTIVATION_US - 1) > ACTIVATION_US:
            self.violate(record, (window,), (_NO_GESTURE,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return (
            f"the screen picker opened in {names[violation.windows[0]]}, "
            f"{_TEXTS[violation.details[0]]}"
        )
