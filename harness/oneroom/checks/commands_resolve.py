"""Liveness check: every command is answered, and truthfully.

Promise: when the run has settled, every command that was issued in a window which is still open has
         been resolved (applied, expired or refused), and the user was told. A command that is
         reported as applied has been applied.
Exempt:  commands of windows that were closed or crashed since; their user is no longer there to be
         told. The truth of an answer can be judged for a window's first runtime only, and only if
         commands come in the window's own name: a trace does not say to which window the name of a
         later runtime belongs.
Vacuous: no command was ever issued.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandOutcome,
    CommandResolved,
    CommandVerb,
    Healed,
    Life,
    LifeChanged,
    Record,
    Settled,
)

_TEXTS: dict[int, str] = {
    CommandVerb.CONNECT: "connect",
    CommandVerb.DISCONNECT: "disconnect",
    CommandVerb.TOGGLE_MUTE: "toggleMute",
    CommandVerb.TOGGLE_CAMERA: "toggleCamera",
    CommandVerb.TOGGLE_SCREEN_SHARE: "toggleScreenShare",
}


class CommandsResolve(LivenessCheck):
    """Follows commands from issue to answer.

    `since_us` of a violation is when the command was issued. `details`: its number and verb, and 1
    if the answer was false, 0 if there was none.
    """

    name = "commands_resolve"
    promise = "after healing every command has been answered, and truthfully"
    reads: tuple[type[Record], ...] = (
        CommandIssued,
        CommandApplied,
        CommandResolved,
        LifeChanged,
        Healed,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.waiting: dict[int, dict[int, CommandIssued]] = {}  # window -> number -> command
        self.applied: dict[int, dict[int, bool]] = {}  # issuer -> numbers
        self.runtimes: dict[int, int] = {}  # window -> how often it was opened

    def follow(self, record: Record) -> None:
        match record:
            case CommandIssued(where=window, number=number):
                self.seen = True
                self.waiting.setdefault(window, {})[number] = record
            case CommandApplied(issuer=issuer, number=number):
                self.applied.setdefault(issuer, {})[number] = True
            case CommandResolved(where=window, number=number):
                issued = self.waiting.get(window, {}).pop(number, None)
                if (
                    issued is not None
                    and record.outcome == CommandOutcome.APPLIED
                    and self._is_false(window, number)
                ):
                    self.violate(record, (window,), (number, issued.verb, 1), since_us=issued.at_us)
            case LifeChanged(where=window, life=life):
                if life == Life.OPENED:
                    self.runtimes[window] = self.runtimes.get(window, 0) + 1
                if self.lifecycle.on(record):
                    self.waiting.pop(window, None)

    def _is_false(self, window: int, number: int) -> bool:
        known = self.applied.get(window)
        return known is not None and number not in known and self.runtimes.get(window, 0) == 1

    def settle(self, record: Settled) -> None:
        for window, commands in self.waiting.items():
            for number, issued in commands.items():
                self.violate(record, (window,), (number, issued.verb, 0), since_us=issued.at_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        number, verb, false = violation.details
        issued_s = violation.since_us / 1_000_000
        what = "was said to be applied, and never was" if false else "was never answered"
        return (
            f"command {number} of {names[violation.windows[0]]} ({_TEXTS[verb]}, issued at "
            f"{issued_s:.3f} s) {what}"
        )
