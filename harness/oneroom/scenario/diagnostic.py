"""Diagnostics: what is wrong with a scenario file, where, and what to write instead.

Rules of this file: nothing but the standard library, no knowledge of YAML or of the model. The code
that finds a problem words it for the user; the code that prints it calls `render`. Every error of
this package reaches its caller as `Problem`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN_COLUMN_COUNT = 100
"""How much of a source line is shown: a minified file of one line must not fill the terminal."""


class RefusalError(ValueError):
    """The reason for refusing a value, from a parser that does not know the value's place.

    It is a `ValueError` so that a pydantic validator may raise it; `oneroom.scenario.explain` turns
    it into a Problem. `at_key` says that the key is to blame, not its value.
    """

    def __init__(self, message: str, suggestion: str = "", at_key: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.at_key = at_key


@dataclass(frozen=True)
class Problem:
    """One thing to fix in one place.

    `line` and `column` count from 1, as editors do; line 0 means the path as a whole (it does not
    exist, say). `text` is the source line, `width` the number of characters from `column` on that
    are meant, `suggestion` a sentence ("did you mean `main`?") or empty.
    """

    path: str
    line: int
    column: int
    message: str
    text: str = ""
    suggestion: str = ""
    width: int = 1

    @property
    def where(self) -> str:
        """`file:line:column`, a link in terminals and editors; the path alone for line 0."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    def render(self) -> str:
        """The problem as a user reads it.

        Message, source line with a caret, suggestion; no newline at its end.
        """
        rows = [f"{self.where}: {self.message}"]
        if self.text.strip():
            rows += self._quoted()
        if self.suggestion:
            rows.append(f"  {self.suggestion}")
        return "\n".join(rows)

    def _quoted(self) -> list[str]:
        shown, skipped = _clip(self.text, self.column)
        before = shown[: self.column - 1 - skipped]
        marked = shown[len(before) : len(before) + self.width]
        margin = str(self.line)
        caret = " " * _cell_count(before) + "^" + "~" * (_cell_count(marked) - 1)
        return [f"  {margin} | {shown}", f"  {' ' * len(margin)} | {caret}"]


class ScenarioError(Exception):
    """The one exception of this package: all problems, in the order of the source, none twice."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = dict.fromkeys(problems)
        self.problems = tuple(sorted(found, key=lambda p: (p.path, p.line, p.column, p.message)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.render() for problem in self.problems)


def shorten(text: str, length: int = 40) -> str:
    """`text` on one line, cut to `length` characters, for quoting a user's value in a message."""
    flat = printable(" ".join(text.split()))
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def _clip(text: str, column: int) -> tuple[str, int]:
    """The part of a line around `column` that is shown, and the number of characters before it."""
    if len(text) <= _SHOWN_COLUMN_COUNT:
        return printable(text).rstrip(), 0
    start = max(0, min(column - 1 - _SHOWN_COLUMN_COUNT // 2, len(text) - _SHOWN_COLUMN_COUNT))
    shown = printable(text[start : start + _SHOWN_COLUMN_COUNT])
    if start:
        shown = "…" + shown[1:]
    if start + _SHOWN_COLUMN_COUNT < len(text):
        shown = shown[:-1] + "…"
    return shown, start


def printable(text: str) -> str:
    """`text` with control characters made visible.

    A file must not control the reader's terminal, nor a tab shift the caret.
    """
    return "".join(c if c.isprintable() else "→" if c == "\t" else "·" for c in text)


def _cell_count(text: str) -> int:
    """The number of terminal cells of `text`: wide East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
