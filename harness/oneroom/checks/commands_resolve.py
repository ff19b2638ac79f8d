"""Liveness check: every command is answered, and truthfully.

Promise: when the run has settled, every command that was issued in a window which is still open has
         been resolved (applied, expired or refused), and the user was told. A command that is
         reported as applied has been applied.
         Of an app that does not tell of its commands: every click had its effect by then.
Exempt:  commands of windows that were closed or crashed since; their user is no longer there to be
         told. A click that is inferred to be a command, if a fault was on, a Room was lost or
         reconnecting, or a prompt came up before it had its effect, if the user was removed
         meanwhile or grants no microphone, or if it asked to leave and no window holds a Room. The
         truth of an answer can be judged for a window's first runtime only, and only if commands
         come in the window's own name: a trace does not say to which window the name of a later
         runtime belongs.
Vacuous: no command was ever issued.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.people_records import RemovalRequested
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandOutcome,
    CommandResolved,
    CommandVerb,
    FaultChanged,
    Healed,
    Life,
    LifeChanged,
    PromptChanged,
    Reason,
    Record,
    RoomChanged,
    RoomState,
    Settled,
)

_TEXTS: dict[int, str] = {
    CommandVerb.CONNECT: "connect",
    CommandVerb.DISCONNECT: "disconnect",
    CommandVerb.TOGGLE_MUTE: "toggleMute",
    CommandVerb.TOGGLE_CAMERA: "toggleCamera",
    CommandVerb.TOGGLE_SCREEN_SHARE: "toggleScreenShare",
}
# A Room that ends for another reason than these was lost to its network or server.
_ASKED_FOR = (Reason.UNKNOWN, Reason.CLIENT_INITIATED, Reason.DUPLICATE_IDENTITY)


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
        RoomChanged,
        FaultChanged,
        PromptChanged,
        RemovalRequested,
        Healed,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.waiting: dict[int, dict[int, CommandIssued]] = {}  # window -> number -> command
        self.applied: dict[int, dict[int, bool]] = {}  # issuer -> numbers
        self.rooms = HeldRooms()
        self.broken = 0  # the faults that are on
        self.runtimes: dict[int, int] = {}  # window -> how often it was opened

    def follow(self, record: Record) -> None:
        match record:
            case CommandIssued(where=window, number=number):
                if number >= 0 or self._works():
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
                    self.rooms.gone(window)
            case RoomChanged():
                self.rooms.on(record)
                if record.state == RoomState.RECONNECTING or record.reason not in _ASKED_FOR:
                    self._excuse(list(self.waiting))
            case FaultChanged(on=on):
                self.broken += 1 if on else -1
                self._excuse(list(self.waiting))
            case RemovalRequested():
                self._excuse(list(self.waiting))
            case PromptChanged(where=window):
                self._excuse([window])

    def _works(self) -> bool:
        """Return whether a click can be expected to have an effect."""
        connecting = (
            RoomState.RECONNECTING in rooms.values() for rooms in self.rooms.held.values()
        )
        return self.setting.microphone and not self.broken and not any(connecting)

    def _excuse(self, windows: Sequence[int]) -> None:
        """Commands that are inferred may come to nothing."""
        for window in windows:
            commands = self.waiting.get(window, {})
            self.waiting[window] = {n: one for n, one in commands.items() if n >= 0}

    def _is_false(self, window: int, number: int) -> bool:
        if number < 0:
            return False
        known = self.applied.get(window)
        return known is not None and number not in known and self.runtimes.get(window, 0) == 1

    def settle(self, record: Settled) -> None:
        for window, commands in self.waiting.items():
            for number, issued in commands.items():
                nothing_to_leave = issued.verb == CommandVerb.DISCONNECT and not self.rooms.held
                if number < 0 and nothing_to_leave:
                    continue
                self.violate(record, (window,), (number, issued.verb, 0), since_us=issued.at_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        number, verb, false = violation.details
        issued_s = violation.since_us / 1_000_000
        if number < 0:
            return (
                f"the click in {names[violation.windows[0]]} ({_TEXTS[verb]}, at "
                f"{issued_s:.3f} s) had no effect"
            )
        what = "was said to be applied, and never was" if false else "was never answered"
        return (
            f"command {number} of {names[violation.windows[0]]} ({_TEXTS[verb]}, issued at "
            f"{issued_s:.3f} s) {what}"
        )
