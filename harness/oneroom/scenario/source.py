"""The text of a scenario file: read with a limit, checked to be text, cut into lines for quoting.

Rules of this file: it knows bytes, characters and lines, not YAML. What passes here can be given to
a YAML parser without its reader raising, so that binary garbage is reported in our words and at the
right byte.
"""

from __future__ import annotations

import os
import re
import select
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from oneroom.scenario import catalogue
from oneroom.scenario.diagnostic import Problem, ScenarioError
from oneroom.scenario.shown_path import shown_path

MAX_SIZE_BYTES = 1024 * 1024
"""A scenario is a page of text. What is larger is the wrong file, and is refused before anything
parses it.
"""

_PIPE_PATIENCE_S = 3.0
"""How long a named pipe may wait for somebody who writes into it; a stray one would hold a suite
for ever.
"""

_SHOWN_TAB_COUNT = 20
"""A file that is indented with tabs is so in every line; nobody needs to read that a thousand
times.
"""

# YAML counts these as line breaks (YAML 1.1, 5.4), and so does every position that a YAML parser
# reports.
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# The characters that YAML does not allow in a file (YAML 1.2.2, 5.1), in the narrower form that
# PyYAML enforces.
NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB_IN_INDENT = re.compile(r" *\t[ \t]*[^ \t]")
# The longer ones first: one of UTF-32 begins like one of UTF-16.
_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True)
class SourceText:
    """A file's path as the user wrote it (see shown_path), and its text."""

    path: str
    text: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(_LINE_BREAK.split(self.text))

    def problem(
        self, line: int, column: int, message: str, suggestion: str = "", width: int = 1
    ) -> Problem:
        """A Problem at a place of this text (line and column from 1), with its source line."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Problem(self.path, line, column, message, text, suggestion, max(1, width))


def read_source(path: Path | str) -> SourceText:
    """The text of the file at `path`.

    Raises ScenarioError when it cannot be read, is too large, or is not UTF-8.
    """
    shown = shown_path(path)
    try:
        with open(catalogue.located(path), "rb", opener=_opened) as file:
            data = file.read(MAX_SIZE_BYTES + 1)
            size_bytes = (
                file.seek(0, 2) if len(data) > MAX_SIZE_BYTES and file.seekable() else len(data)
            )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ScenarioError([Problem(shown, 0, 0, f"cannot be read: {reason}")]) from None
    if len(data) > MAX_SIZE_BYTES:
        # A device has no size, however much comes out of it.
        raise ScenarioError([_too_large(shown, max(size_bytes, len(data)))])
    return decode_source(shown, data)


def _opened(path: str, flags: int) -> int:
    """A file descriptor as of os.open, but a pipe without a writer reads as empty.

    `<(…)` of a shell and /dev/stdin are pipes as well.
    """
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        select.select([descriptor], [], [], _PIPE_PATIENCE_S)
    os.set_blocking(descriptor, True)
    return descriptor


def decode_source(path: str, data: bytes) -> SourceText:
    """The SourceText that `data` is as UTF-8, a byte order mark removed.

    Raises ScenarioError at the first bad byte.
    """
    if len(data) > MAX_SIZE_BYTES:
        raise ScenarioError([_too_large(path, len(data))])
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            raise ScenarioError(
                [Problem(path, 1, 1, f"the file is {encoding}", "", "save it as UTF-8")]
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScenarioError([_bad_byte(path, data, error.start)]) from None
    return checked_source(path, text.removeprefix("\ufeff"))


def checked_source(path: str, text: str) -> SourceText:
    """The source `text`. Raises ScenarioError for characters of no text file (NUL, escapes, …)."""
    source = SourceText(path, text)
    bad = NOT_TEXT.search(text)
    if bad is None:
        return source
    before = _LINE_BREAK.split(text[: bad.start()])
    is_nul = bad.group() == "\0"
    what = "a NUL byte" if is_nul else f"the control character U+{ord(bad.group()):04X}"
    more = len(NOT_TEXT.findall(text)) - 1
    count = f", and {more:,} more like it" if more else ""
    message = f"not a text file: {what}{count}"
    suggestion = "is this the file that you meant?"
    if is_nul and text.count("\0") > len(text) // 3:
        suggestion = "this may be UTF-16; save it as UTF-8"
    raise ScenarioError([source.problem(len(before), len(before[-1]) + 1, message, suggestion)])


def tab_problems(source: SourceText) -> list[Problem]:
    """A Problem for each of the first lines that are indented with a tab; the last counts the rest.

    Blank lines do not count.
    """
    numbers = [
        number for number, line in enumerate(source.lines, start=1) if _TAB_IN_INDENT.match(line)
    ]
    rest_count = len(numbers) - _SHOWN_TAB_COUNT
    found: list[Problem] = []
    for number in numbers[:_SHOWN_TAB_COUNT]:
        message = "a tab indents this line; YAML counts spaces alone"
        if rest_count > 0 and len(found) == _SHOWN_TAB_COUNT - 1:
            message = f"a tab indents this line, and {rest_count:,} lines below it"
        column = source.lines[number - 1].index("\t") + 1
        found.append(source.problem(number, column, message, "replace every tab by spaces"))
    return found


def without_tabs(source: SourceText) -> str:
    """The text with a space for every tab: columns stay, so the rest of the file can be checked."""
    return source.text.replace("\t", " ")


def _too_large(path: str, size_bytes: int) -> Problem:
    message = f"the file has {size_bytes:,} bytes; a scenario has at most {MAX_SIZE_BYTES:,}"
    return Problem(path, 1, 1, message, "", "is this the file that you meant?")


def _bad_byte(path: str, data: bytes, offset: int) -> Problem:
    before = _LINE_BREAK.split(data[:offset].decode("utf-8"))
    rest = data[offset : offset + 200].decode("utf-8", "replace")
    text = before[-1] + _LINE_BREAK.split(rest)[0]
    message = f"not UTF-8 text: byte 0x{data[offset]:02x}"
    return Problem(
        path,
        len(before),
        len(before[-1]) + 1,
        message,
        text,
        "save the file as UTF-8, or name another one",
    )
