"""The simulated and the real timeline of one schedule, side by side, with their first difference.

    simulated                                     LiveKit
     5.000 s  step crash (line 11)                 5.002 s  step crash (line 11)
     5.000 s  main is crashed                      5.011 s  main is crashed
     5.031 s  overlay becomes owner (t2)           5.049 s  overlay becomes owner (t2)
                                                   5.446 s  SFU: main left (DUPLICATE_IDENTITY)

Rules: events of windows, Rooms and sessions are shown, messages and timers are not. Times differ
and are no difference; neither is the order of events of two processes within one instant. The first
difference is the first event that happened more often in one arm than in the other.
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
    """One event of a run."""

    at_us: int
    text: str


class ArmDivergence(msgspec.Struct, frozen=True):
    """The first event that happened in one arm only; `simulated` is true if it was in that one."""

    entry: TimelineEntry
    simulated: bool


def entries(trace: Trace) -> list[TimelineEntry]:
    """The events of a run that are compared, in order."""
    describer = Describer(trace)
    return [
        TimelineEntry(record.at_us, _text(describer, trace, record))
        for record in trace.records
        if type(record) in _COMPARED
    ]


def first_difference(
    simulated: list[TimelineEntry], real: list[TimelineEntry]
) -> ArmDivergence | None:
    """The first difference, None if both arms did the same things."""
    left, right = Counter(one.text for one in simulated), Counter(one.text for one in real)
    found = [
        *[ArmDivergence(one, simulated=True) for one in _surplus(simulated, left - right)],
        *[ArmDivergence(one, simulated=False) for one in _surplus(real, right - left)],
    ]
    return min(found, key=lambda part: part.entry.at_us, default=None)


def side_by_side(
    simulated: list[TimelineEntry], real: list[TimelineEntry], style: Style = PLAIN
) -> str:
    """Both timelines, with common events on one line."""
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
    """The surplus events, the last ones of each text: the first ones have a counterpart."""
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
