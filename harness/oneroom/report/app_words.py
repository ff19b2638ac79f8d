"""Records of an app's own JavaScript in words: see `describe`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oneroom.scenario.diagnostic import printable
from oneroom.trace import app_records as a
from oneroom.trace.records import Record


class Names(Protocol):
    """The interned names of a trace."""

    def name(self, interned: int) -> str:
        """The text of one."""


def _timer(_: Names, record: a.AppTimerRan) -> str:
    return f"timer {record.number} runs"


def _failed(names: Names, record: a.AppFailed) -> str:
    error = printable(names.name(record.error))
    return f"the app fails in {names.name(record.during)}: {error}"


def _console(names: Names, record: a.ConsoleWritten) -> str:
    return f"console.{names.name(record.level)}: {printable(names.name(record.text))}"


def _called(names: Names, record: a.ActionCalled) -> str:
    return f"{names.name(record.action)}({printable(names.name(record.argument))}) is called"


APP_WORDS: dict[type[Record], Callable[..., str]] = {
    a.AppTimerRan: _timer,
    a.AppFailed: _failed,
    a.ConsoleWritten: _console,
    a.ActionCalled: _called,
}


def numbered(number: int, told: str, inferred: str) -> str:
    """The beginning of what is said of a command: with its number, if the app has told of it."""
    return inferred if number < 0 else f"{told} #{number}"
