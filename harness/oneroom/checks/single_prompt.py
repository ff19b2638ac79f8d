"""Safety check: permission prompts do not collide.

Promise: no two windows show a permission prompt at once.
Exempt:  nobody.
Vacuous: no prompt was ever shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, duration_suffix, join_names
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import LifeChanged, PromptChanged, Record, Settled


class SinglePrompt(Check):
    """Follows prompts.

    `windows` of a violation: the windows that show a prompt, the latest last.
    """

    name = "single_prompt"
    promise = "no two windows show a permission prompt at once"
    reads: tuple[type[Record], ...] = (PromptChanged, LifeChanged, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.up: dict[int, dict[int, bool]] = {}  # window -> sources that it is asking for
        self.collision = False

    def on(self, record: Record) -> None:
        match record:
            case PromptChanged(where=window, source=source, up=True):
                self.seen = True
                self.up.setdefault(window, {})[source] = True
            case PromptChanged(where=window, source=source):
                sources = self.up.get(window, {})
                sources.pop(source, None)
                if not sources:
                    self.up.pop(window, None)
            case LifeChanged(where=window):
                if not self.lifecycle.on(record):
                    return
                self.up.pop(window, None)
            case Settled():
                self.ceased(record.at_us)
                return
        self._judge(record)

    def _judge(self, record: Record) -> None:
        if len(self.up) < 2:
            if self.collision:
                self.collision = False
                self.ceased(record.at_us)
        elif not self.collision:
            self.collision = True
            self.violate(record, tuple(self.up))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return (
            f"{join_names(violation.windows, names)} ask for a permission at the same "
            f"time{duration_suffix(violation)}"
        )
