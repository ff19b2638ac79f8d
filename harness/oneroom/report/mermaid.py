"""A failure as a Mermaid sequence diagram, which GitHub and GitLab draw where they show Markdown.

    sequenceDiagram
        participant p0 as main
        participant p1 as overlay
        Note over p0,p1: 3.000 s: step crash main (line 14)
        p0--xp1: 3.204 s: heartbeat t2 (lost)
        Note over p1: 5.204 s: opens its Room (t3)

Rules: at most MOST_LINES events, since a diagram is read and Mermaid refuses long ones; those that
lead to the failure stay, then those nearest to it. Nothing in a name or a message can end its line
or be read as a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from oneroom.checks.results import Finding
from oneroom.report import cause_chain, figures
from oneroom.report.describe import LATE_US, Describer
from oneroom.trace import records as r
from oneroom.trace.trace import SFU, WORLD, Trace

MOST_LINES = 25
_MOST_CHARACTERS = 120
_TOLD = (r.StepTaken, r.LifeChanged, r.RoleChanged, r.RoomChanged, r.PresenceChanged)
# What sequence diagrams take for their own: the mark of an entity, the end of a statement, tags.
_SPECIAL = re.compile(r"[#;<>\"%\\`]|\bend\b", re.IGNORECASE)


def render(trace: Trace, finding: Finding | None, most_lines: int = MOST_LINES) -> str:
    """The diagram, without a fence; ends without a newline. A run that held has no `finding`."""
    describer = Describer(trace)
    leading = frozenset(() if finding is None else cause_chain.explain(trace, finding).records)
    chosen = _chosen(trace, finding, leading, most_lines)
    windows = sorted(
        {
            place
            for record in chosen
            for place in _places(describer, record)
            if place not in (WORLD, SFU)
        }
    )
    lanes = {place: f"p{number}" for number, place in enumerate((*windows, SFU))}
    lines = ["sequenceDiagram"]
    lines += [
        f"    participant {lane} as {'SFU' if place == SFU else escaped(trace.names[place])}"
        for place, lane in lanes.items()
    ]
    lines += [f"    {_line(describer, record, lanes)}" for record in chosen]
    if finding is not None:
        named = [lanes[place] for place in windows if trace.names[place] in finding.windows]
        over = _over(named or list(lanes.values()))
        message = escaped(f"{figures.timestamp(finding.at_us)}: {finding.message}")
        lines.append(f"    Note over {over}: ✗ {message}")
    return "\n".join(lines)


def _chosen(
    trace: Trace, finding: Finding | None, leading: frozenset[int], most: int
) -> list[r.Record]:
    """The records that are drawn, in order."""
    shown = len(trace.records) - 1 if finding is None else finding.record
    candidates = [
        record
        for record in trace.records
        if record.n <= shown and (type(record) in _TOLD or _leads(record, leading))
    ]
    ranked = sorted(candidates, key=lambda record: (record.n not in leading, shown - record.n))
    return sorted(ranked[:most], key=lambda record: record.n)


def _leads(record: r.Record, leading: frozenset[int]) -> bool:
    """True for a message on the way to the failure."""
    return record.n in leading and isinstance(record, r.MessageDelivered | r.MessageLost)


def _places(describer: Describer, record: r.Record) -> tuple[int, ...]:
    posted = (
        describer.post_of(record)
        if isinstance(record, r.MessageDelivered | r.MessageLost)
        else None
    )
    return (record.where,) if posted is None else (posted.where, record.where)


def _line(describer: Describer, record: r.Record, lanes: dict[int, str]) -> str:
    at = figures.timestamp(record.at_us)
    if isinstance(record, r.MessageDelivered | r.MessageLost):
        posted = describer.post_of(record)
        if posted is not None:
            lost = isinstance(record, r.MessageLost)
            late_us = describer.delay_us(record)
            late = f", {figures.duration(late_us)} late" if late_us >= LATE_US and not lost else ""
            arrow = "--x" if lost else "->>"
            what = describer.describe(posted).removesuffix(" →")
            ends = f"{lanes[posted.where]}{arrow}{lanes[record.where]}"
            return f"{ends}: {escaped(f'{at}: {what}{late}')}"
    text = escaped(f"{at}: {describer.describe(record)}")
    if record.where in lanes:
        return f"Note over {lanes[record.where]}: {text}"
    return f"Note over {_over(list(lanes.values()))}: {text}"


def _over(lanes: Sequence[str]) -> str:
    """All lanes from the first to the last."""
    return lanes[0] if len(lanes) == 1 else f"{lanes[0]},{lanes[-1]}"


def escaped(text: str) -> str:
    """`text` on one line, as Mermaid shows it; a longer one than is read is cut."""
    line = " ".join(text.split())
    line = line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 1]}…"
    return _SPECIAL.sub(lambda found: _entities(found[0]), line)


def _entities(text: str) -> str:
    """`text` as Mermaid's character entities; of a word, its first letter is enough."""
    return f"#{ord(text[0])};{text[1:]}"
