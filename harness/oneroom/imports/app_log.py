"""A log of the app's own: one JSON object a line, with a time, a window and an event.

An event is the name of a step of scenarios (`connect`, `hide`, `offline` …) or one that `events`
translates into it; arguments of that step are keys of the same object, or the least that the step
can do with. Keys and events of other names are mapped: `--key time=ts`, `--event joined=connect`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from oneroom.imports.observation import BadLine, NotImported, Observation, wall_us, word
from oneroom.scenario import VERBS

SOURCE = "a log of the app"
KEYS = ("time", "window", "event")
IGNORED = "-"
"""What an event is translated into that is no step."""


def read(
    text: str, keys: Mapping[str, str], events: Mapping[str, str]
) -> tuple[list[Observation], list[BadLine]]:
    """The observations in a log. Raises NotImported with every line that is wrong: a log that is
    the app's own can be mended.
    """
    time, window, event = (keys.get(name, name) for name in KEYS)
    found: list[Observation] = []
    bad: list[BadLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict):
            bad.append(BadLine(number, "no JSON object"))
            continue
        at_us, name = wall_us(entry.get(time)), entry.get(event)
        verb = events.get(str(name), str(name))
        if at_us is None:
            bad.append(BadLine(number, f"`{time}` is no time"))
        elif name is None:
            bad.append(BadLine(number, f"there is no `{event}`"))
        elif verb == IGNORED:
            continue
        elif verb not in VERBS:
            said = f"`{word(name)}` is no step; --event {word(name)}=STEP, or ={IGNORED}"
            bad.append(BadLine(number, said))
        else:
            where = str(entry.get(window, "")) if VERBS[verb].about == "window" else ""
            found.append(Observation(at_us, where or _only(verb), verb, _arguments(verb, entry)))
    if bad:
        raise NotImported(bad)
    return found, bad


def _only(verb: str) -> str:
    """The window of a log that names none."""
    return "the window" if VERBS[verb].about == "window" else ""


def _arguments(verb: str, entry: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The step's arguments that the line has; a channel is never copied."""
    found = []
    for name, field in VERBS[verb].model_fields.items():
        if name == VERBS[verb].about:
            continue
        if name == "channel":
            found.append((name, "lobby"))
        elif name in entry and (value := word(entry[name])):
            found.append((name, value))
        elif field.is_required() and name == "lasts":
            found.append((name, "1s"))
    return tuple(found)
