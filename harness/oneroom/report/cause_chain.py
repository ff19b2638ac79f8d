"""The chain of causes of a failure: the walk backwards from the record at which it shows.

Rules: nothing is guessed. Every record that is named is in the chain of causes of the failing
record, or is the last change of a concerned window's Room, role or lifecycle (a window that has
held a Room for a minute is half of the failure and causes none of the records at its end).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.checks.results import Finding
from oneroom.report import figures
from oneroom.report.describe import LATE_US, Describer
from oneroom.trace import records as r
from oneroom.trace.trace import Trace

# The most links that are still readable in one line.
_LINKS = 4
# A late or lost message explains what happens while a window still waits for it, and silence what
# happens soon after it began; older ones only explain the state in which the failure began.
_FRESH_US = 10_000_000

# From then on a window is silent.
_SILENT = (*r.PAUSED, *r.GONE)


class CauseChain(msgspec.Struct, frozen=True):
    """The explanation of a failure.

    `records` are the numbers of the records that lead to the failure, the failing one included, in
    order. `links` are the decisive ones in words, oldest first. `step_line` is the line of the step
    that set it off (0 for none).
    """

    records: tuple[int, ...]
    links: tuple[str, ...]
    step_line: int

    @property
    def line(self) -> str:
        """The decisive records in one line, oldest first.

        `main crashes (line 14) → overlay is granted the lock → opens its Room (t8)`.
        """
        return " → ".join(self.links) or "nothing led to it but the scenario itself"


def causes(trace: Trace, n: int) -> list[r.Record]:
    """The causes of record `n`, oldest first, record `n` itself last.

    A cause always has a smaller number, so the walk ends; at the latest at a step, which only the
    scenario causes, even if another step was taken in the same instant.
    """
    found = [trace.records[n]]
    while 0 <= found[-1].cause < found[-1].n and not isinstance(found[-1], r.StepTaken):
        found.append(trace.records[found[-1].cause])
    found.reverse()
    return found


def explain(trace: Trace, finding: Finding) -> CauseChain:
    """The causes of `finding`, which was found in `trace`."""
    # A limit of a whole run is judged at its end, in no window: then its major records explain it.
    leading = {record.n: record for record in causes(trace, finding.record)}
    if finding.windows:
        for record in (*_last_changes(trace, finding), *_last_silent_window(trace, finding)):
            leading.update((cause.n, cause) for cause in causes(trace, record.n))
    else:
        leading.update((record.n, record) for record in _major_records(trace))
    ordered = [leading[n] for n in sorted(leading)]
    links = _links(trace, ordered, finding.record)
    if not links:  # something that never happened has no cause of its own either
        leading.update((record.n, record) for record in _major_records(trace))
        ordered = [leading[n] for n in sorted(leading)]
        links = _links(trace, ordered, finding.record)
    return CauseChain(tuple(record.n for record in ordered), links, _step_line(trace, ordered))


def chain_sentence(trace: Trace, finding: Finding) -> str:
    """The violation and its chain of causes in one sentence, with a full stop."""
    when = f"{finding.check} was violated at {figures.timestamp(finding.at_us)}, {finding.message}"
    links = explain(trace, finding).links
    if not links:
        return f"{when}: nothing led to it but the scenario itself."
    return (
        f"{when}: "
        + (", then ".join(links[:-1]) + ", and so " if len(links) > 1 else "")
        + f"{links[-1]}."
    )


def _major_records(trace: Trace) -> list[r.Record]:
    """Records of what was done to the windows, by which step, and which window became owner."""
    describer = Describer(trace)
    done = [
        record
        for record in trace.records
        if (isinstance(record, r.LifeChanged) and record.life in _SILENT)
        or (
            isinstance(record, r.FaultChanged)
            and record.on
            and not describer.implied_by_lifecycle(record)
        )
        or (isinstance(record, r.RoleChanged) and record.role == r.Role.OWNER)
    ]
    steps = [trace.records[record.cause] for record in done if record.cause >= 0]
    return done + [record for record in steps if isinstance(record, r.StepTaken)]


def _step_line(trace: Trace, leading: Sequence[r.Record]) -> int:
    """The line of the last step that led to the failure.

    The last one before it, where none did; 0 for no step.
    """
    steps = [record for record in leading if isinstance(record, r.StepTaken)]
    if not steps:
        steps = [
            record for record in trace.records[: leading[-1].n] if isinstance(record, r.StepTaken)
        ]
    return steps[-1].line if steps else 0


def _last_changes(trace: Trace, finding: Finding) -> list[r.Record]:
    """The last change of each concerned window's Room, role and lifecycle before the failure."""
    describer = Describer(trace)
    concerned = {trace.names.index(name) for name in finding.windows if name in trace.names}
    last: dict[tuple[int, int], r.Record] = {}
    for record in trace.records[: finding.record]:
        if record.where not in concerned:
            continue
        match record:
            case r.RoomChanged():
                # Of a Room that is still held the opening matters; the rest follows from there.
                if record.state in (r.RoomState.OPENING, r.RoomState.CLOSING, r.RoomState.ENDED):
                    last[record.where, 0] = record
            case r.RoleChanged():
                last[record.where, 1] = record
            case r.LifeChanged():
                _keep_life(last, record)
            case r.FaultChanged() if not describer.implied_by_lifecycle(record):
                _keep_fault(last, record)
    return list(last.values())


