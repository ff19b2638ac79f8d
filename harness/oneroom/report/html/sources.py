"""Excerpts of the files that a failure page names: the scenario, and the user's own code.

Rules: a file is shown as it is when the page is made, found from the working directory. Of the
scenario the whole text goes into the page, of other files the lines around each place that is
named. A file that is not there is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_AROUND = 4
_SCENARIO_LINES = 400
_FILES = 20
_LINE_CHARACTERS = 300
_PLACE = re.compile(r"([\w@./-]+\.(?:[cm]?[jt]sx?|py|vue|svelte)):(\d+)")


def scenario_source(path: str, text: str) -> dict[str, object]:
    """The scenario's text as lines, those of its beginning if there are too many."""
    lines = [line[:_LINE_CHARACTERS] for line in text.splitlines()[:_SCENARIO_LINES]]
    return {"file": path, "parts": [{"first": 1, "lines": lines}]}


def user_sources(told: Iterable[str]) -> list[dict[str, object]]:
    """Excerpts around the places `file:line` that these texts name."""
    places: dict[str, set[int]] = {}
    for text in told:
        for file, line in _PLACE.findall(text):
            if file in places or len(places) < _FILES:
                places.setdefault(file, set()).add(int(line[:7]))
    found = [_excerpt(file, sorted(lines)) for file, lines in places.items()]
    return [excerpt for excerpt in found if excerpt["parts"]]


def _excerpt(file: str, lines: list[int]) -> dict[str, object]:
    try:
        text = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        text = []
    parts: list[dict[str, object]] = []
    end = 0
    for line in lines:
        first, last = max(1, line - _AROUND, end + 1), min(len(text), line + _AROUND)
        if first <= last:
            shown = [one[:_LINE_CHARACTERS] for one in text[first - 1 : last]]
            parts.append({"first": first, "lines": shown})
            end = last
    return {"file": file, "parts": parts}
