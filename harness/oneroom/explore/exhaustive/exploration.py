"""One run of a search: a schedule in; the new states, and the schedules that branch off, out."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from oneroom.checks.judge import Judge
from oneroom.choices.departing import Departing
from oneroom.driver.endless import Endless
from oneroom.driver.run import Run
from oneroom.explore.exhaustive.departures import Departures
from oneroom.explore.exhaustive.schedule import Schedule
from oneroom.explore.exhaustive.state import Opaque, StateReader
from oneroom.explore.judged_run import judged
from oneroom.scenario import Scenario
from oneroom.sim.kernel import Entry
from oneroom.sim.run import simulate
from oneroom.sim.world import World

_NO_STATE = b""
# A state is compared at the first turn after so much time: making a fingerprint costs as much as
# some dozen turns.
COMPARED_EVERY_US = 100_000


class Reached(msgspec.Struct, array_like=True):
    """A state that a run has reached, and the schedules that branch off before the next one.

    `state` is its fingerprint, b"" for one that is not compared with others; the next record is
    `record`. `moved` are schedules in which a step or an opening comes at once; `departing` have
    one more departure.
    """

    state: bytes
    record: int
    moved: list[Schedule]
    departing: list[Schedule]


class Explored(msgspec.Struct, array_like=True):
    """The outcome of one run.

    `turns` is its length, `merged` is true if it ended in a state that was known, `gave_up` if it
    did not come to its end. `broken` are the checks that broke unexpectedly, at record `at`.
    `opaque` is the type of a value for which states cannot be compared, "" if they can; `vacuous`
    are the checks that had nothing to guard.
    """

    reached: list[Reached]
    turns: int = 0
    merged: bool = False
    gave_up: str = ""
    broken: tuple[str, ...] = ()
    at: int = -1
    opaque: str = ""
    vacuous: tuple[str, ...] = ()


class _Merged(Endless):
    """The run has come to a state that is known."""


class Explorer:
    """Makes the runs of one process. `known` are the states that it has been told of, and its own;
    `compare` says whether states are compared at all.
    """

    def __init__(self, scenario: Scenario, policy: str, *, compare: bool) -> None:
        self.known: set[bytes] = set()
        self._scenario = scenario
        self._policy = policy
        self._departures = Departures(scenario)
        self._compare = compare

    def explore(self, schedule: Schedule) -> Explored:
        """Make one run."""
        watcher = _Watcher(self, schedule)
        run = simulate(self._scenario, self._policy, watcher.choices, watch=watcher.watch)
        found = watcher.end(run)
        if run.raised or run.judgement.violations or not found.merged:
            result = judged(run, 0, "fake", 0.0).result
            if result.unexpected:
                found.broken = result.unexpected
                found.at = min(
                    one.record for one in result.violations if one.check in result.unexpected
                )
        return found

    def reader(self, world: World, judge: Judge) -> StateReader | None:
        """The reader of the states of a run, None if they are not compared."""
        if not self._compare:
            return None
        limited = bool(self._scenario.expect.limits)
        return StateReader(world.kernel, (world, judge), ledger=limited)

    def departures(self, choices: Departing, place: int) -> tuple[int, ...]:
        """The other values of a draw that was made."""
        return self._departures.of(choices.tape[place])


class _Watcher:
    """Follows one run: where its turns begin, and what could have been otherwise."""

    def __init__(self, explorer: Explorer, schedule: Schedule) -> None:
        self.choices = Departing(dict(schedule.departures))
        self._explorer = explorer
        self._schedule = schedule
        self._found = Explored([])
        self._turn = -1
        self._begins = 0
        self._compared_us = 0
        self._own: set[bytes] = set()

    def watch(self, world: World, judge: Judge) -> Callable[[], None]:
        """See `oneroom.sim.run.Watch`."""
        self._world = world
        self._reader = self._explorer.reader(world, judge)
        self._turn, self._begins, self._compared_us = -1, 0, 0
        self._own.clear()
        self._found = Explored([Reached(_NO_STATE, 0, [], [])])
        return self._turned

    def end(self, run: Run) -> Explored:
        """The run is over."""
        found = self._found
        self._draws()
        found.turns = self._turn + 1
        found.gave_up = "" if found.merged else run.gave_up
        found.vacuous = run.judgement.vacuous
        return found

    def _turned(self) -> None:
        """A turn is over, and another one begins."""
        self._draws()
        self._turn += 1
        self._begins = len(self.choices.tape)
        if self._turn < self._schedule.turn:
            return
        scheduled = self._world.kernel.entries()
        next_us = scheduled[0][0]
        if next_us >= self._compared_us + COMPARED_EVERY_US:
            self._compared_us = next_us - next_us % COMPARED_EVERY_US
            self._compare()
        self._moves(scheduled, self._found.reached[-1].moved)

    def _compare(self) -> None:
        """Look whether the present state is known."""
        state = self._state()
        if state in self._own:
            return  # a circle: it is run on to its end, where liveness is judged
        if state in self._explorer.known:
            self._found.merged = True
            raise _Merged
        if state:
            self._explorer.known.add(state)
            self._own.add(state)
        self._found.reached.append(Reached(state, self._world.trace.n, [], []))

    def _state(self) -> bytes:
        if self._reader is None or self._found.opaque:
            return _NO_STATE
        try:
            return self._reader.fingerprint()
        except Opaque as error:
            self._found.opaque = str(error)
            return _NO_STATE

    def _draws(self) -> None:
        """Branch off at each new draw of the turn that is over."""
        tape = self.choices.tape
        departing = self._found.reached[-1].departing
        for place in range(max(self._begins, self._schedule.place + 1), len(tape)):
            for value in self._explorer.departures(self.choices, place):
                departures = (*self._until(place), (place, value))
                departing.append(Schedule(departures, place, self._turn + 1))

    def _until(self, place: int) -> tuple[tuple[int, int], ...]:
        """The departures so far: all before `place`, and the times that were moved."""
        return tuple(one for one in self._schedule.departures if one[0] < place)

    def _moves(self, scheduled: list[Entry], moved: list[Schedule]) -> None:
        """Branch off where what is still to come at some time could come before the next event, or
        among those of its instant.
        """
        kernel, tape = self._world.kernel, self.choices.tape
        now_us, chosen = kernel.now_us, dict(self._schedule.departures)
        waiting = [place for place in self.choices.earliest_us if place not in chosen]
        if not waiting:
            return
        next_us = scheduled[0][0]
        race = len(scheduled) > 1 and scheduled[1][0] == next_us
        for place in waiting:
            earliest_us = self.choices.earliest_us[place]
            latest_us = earliest_us + tape[place].value
            soon_us = max(earliest_us, now_us + 1)
            times = [soon_us] if soon_us < next_us else []
            if earliest_us <= next_us and (race or not times):
                times.append(next_us)
            for at_us in times:
                if at_us < latest_us:
                    departures = (*self._until(len(tape)), (place, at_us - earliest_us))
                    moved.append(Schedule(departures, len(tape) - 1, self._turn))