def _last_silent_window(trace: Trace, finding: Finding) -> list[r.Record]:
    """The last window that fell silent before the failure.

    Silence produces no records, so it is the cause of none.
    """
    for record in reversed(trace.records[: finding.record]):
        if finding.at_us - record.at_us > _FRESH_US:
            break
        if isinstance(record, r.LifeChanged) and record.life in _SILENT:
            return [record]
    return []


def _keep_life(last: dict[tuple[int, int], r.Record], record: r.LifeChanged) -> None:
    if record.life in _SILENT:
        last[record.where, 2] = record
    elif record.life in r.UNPAUSED:
        last.pop((record.where, 2), None)


def _keep_fault(last: dict[tuple[int, int], r.Record], record: r.FaultChanged) -> None:
    # Faults are told apart by their interned name; 3 keeps them clear of the kinds above.
    if record.on:
        last[record.where, 3 + record.fault] = record
    else:
        last.pop((record.where, 3 + record.fault), None)


def _links(trace: Trace, leading: Sequence[r.Record], failing: int) -> tuple[str, ...]:
    """The decisive records in words, oldest first, without repeating the subject."""
    describer = Describer(trace)
    steps = {record.n: record for record in leading if isinstance(record, r.StepTaken)}
    # A step that is only a click or a crash is implied by the record of that click or crash.
    implied = {
        record.cause
        for record in leading
        if record.cause in steps and _weight(describer, record) > 0
    }
    since_us = trace.records[failing].at_us - _FRESH_US
    candidates = [
        record
        for record in leading
        if _weight(describer, record) > 0
        and record.n != failing
        and record.n not in implied
        and not (isinstance(record, r.MessageDelivered | r.MessageLost) and record.at_us < since_us)
    ]
    candidates.sort(key=lambda record: (-_weight(describer, record), -record.n))
    kept = sorted(candidates[: _LINKS - 1], key=lambda record: record.n)
    if not isinstance(trace.records[failing], r.Settled):
        kept.append(trace.records[failing])
    return tuple(_link_texts(describer, kept, steps))


def _link_texts(
    describer: Describer, kept: Sequence[r.Record], steps: dict[int, r.StepTaken]
) -> list[str]:
    parts: list[str] = []
    before = ""
    for record in kept:
        sentence = describer.sentence(record)
        place = describer.place(record)
        if place == before and sentence.startswith(f"{place} "):
            sentence = sentence[len(place) + 1 :]
        step = steps.get(record.cause)
        parts.append(f"{sentence} (line {step.line})" if step is not None else sentence)
        before = place
    return parts


def _weight(describer: Describer, record: r.Record) -> int:
    """The explanatory weight of a record; 0 if it only passes a cause on."""
    match record:
        case r.FaultChanged():
            return 0 if describer.implied_by_lifecycle(record) else 5 if record.on else 2
        case r.MessageLost():
            return 4
        case r.MessageDelivered():
            return 4 if describer.delay_us(record) >= LATE_US else 0
        case r.LifeChanged():
            return 5 if record.life in _SILENT else 1
        case r.RoleChanged():
            return 3 if record.role in r.OWNING else 1
        case r.LockChanged():
            return 3 if record.change in (r.LockChange.GRANTED, r.LockChange.STOLEN) else 0
        case r.RoomChanged():
            return 4 if record.state in (r.RoomState.OPENING, r.RoomState.ENDED) else 1
        case r.UserActed():
            return 3
        case r.CommandApplied():
            return 2
        case r.PresenceChanged() | r.CaptureChanged() | r.PromptChanged():
            return 2
        case r.StepTaken():
            return 1
    return 0


def size(chain: CauseChain, trace: Trace) -> str:
    """`12 records of the cause chain, from 1,904`."""
    return (
        f"{figures.plural(len(chain.records), 'record')} of the cause chain, from "
        f"{figures.count(len(trace.records))}"
    )
