"""One schedule in two arms: the simulated and the real timeline side by side, and where they part.

    simulated                                     LiveKit
     5.000 s  step crash (line 11)                 5.002 s  step crash (line 11)
     5.000 s  main is crashed                      5.011 s  main is crashed
     5.031 s  overlay becomes owner (t2)           5.049 s  overlay becomes owner (t2)
                                                   5.446 s  SFU: main left (DUPLICATE_IDENTITY)

Rules: what windows, Rooms and sessions do is told, messages and timers are not. Times differ and
are no difference; neither is the order of what two processes do in the same moment. The arms part
at the first thing that one of them did more often than the other.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

import msgspec

from oneroom.report import figures
from oneroom.report.describe import Describer
from oneroom.report.style import PLAIN, Style
from oneroom.trace import records as r
from oneroom.trace.trace import Trace

_COMPARED = (
    r.LifeChanged,
    r.RoleChanged,
    r.RoomChanged,
    r.CommandApplied,
    r.PresenceChanged,
    r.StepTaken,
    r.Settled,
)
_WIDTH = 62


class TimelineEntry(msgspec.Struct, frozen=True):
    """One thing that happened."""

    at_us: int
    text: str


class ArmDivergence(msgspec.Struct, frozen=True):
    """The first thing that happened in one arm only; `simulated` says in which."""

    entry: TimelineEntry
    simulated: bool


def entries(trace: Trace) -> list[TimelineEntry]:
    """What is told of a run, in its order."""
    describer = Describer(trace)
    return [
        TimelineEntry(record.at_us, _text(describer, trace, record))
        for record in trace.records
        if type(record) in _COMPARED
    ]


def first_difference(
    simulated: list[TimelineEntry], real: list[TimelineEntry]
) -> ArmDivergence | None:
    """None if both did the same things."""
    left, right = Counter(one.text for one in simulated), Counter(one.text for one in real)
    found = [
        *[ArmDivergence(one, simulated=True) for one in _surplus(simulated, left - right)],
        *[ArmDivergence(one, simulated=False) for one in _surplus(real, right - left)],
    ]
    return min(found, key=lambda part: part.entry.at_us, default=None)


def side_by_side(
    simulated: list[TimelineEntry], real: list[TimelineEntry], style: Style = PLAIN
) -> str:
    """Both timelines, what they have in common on one line."""
    lines = [f"{style.strong('simulated'.ljust(_WIDTH))}  {style.strong('LiveKit')}"]
    matcher = SequenceMatcher(
        None, [one.text for one in simulated], [one.text for one in real], autojunk=False
    )
    for kind, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        left, right = simulated[left_from:left_to], real[right_from:right_to]
        if kind == "equal":
            lines += [
                f"{_cell(one).ljust(_WIDTH)}  {_cell(two)}"
                for one, two in zip(left, right, strict=True)
            ]
            continue
        lines += [style.odd(_cell(one)) for one in left]
        lines += [f"{' ' * _WIDTH}  {style.odd(_cell(two))}" for two in right]
    return "\n".join(lines)


def _surplus(entries: list[TimelineEntry], surplus: Counter[str]) -> list[TimelineEntry]:
    """The last ones of those that are too many: the first ones had their like."""
    left = Counter(surplus)
    found = []
    for one in reversed(entries):
        if left[one.text] > 0:
            left[one.text] -= 1
            found.append(one)
    return found


def _text(describer: Describer, trace: Trace, record: r.Record) -> str:
    if isinstance(record, r.StepTaken):
        return f"step {trace.names[record.verb]} (line {record.line})"
    return describer.sentence(record)


def _cell(one: TimelineEntry) -> str:
    cell = f"{figures.timestamp(one.at_us):>10}  {one.text}"
    return cell if len(cell) <= _WIDTH else f"{cell[: _WIDTH - 1]}…"
