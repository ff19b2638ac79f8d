"""Source maps (ECMA-426): from a place in a bundle to the place in the user's file."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import msgspec

_DIGITS = {
    letter: value
    for value, letter in enumerate(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )
}
_CONTINUES, _DATA, _DATA_BITS = 32, 31, 5


class _Json(msgspec.Struct):
    version: int
    mappings: str
    sources: list[str | None]


class _Mapping(NamedTuple):
    """A place in the bundle, and in a source; all but `source` count from 0."""

    column: int
    source: int
    line: int
    source_column: int


class SourceMap:
    """The mappings of one bundle, and the names of its sources."""

    def __init__(self, sources: list[str], lines: list[list[_Mapping]]) -> None:
        self._sources = sources
        self._lines = lines

    def original(self, line: int, column: int) -> tuple[str, int, int] | None:
        """The file, line and column of a place in the bundle, all from 1; None for a place that
        comes from no source, as a bundler's own code.
        """
        if not 0 < line <= len(self._lines):
            return None
        mappings = self._lines[line - 1]
        at = bisect_right(mappings, column - 1, key=lambda mapping: mapping.column) - 1
        if at < 0 or mappings[at].source < 0:
            return None
        found = mappings[at]
        return self._sources[found.source], found.line + 1, found.source_column + 1


def read_source_map(text: str | bytes) -> SourceMap:
    """The source map of a JSON text. Raises ValueError if it is none, or one of many sections."""
    try:
        parsed = msgspec.json.decode(text, type=_Json)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a source map: {error}") from None
    if parsed.version != 3:
        raise ValueError(f"not a source map of version 3, but of {parsed.version}")
    return SourceMap([source or "" for source in parsed.sources], _lines(parsed.mappings))


def _lines(mappings: str) -> list[list[_Mapping]]:
    source = line = source_column = 0
    lines = []
    for group in mappings.split(";"):
        column = 0
        found = []
        for segment in group.split(",") if group else ():
            numbers = _numbers(segment)
            column += numbers[0]
            if len(numbers) < 4:
                found.append(_Mapping(column, -1, 0, 0))
                continue
            source += numbers[1]
            line += numbers[2]
            source_column += numbers[3]
            found.append(_Mapping(column, source, line, source_column))
        lines.append(found)
    return lines


def _numbers(segment: str) -> list[int]:
    """The numbers of a segment: base64 digits of five bits, the lowest first, then the sign."""
    numbers = []
    value = shift = 0
    for letter in segment:
        if letter not in _DIGITS:
            raise ValueError(f"not a source map: {letter!r} in its mappings")
        digit = _DIGITS[letter]
        value += (digit & _DATA) << shift
        shift += _DATA_BITS
        if not digit & _CONTINUES:
            numbers.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return numbers
