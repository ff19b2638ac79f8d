"""A run played again with one thing at another time: a step, the opening of a window, or whatever
took its time to arrive (a message, a lock, an answer of the SFU).

A record is moved by what brought it there. Up its chain of causes within one instant is a step, or
an opening: its time in the scenario is changed. Else it was on its way from its cause, and one of
the draws that were made since then is how long that took: the draw that moves it is found by
playing the run with another value of it, never guessed.

Rules: the same run and the same changes give the same result. Everything else keeps its draws,
label by label. A time that the scenario does not allow is refused, or the nearest that it does
allow is taken.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence

import msgspec

from oneroom.checks.check import Check
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.driver.script import Schedule
from oneroom.explore.judged_run import SFU, JudgedRun, judged
from oneroom.explore.scenario_text import scenario_text
from oneroom.scenario import Range, Scenario, ScenarioError
from oneroom.scenario.write import write
from oneroom.sim.run import simulate
from oneroom.trace.records import Life, LifeChanged, Record, StepTaken
from oneroom.trace.trace import all_records

# Draws that are tried for one record; those of its cause's own instant come first.
MOST_TRIED = 24
SCHEDULE = (Label.OPEN_TIME, Label.STEP_TIME)
# What says how long something takes. The other labels say what happens, or in which order.
_DELAYS = frozenset(
    {
        Label.FATE,
        Label.STORAGE_DELAY,
        Label.LOCK_DELAY,
        Label.MINT_DELAY,
        Label.SIGNAL_DELAY,
        Label.MEDIA_DELAY,
        Label.RETRY_JITTER,
        Label.PROMPT_ANSWER,
        Label.STALL_TIME,
        Label.LATENCY,
        Label.PHASE,
        Label.CHAT_STORE,
        Label.IPC_DELAY,
        Label.LOAD_TIME,
        Label.RELOAD_TIME,
        Label.SUSPEND_TIME,
        Label.APP_ANSWER,
        Label.LOCK_PERMISSION,
        Label.UNLOAD_TIME,
    }
)


class Immovable(Exception):
    """A record that cannot be moved, or not to there; `args` are one sentence."""


class Version(msgspec.Struct, frozen=True):
    """A run that can be changed. `drawn_after` has, for each draw of its tape, how many records
    there were when it was made; `moved` is the record that the last change moved, -1 for none.
    """

    made: JudgedRun
    drawn_after: Sequence[int]
    moved: int = -1

    @property
    def records(self) -> Sequence[Record]:
        return self.made.run.trace.records


def first_version(scenario: Scenario, policy: str, seed: int, tape: Sequence[Draw]) -> Version:
    """The run of a tape, as it was."""
    choices = _PlacedReplay(tape)
    started_s = time.perf_counter()
    # What a policy or check of the user's own prints must not come between the results.
    with contextlib.redirect_stdout(sys.stderr):
        run = simulate(scenario, policy, choices, (_counter(choices),))
    made = judged(run, seed, SFU, time.perf_counter() - started_s)
    return Version(made, choices.drawn_after)


def moved(version: Version, n: int, at_us: int) -> Version:
    """The run with what brought record `n` there at `at_us`, or as near as the scenario allows.
    Raises Immovable.
    """
    records = version.records
    if not 0 <= n < len(records):
        raise Immovable("there is no such record in this run")
    for record in _same_instant(records, n):
        if isinstance(record, StepTaken):
            return _with_step_at(version, record, at_us)
        if isinstance(record, LifeChanged) and record.life is Life.OPENED and record.cause < 0:
            return _with_opening_at(version, record, at_us)
        if record.cause >= 0 and records[record.cause].at_us < record.at_us:
            return _with_delay_until(version, record, at_us)
    raise Immovable("nothing of the scenario and no delay brought this record here")


def _same_instant(records: Sequence[Record], n: int) -> Iterator[Record]:
    """Record `n` and its causes in the same instant, up to the first that came from before."""
    record = records[n]
    yield record
    while record.cause >= 0 and records[record.cause].at_us == record.at_us:
        record = records[record.cause]
        yield record


# -- times of the scenario ------------------------------------------------------------------------


def _with_step_at(version: Version, taken: StepTaken, at_us: int) -> Version:
    steps = list(_fixed(version).steps)
    place = min(
        (place for place, step in enumerate(steps) if step.line == taken.line),
        key=lambda place: abs(steps[place].at.low_us - taken.at_us),
        default=-1,
    )
    if place < 0:
        raise Immovable("this step is not in the scenario's file")
    step = steps[place].model_copy(update={"at": Range(max(0, at_us), max(0, at_us))})
    others = [*steps[:place], *steps[place + 1 :]]
    earlier = [one for one in others if one.at.low_us <= step.at.low_us]
    ordered = (*earlier, step, *others[len(earlier) :])
    changed = _fixed(version).model_copy(update={"steps": ordered})
    new = _played_as_written(version, changed)
    found = (
        record.n
        for record in new.records
        if isinstance(record, StepTaken) and record.at_us == step.at.low_us
        if new.made.run.trace.names[record.verb] == version.made.run.trace.names[taken.verb]
    )
    return msgspec.structs.replace(new, moved=next(found, -1))


def _with_opening_at(version: Version, opened: LifeChanged, at_us: int) -> Version:
    scenario, name = _fixed(version), version.made.run.trace.names[opened.where]
    window = scenario.windows.get(name)
    if window is None or window.opens is None:
        raise Immovable("the scenario has no time at which this window opens")
    opens = Range(max(0, at_us), max(0, at_us))
    windows = {**scenario.windows, name: window.model_copy(update={"opens": opens})}
    new = _played_as_written(version, scenario.model_copy(update={"windows": windows}))
    names = new.made.run.trace.names
    found = (
        record.n
        for record in new.records
        if isinstance(record, LifeChanged) and record.life is Life.OPENED
        if names[record.where] == name
    )
    return msgspec.structs.replace(new, moved=next(found, -1))


def fixed_schedule(version: Version) -> Scenario:
    """The scenario of a run with the times that were drawn for its steps and openings, from its own
    text. Raises Immovable if that text is refused.
    """
    return _parsed(version, _fixed(version))


def _fixed(version: Version) -> Scenario:
    scenario = version.made.run.scenario
    schedule = Schedule(scenario, ReplayByLabel(version.made.run.tape))
    windows = dict(scenario.windows)
    for at_us, name in schedule.openings:
        windows[name] = windows[name].model_copy(update={"opens": Range(at_us, at_us)})
    steps = tuple(
        step.model_copy(update={"at": Range(at_us, at_us)}) for at_us, step in schedule.steps
    )
    return scenario.model_copy(update={"windows": windows, "steps": steps})


def _parsed(version: Version, scenario: Scenario) -> Scenario:
    text = msgspec.structs.replace(scenario_text(version.made.run.scenario), text=write(scenario))
    try:
        return text.scenario()
    except ScenarioError as error:
        raise Immovable(error.problems[0].message) from error


def _played_as_written(version: Version, scenario: Scenario) -> Version:
    result = version.made.result
    tape = [draw for draw in version.made.run.tape if draw.label not in SCHEDULE]
    return first_version(_parsed(version, scenario), result.policy, result.seed, tape)


# -- delays ---------------------------------------------------------------------------------------


def _with_delay_until(version: Version, record: Record, at_us: int) -> Version:
    """The run with the one draw changed that moves `record` nearest to `at_us`."""
    best: tuple[int, int] | None = None
    for position in _candidates(version, record):
        for value in _guesses(version, record, position, at_us):
            new = _with_draw(version, record, position, value)
            arrived_us = new.records[new.moved].at_us if new.moved >= 0 else sys.maxsize
            if arrived_us == at_us:
                return new
            if arrived_us != record.at_us and (best is None or abs(arrived_us - at_us) < best[0]):
                best = abs(arrived_us - at_us), position
    if best is None:
        raise Immovable("no delay that was drawn for it would bring it there, or nearer")
    return _nearest(version, record, best[1], at_us)


def _candidates(version: Version, record: Record) -> list[int]:
    """The draws that may be the delay of `record`: made after its cause and before it."""
    tape, after, records = version.made.run.tape, version.drawn_after, version.records
    cause = records[record.cause]
    found = [
        position
        for position, count in enumerate(after)
        if cause.n < count <= record.n and tape[position].label in _DELAYS
    ]
    at_once = [one for one in found if records[after[one] - 1].at_us == cause.at_us]
    return [*at_once, *(one for one in found if one not in set(at_once))][:MOST_TRIED]


def _guesses(version: Version, record: Record, position: int, at_us: int) -> list[int]:
    """Values for a delay that ends at `at_us`, if a value is a microsecond: by what it lacks now,
    and for what must wait for others (messages arrive in order), from its beginning. Others than
    it has.
    """
    draw, cause = version.made.run.tape[position], version.records[record.cause]
    wanted = (draw.value + at_us - record.at_us, at_us - cause.at_us)
    values = [max(0, min(draw.bound - 1, value)) for value in wanted]
    return [value for value in dict.fromkeys(values) if value != draw.value]


def _with_draw(version: Version, record: Record, position: int, value: int) -> Version:
    """The run with another value of one draw; `moved` is `record` there, -1 if it is not."""
    run, result = version.made.run, version.made.result
    tape = list(run.tape)
    tape[position] = Draw(tape[position].label, tape[position].bound, value)
    new = first_version(run.scenario, result.policy, result.seed, tape)
    # As the one of several effects of the same cause that it was.
    name = run.trace.names[record.where]
    place = _effects_like(version, record, name).index(record.n)
    found = _effects_like(new, record, name)
    return msgspec.structs.replace(new, moved=found[place] if place < len(found) else -1)


def _effects_like(version: Version, record: Record, name: str) -> list[int]:
    """The records of the kind of `record`, at the place of that name, that have its cause."""
    names = version.made.run.trace.names
    return [
        one.n
        for one in version.records[record.cause + 1 :]
        if one.cause == record.cause and type(one) is type(record) and names[one.where] == name
    ]


def _nearest(version: Version, record: Record, position: int, at_us: int) -> Version:
    """The run with the value of the draw that brings `record` nearest to `at_us`. A longer delay is
    a larger value; a value that loses it is later than all.
    """
    low, high = 0, version.made.run.tape[position].bound - 1
    best: tuple[int, Version] | None = None
    while low <= high:
        middle = (low + high) // 2
        new = _with_draw(version, record, position, middle)
        late = new.moved < 0
        if not late:
            arrived_us = new.records[new.moved].at_us
            late = arrived_us > at_us
            if best is None or abs(arrived_us - at_us) < best[0]:
                best = abs(arrived_us - at_us), new
        if late:
            high = middle - 1
        else:
            low = middle + 1
    if best is None or best[1].records[best[1].moved].at_us == record.at_us:
        raise Immovable("no delay that was drawn for it would bring it there, or nearer")
    return best[1]


class _PlacedReplay(ReplayByLabel):
    """Plays a tape back, and notes for each draw how many `records` there were."""

    def __init__(self, recorded: Sequence[Draw]) -> None:
        super().__init__(recorded)
        self.records = 0
        self.drawn_after: list[int] = []

    def _pick(self, label: Label, bound: int) -> int:
        self.drawn_after.append(self.records)
        return super()._pick(label, bound)


def _counter(choices: _PlacedReplay) -> type[Check]:
    """A check that holds, and tells `choices` of every record."""

    class RecordCount(Check):
        name = "record_count"
        promise = "records are counted"
        reads = tuple(all_records().__args__[0].__args__)

        def __init__(self) -> None:
            super().__init__()
            self.seen = True

        def on(self, record: Record) -> None:
            choices.records = record.n + 1

    return RecordCount
