"""Observations as the text of a scenario, with their times.

Rules: the text is a scenario that can be run as it is. A step that contradicts those before it (a
log begins in the middle, or lost lines) stays as a comment with the reason, for the reader to
decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.imports.observation import BadLine, NotImported, Observation
from oneroom.scenario import ScenarioError, Vocabulary, parse

_FIRST_US = 2_000_000
_OPENS_BEFORE_US = 500_000
_NAMES = ("main", "overlay")
_MOST_STEPS = 500  # the text is read again for each step that is refused


def skeleton(observations: Sequence[Observation], source: str, vocabulary: Vocabulary) -> str:
    """The scenario of `observations`, of a `source` in words ("a HAR").

    Raises NotImported if there is no step in them, or if there are too many.
    """
    ordered = sorted(observations, key=lambda one: one.at_us)
    if not any(one.verb for one in ordered):
        raise NotImported([BadLine(0, f"nothing in this file is a step: is it {source}?")])
    if len(ordered) > _MOST_STEPS:
        too_many = f"{len(ordered):,} entries, of which a scenario takes {_MOST_STEPS}"
        raise NotImported([BadLine(0, f"{too_many}: cut the log to the time of the report")])
    zero_us = ordered[0].at_us - _FIRST_US
    windows = _windows(ordered, zero_us)
    lines = [
        f"scenario: what {source} shows",
        f"why: imported from {source}; replace this by the report that it came with",
        "windows:",
    ]
    for name, opens in windows.values():
        kind = "main" if name == _NAMES[0] else "overlay"
        lines.append(f"  {name}: {{kind: {kind}, opens: {opens}}}")
    lines.append("steps:")
    lines += [_line(one, windows, zero_us) for one in ordered]
    return _possible(lines, vocabulary)


def _windows(ordered: Sequence[Observation], zero_us: int) -> dict[str, tuple[str, str]]:
    """The windows of a source, in the order in which they are first seen: name, and opening."""
    found: dict[str, tuple[str, str]] = {}
    for one in ordered:
        if one.window and one.window not in found:
            number = len(found)
            name = _NAMES[number] if number < len(_NAMES) else f"{_NAMES[-1]}-{number}"
            opens_us = 0 if number == 0 else max(0, one.at_us - zero_us - _OPENS_BEFORE_US)
            opens = "later" if one.verb == "open" else f"{opens_us // 1_000}ms"
            found[one.window] = name, opens
    return found or {"": (_NAMES[0], "0s")}


def _line(one: Observation, windows: dict[str, tuple[str, str]], zero_us: int) -> str:
    at_ms = (one.at_us - zero_us) // 1_000
    name = windows[one.window][0] if one.window else ""
    if not one.verb:
        where = f"{name}: " if name else ""
        return f"  # {at_ms}ms  {where}{one.note}"
    arguments = [("window", name)] * bool(name) + list(one.arguments)
    said = ", ".join(f"{key}: {value}" for key, value in arguments)
    note = f"  # {one.note}" if one.note else ""
    return f"  - {{at: {at_ms}ms, {one.verb}: {{{said}}}}}{note}"


def _possible(lines: list[str], vocabulary: Vocabulary) -> str:
    """The text of those lines, with the steps that are refused as comments."""
    for _ in range(len(lines)):
        text = "\n".join(lines) + "\n"
        try:
            parse(text, vocabulary)
        except ScenarioError as error:
            refused = {problem.line - 1: problem.message for problem in error.problems}
            steps = [n for n in refused if 0 <= n < len(lines) and lines[n].startswith("  - ")]
            if not steps:
                raise NotImported([BadLine(0, f"no scenario comes of it: {error}")]) from error
            # the first may be why others are refused
            first = min(steps)
            lines[first] = f"  # {lines[first].removeprefix('  - ')}  # {refused[first]}"
        else:
            return text
    raise NotImported([BadLine(0, "none of its steps can be made")])
