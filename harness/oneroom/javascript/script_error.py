"""An error of a script, with its stack."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

# One engine for all windows of an app, or one for each (`runtime`).
Isolation = Literal["shared", "own"]

# A line of an engine's stack: `at name (file:line:column)` or `at file:line:column`.
_FRAME = re.compile(
    r"^\s*at (?:(?P<name>.*) \()?(?P<file>[^()]*?):(?P<line>\d+):(?P<column>\d+)\)?$"
)


class Frame(NamedTuple):
    """One call of a stack; line and column from 1. `function` is empty at the top of a file."""

    function: str
    file: str
    line: int
    column: int

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{self.function} ({place})" if self.function else place


class ScriptError(Exception):
    """A script threw, or the engine ended it: endless, out of memory, stack too deep.

    `message` is one line as JavaScript words it ("TypeError: …"), `stack` the innermost call first.
    """

    def __init__(self, message: str, stack: tuple[Frame, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.stack = stack

    def __str__(self) -> str:
        return "\n    at ".join((self.message, *map(str, self.stack)))


class OutOfMemory(ScriptError):
    """A script has filled the heap of its engine."""


class OutOfTime(ScriptError):
    """A call has taken longer than its engine allows."""


class RuntimeLost(Exception):
    """The engine of a window cannot go on: out of memory, microtasks without an end, or a call
    without an end in an engine that other windows share.

    `error` is the app's, `is_shared` says that other windows were in that engine.
    """

    def __init__(self, error: ScriptError, is_shared: bool) -> None:
        super().__init__(error, is_shared)
        self.error = error
        self.is_shared = is_shared

    def __str__(self) -> str:
        return str(self.error)


def read_stack(text: str) -> tuple[Frame, ...]:
    """The calls of a stack, one a line; lines of another form are left out."""
    found = (_FRAME.match(line) for line in text.splitlines())
    return tuple(
        Frame(one["name"] or "", one["file"], int(one["line"]), int(one["column"]))
        for one in found
        if one is not None
    )
