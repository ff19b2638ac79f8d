"""Durations and ranges in a scenario: `250us`, `3ms`, `1.5s`, `2m`, `6h`, and `4s..6s`.

Rules of this file: integer microseconds inside, text outside, nothing rounded: a value that is no
whole number of microseconds is refused. So is a number without a unit, because half of its readers
would guess the unit wrong; `0` needs none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from oneroom.scenario.diagnostic import RefusalError, shorten

UNIT_US = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}
"""Microseconds in each unit, the longest first."""

MAX_DURATION_US = 365 * 24 * UNIT_US["h"]
"""A year. No scenario needs more, and below it sums of times stay far inside a 64-bit integer."""

_NUMBER = r"[0-9]{1,14}(?:\.[0-9]{1,6})?"
_UNIT = r"(?:us|ms|s|m|h)"
DURATION_PATTERN = rf"^(?:0|{_NUMBER}{_UNIT})$"
"""For the JSON Schema: what `parse_duration` accepts as text, but for the limits on its value."""
RANGE_PATTERN = rf"^(?:0|{_NUMBER}{_UNIT})(?:\.\.(?:0|{_NUMBER}{_UNIT}))?$"
"""For the JSON Schema: what `parse_range` accepts as text, but for the order of its ends."""

_DURATION = re.compile(rf"({_NUMBER})({_UNIT})")
_LOOSE_PART = re.compile(r"([0-9]{1,14}(?:[.,][0-9]{1,6})?)\s*([a-zµμ]+)")
_BARE_NUMBER = re.compile(r"[0-9]{1,14}(?:\.[0-9]{1,6})?")
_LOOSE_SEPARATOR = re.compile(r"\s*(?:\.{2,3}|…|–|-|~|\bto\b)\s*")
_LOOSE_UNITS = {
    "us": ("µs", "μs", "usec", "usecs", "micros", "microsecond", "microseconds"),
    "ms": ("msec", "msecs", "millis", "millisecond", "milliseconds"),
    "s": ("sec", "secs", "second", "seconds"),
    "m": ("min", "mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
}
_UNIT_OF_WORD = {word: unit for unit, words in _LOOSE_UNITS.items() for word in (unit, *words)}


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """From `low_us` to `high_us`, both included. A draw when low < high, else a fixed value."""

    low_us: int
    high_us: int

    def __post_init__(self) -> None:
        if not 0 <= self.low_us <= self.high_us:
            raise ValueError(f"not a range of microseconds: {self.low_us}..{self.high_us}")

    @property
    def is_draw(self) -> bool:
        """True if a run has to draw a value from it."""
        return self.low_us < self.high_us

    @property
    def values_us(self) -> range:
        """Every value of it, the shortest first."""
        return range(self.low_us, self.high_us + 1)

    def __str__(self) -> str:
        low = format_duration(self.low_us)
        return f"{low}..{format_duration(self.high_us)}" if self.is_draw else low


def parse_duration(value: object) -> int:
    """Microseconds of a YAML value: text such as `1.5s`, or the number 0.

    Raises RefusalError for anything else.
    """
    if isinstance(value, str):
        return _duration_of_text(value)
    return _duration_of_number(value)


def parse_range(value: object) -> Range:
    """The Range of a YAML value: `3s` or `4s..6s`.

    Raises RefusalError for anything else, and for a range that runs backwards.
    """
    if isinstance(value, Range):
        return value
    if not isinstance(value, str):
        fixed_us = _duration_of_number(value)
        return Range(fixed_us, fixed_us)
    low, separator, high = value.partition("..")
    if not separator:
        return _range_of_one_part(value)
    low_us, high_us = _end_of_range(low, value), _end_of_range(high, value)
    if low_us > high_us:
        swapped = str(Range(high_us, low_us))
        raise RefusalError(
            f"the range `{shorten(value)}` runs backwards", f"did you mean `{swapped}`?"
        )
    return Range(low_us, high_us)


def format_duration(duration_us: int) -> str:
    """The shortest text that `parse_duration` reads back as the same number: `1.5s`, `900ms`."""
    for unit, unit_us in UNIT_US.items():
        if duration_us % unit_us == 0:
            return f"{duration_us // unit_us}{unit}" if duration_us else "0s"
        if unit == "s" and duration_us > unit_us and duration_us % 1_000 == 0:
            return f"{duration_us // unit_us}.{duration_us % unit_us:06d}".rstrip("0") + unit
    raise ValueError(f"not a whole number of microseconds: {duration_us!r}")


def _duration_of_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusalError("a duration is text with a unit", "write `500ms`, `3s` or `2m`")
    if value < 0:
        raise RefusalError(f"a time cannot be negative: `{value}`", _with_unit(f"{-value}"))
    if value == 0 and isinstance(value, int):
        return 0
    raise _lacks_unit(f"{value}")


def _lacks_unit(number: str) -> RefusalError:
    return RefusalError(f"`{number}` has no unit", _with_unit(number))


def _with_unit(number: str) -> str:
    plain = re.sub("^0+(?=[0-9])", "", number)
    if not _BARE_NUMBER.fullmatch(plain):
        return "write a number and a unit (us, ms, s, m, h), such as `1.5s`"
    return f"write `{plain}s` for seconds or `{plain}ms` for milliseconds"


def _duration_of_text(text: str) -> int:
    if text == "0":
        return 0
    match = _DURATION.fullmatch(text)
    if match is None:
        raise _not_a_duration(text)
    number, unit = match.groups()
    whole, _, fraction = number.partition(".")
    duration_us, rest = divmod(int(whole + fraction.ljust(6, "0")) * UNIT_US[unit], 1_000_000)
    if rest:
        raise RefusalError(
            f"`{text}` is not a whole number of microseconds", "the finest time is `1us`"
        )
    if duration_us > MAX_DURATION_US:
        raise RefusalError(f"`{text}` is longer than a year", "")
    return duration_us


def _not_a_duration(text: str) -> RefusalError:
    stripped = text.strip()
    if stripped.startswith("-"):
        repaired = _repair(stripped.lstrip("- "))
        hint = f"did you mean `{repaired}`?" if repaired else ""
        return RefusalError(f"a time cannot be negative: `{shorten(text)}`", hint)
    if _BARE_NUMBER.fullmatch(stripped):
        return _lacks_unit(stripped)
    if ".." in text:
        return RefusalError(
            f"`{shorten(text)}` is a range; one duration is wanted here",
            "write one value such as `3s`",
        )
    repaired = _repair(stripped)
    hint = f"did you mean `{repaired}`?" if repaired else _with_unit("")
    return RefusalError(f"`{shorten(text)}` is not a duration", hint)


def _range_of_one_part(text: str) -> Range:
    """The range of a text without `..`.

    That is a fixed value, or a range in another notation (`4s-6s`, `4s to 6s`).
    """
    try:
        fixed_us = _duration_of_text(text)
    except RefusalError:
        ends = _LOOSE_SEPARATOR.split(text.strip())
        repaired = _repair_ends(ends[0], ends[1]) if len(ends) == 2 and all(ends) else None
        if repaired is None:
            raise
        raise RefusalError(
            f"`{shorten(text)}` is not a range", f"did you mean `{repaired}`?"
        ) from None
    return Range(fixed_us, fixed_us)


def _end_of_range(end: str, text: str) -> int:
    """One end of `text`. A slip at either end is answered with the whole corrected range."""
    try:
        return _duration_of_text(end)
    except RefusalError as refusal:
        if end.strip().startswith("-"):
            raise
        ends = _LOOSE_SEPARATOR.split(text.strip())
        repaired = _repair_ends(ends[0], ends[1]) if len(ends) == 2 and all(ends) else None
        if repaired is not None:
            suggestion = f"did you mean `{repaired}`?"
        elif end.strip():
            suggestion = refusal.suggestion
        else:
            suggestion = "a range has two ends, such as `4s..6s`"
        raise RefusalError(f"`{shorten(text)}` is not a range", suggestion) from None


def _repair(text: str) -> str | None:
    """The meaning of a duration in another notation (`3 sec`, `1h30m`, `1,5s`), or None."""
    rest, total_us = text.lower(), 0
    while rest:
        match = _LOOSE_PART.match(rest)
        unit = _UNIT_OF_WORD.get(match.group(2)) if match else None
        if match is None or unit is None:
            return None
        try:
            total_us += _duration_of_text(match.group(1).replace(",", ".") + unit)
        except RefusalError:
            return None
        rest = rest[match.end() :].lstrip()
    return format_duration(total_us) if text and total_us <= MAX_DURATION_US else None


def _repair_ends(low: str, high: str) -> str | None:
    """The range that two ends in another notation mean: `4..6s` is `4s..6s`."""
    if _BARE_NUMBER.fullmatch(low):
        unit = _LOOSE_PART.fullmatch(high.lower())
        low += unit.group(2) if unit else ""
    fixed = [_repair(low) if low != "0" else "0", _repair(high)]
    if fixed[0] is None or fixed[1] is None:
        return None
    low_us, high_us = sorted((_duration_of_text(fixed[0]), _duration_of_text(fixed[1])))
    return str(Range(low_us, high_us))
