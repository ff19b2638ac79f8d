"""An observation: one thing that a log says happened to a window, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

_US = "%m/%d/%Y, %I:%M:%S %p"
# Numbers from here on are milliseconds since 1970; below are seconds. 1e11 s is the year 5138.
_MILLISECONDS_FROM = 1e11
_WORD = re.compile(r"[^A-Za-z0-9_.-]+")
_WORD_CHARACTERS = 40


class Observation(msgspec.Struct, frozen=True):
    """Something that happened at the wall time `at_us`, in the source's `window` ("" for none).

    `verb` is a scenario's, with its `arguments` but for the window; "" for what is only a `note`.
    """

    at_us: int
    window: str
    verb: str = ""
    arguments: tuple[tuple[str, str], ...] = ()
    note: str = ""


class BadLine(msgspec.Struct, frozen=True):
    """A place in a log that cannot be read; `line` counts from 1, 0 is the file as a whole."""

    line: int
    why: str


class NotImported(Exception):
    """A log of which nothing can be made; `bad` are all reasons."""

    def __init__(self, bad: Sequence[BadLine]) -> None:
        super().__init__(bad)
        self.bad = tuple(bad)


def wall_us(value: object) -> int | None:
    """Microseconds since 1970 of a time in a log; None if it is none.

    A number is seconds or, if it is large, milliseconds; a text is such a number, ISO 8601, or a
    browser's `11/30/2026, 9:15:02 PM`. A time without a zone is taken as UTC: only differences
    count.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return _of_text(str(value))
    if not 0 < number < 1e14:
        return None
    return round(number * (1_000 if number >= _MILLISECONDS_FROM else 1_000_000))


def _of_text(text: str) -> int | None:
    for read in (datetime.fromisoformat, lambda one: datetime.strptime(one, _US)):
        try:
            at = read(" ".join(text.split()))
        except ValueError:
            continue
        known = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return round(known.timestamp() * 1_000_000)
    return None


def word(text: object) -> str:
    """A short word of a log that may be shown, such as a status or the name of a reason."""
    return _WORD.sub(" ", str(text)).strip()[:_WORD_CHARACTERS]
