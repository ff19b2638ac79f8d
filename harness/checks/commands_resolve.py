"""Every click gets an answer.

Promise: when the run has settled, every command that was issued in a window which is still open has been resolved:
         applied, expired or refused, and the user was told.
Exempt:  commands of windows that were closed or crashed since; nobody is there to be told.
Vacuous: no command was ever issued.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.checks.check import LivenessCheck
from harness.checks.lives import Lives
from harness.checks.violation import Violation
from harness.trace.records import CommandIssued, CommandResolved, Healed, LifeChanged, Record, Settled, Verb

_TEXTS: dict[int, str] = {
    Verb.CONNECT: "connect",
    Verb.DISCONNECT: "disconnect",
    Verb.TOGGLE_MUTE: "toggleMute",
    Verb.TOGGLE_CAMERA: "toggleCamera",
    Verb.TOGGLE_SCREEN_SHARE: "toggleScreenShare",
}


class CommandsResolve(LivenessCheck):
    """`since_us` of a violation is when the command was issued. `details`: its number and verb."""

    name = "commands_resolve"
    promise = "after healing every command has been answered"
    reads: tuple[type[Record], ...] = (CommandIssued, CommandResolved, LifeChanged, Healed, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.lives = Lives()
        self.waiting: dict[int, dict[int, CommandIssued]] = {}  # window -> number -> command

    def follow(self, record: Record) -> None:
        match record:
            case CommandIssued(where=window, number=number):
                self.seen = True
                self.waiting.setdefault(window, {})[number] = record
            case CommandResolved(where=window, number=number):
                self.waiting.get(window, {}).pop(number, None)
            case LifeChanged(where=window):
                if self.lives.on(record):
                    self.waiting.pop(window, None)

    def settle(self, record: Settled) -> None:
        for window, commands in self.waiting.items():
            for number, issued in commands.items():
                self.violate(record, (window,), (number, issued.verb), since_us=issued.at_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        number, verb = violation.details
        issued_s = violation.since_us / 1_000_000
        window = names[violation.windows[0]]
        return f"command {number} of {window} ({_TEXTS[verb]}, issued at {issued_s:.3f} s) was never answered"
