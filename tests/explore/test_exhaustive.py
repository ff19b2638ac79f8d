"""The exhaustive search: which states count as one, what is covered, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from oneroom.checks.judge import Judge
from oneroom.choices.departing import Departing
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.replay import Replay
from oneroom.explore.exhaustive.departures import Departures
from oneroom.explore.exhaustive.exploration import Explorer
from oneroom.explore.exhaustive.explorers import Explorers
from oneroom.explore.exhaustive.frontier import (
    Frontier,
    Unusable,
    new_frontier,
    read_frontier,
    write_frontier,
)
from oneroom.explore.exhaustive.schedule import ORDINARY, Schedule
from oneroom.explore.exhaustive.search import Found, can_compare, run_again, step
from oneroom.explore.exhaustive.state import Opaque, StateReader
from oneroom.explore.judged_run import run_judged
from oneroom.sim.kernel import Kernel
from oneroom.sim.run import simulate
from oneroom.sim.world import World
from oneroom.trace.records import Record, StepTaken
from oneroom.trace.trace import Trace
from tests.explore.texts import scenario

POLICY = "web-lock-lease"
ELECTION = """\
scenario: two windows elect an owner, and it crashes
why: a test
bus: {{delay: 1ms..30ms}}
windows:
  main:    {{kind: main, opens: {opens}}}
  overlay: {{kind: overlay, opens: {opens}}}
steps:
  - {{at: {crashes}, crash: {{window: main}}}}
"""
SMALL = ELECTION.format(opens="0s", crashes="900ms..1050ms")
# Planted: the owner does not notice that a command comes a second time.
TWICE = """\
scenario: a command is heard twice
why: a test
without: [dedupe_commands]
bus: {delay: 1ms..30ms, duplicate: 0.1}
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 1s, connect: {window: overlay, channel: lobby}}
"""
# Each claims before it hears of the other only if the first claim takes longest.
LATE_CLAIM = """\
scenario: the second window claims while the first claim is under way
why: a test
bus: {delay: 1ms..2s}
windows:
  main:    {kind: overlay, opens: 0s}
  overlay: {kind: overlay, opens: 200ms}
steps:
  - {at: 3s, focus: {window: main}}
"""


def fingerprints(text: str, departures: Mapping[int, int]) -> list[bytes]:
    """The fingerprint before each turn of a run, but for turns that change nothing (a timer of a
    window that is gone).
    """
    found: list[bytes] = [b""]

    def watch(world: World, judge: Judge) -> Callable[[], None]:
        reader = StateReader(world.kernel, (world, judge), ledger=False)

        def turn() -> None:
            if (state := reader.fingerprint()) != found[-1]:
                found.append(state)

        return turn

    simulate(scenario(text), POLICY, Departing(departures), watch=watch)
    return found[1:]


def searched(text: str, policy: str, departures: int, processes: int = 1) -> Frontier:
    """A search to its end. Raises Found."""
    frontier = new_frontier("test", departures)
    one = scenario(text)
    explorers = Explorers(one, policy, (), compare=can_compare(one), processes=processes)
    try:
        while step(frontier, explorers):
            pass
    finally:
        explorers.close()
    return frontier


def figures(frontier: Frontier) -> tuple[int, ...]:
    return (
        frontier.runs,
        len(frontier.known),
        frontier.merged,
        frontier.deepest,
        frontier.judged,
        frontier.given_up,
    )


# -- states ---------------------------------------------------------------------------------------


def test_a_state_does_not_depend_on_when_it_was_reached() -> None:
    """A duration that counted as a time would differ here."""
    now = fingerprints(ELECTION.format(opens="0s", crashes="3s"), {})
    later = fingerprints(ELECTION.format(opens="1s", crashes="4s"), {})
    assert len(now) == len(later)
    after = [pair for pair in zip(now, later, strict=True) if pair[0] == pair[1]]
    assert len(after) > 20, "all states after the crash, but for writes under way"
    assert len(set(now)) == len(now)


def test_equal_states_go_on_alike() -> None:
    """Under ordinary draws, every state after an equal one is equal as well."""
    ordinary = fingerprints(SMALL, {})
    places = {state: place for place, state in enumerate(ordinary)}
    tape = run_judged(scenario(SMALL), POLICY, 0, Departing({})).run.tape
    met = 0
    for place, draw in enumerate(tape):
        if draw.label in (Label.OPEN_TIME, Label.STEP_TIME):
            continue
        other = fingerprints(SMALL, {place: draw.bound - 1})
        known = [number for number, state in enumerate(other) if state in places]
        joined = [number for number in known if number and other[number - 1] not in places]
        for number in joined:
            met += 1
            rest, same = other[number:], ordinary[places[other[number]] :]
            length = min(len(rest), len(same))
            assert rest[:length] == same[:length]
    assert met > 10


def test_a_state_that_cannot_be_read_is_refused() -> None:
    kernel = Kernel(Trace(), Departing({}))
    kernel.at(1, print, None)
    with pytest.raises(Opaque):
        StateReader(kernel, (iter([1]),), ledger=False).fingerprint()
    with pytest.raises(Opaque):
        StateReader(kernel, ({object()},), ledger=False).fingerprint()


def test_what_a_function_has_closed_over_is_part_of_the_state() -> None:
    kernel = Kernel(Trace(), Departing({}))
    kernel.at(1, print, None)

    def closed(over: int) -> Callable[[], int]:
        return lambda: over

    def state(value: object) -> bytes:
        return StateReader(kernel, (value,), ledger=False).fingerprint()

    assert state(closed(1)) == state(closed(1)) != state(closed(2))


# -- schedules ------------------------------------------------------------------------------------


def test_a_draw_departs_to_what_can_change_an_order() -> None:
    lossy = scenario(SMALL.replace("30ms}", "30ms, loss: 0.5}"))
    departures = Departures(lossy)
    assert departures.of(Draw(Label.TIE, 3, 0)) == (1, 2)
    assert departures.of(Draw(Label.LOCK_DELAY, 1001, 0)) == (1000,)
    assert departures.of(Draw(Label.FATE, 100, 0)) == (49, 99), "as late as can be, and lost"
    assert departures.of(Draw(Label.STEP_TIME, 100, 0)) == (), "a step moves between events"
    assert Departures(scenario(SMALL)).of(Draw(Label.FATE, 100, 0)) == (99,)


def test_a_step_comes_between_any_two_events_of_its_range() -> None:
    def records(schedule: Schedule) -> Sequence[Record]:
        return run_again(scenario(SMALL), POLICY, schedule).run.trace.records

    found = Explorer(scenario(SMALL), POLICY, compare=True).explore(ORDINARY)
    moved = [schedule for reached in found.reached for schedule in reached.moved]
    crashes = {
        next(record.at_us for record in records(one) if isinstance(record, StepTaken))
        for one in moved
    }
    times = {record.at_us for record in records(ORDINARY)}
    between = {at_us + 1 for at_us in times if 900_000 <= at_us < 1_050_000}
    assert crashes >= between
    assert min(crashes) == 900_000


# -- searches -------------------------------------------------------------------------------------


def test_a_search_is_the_same_each_time_and_with_any_number_of_processes() -> None:
    once, again, several = (searched(SMALL, POLICY, 1, processes) for processes in (1, 1, 2))
    assert figures(once) == figures(again) == figures(several)
    assert once.known == several.known
    assert not any(once.waiting())
    assert figures(searched(SMALL, POLICY, 0)) != figures(once)


def test_a_search_that_was_written_down_goes_on_to_the_same_figures(tmp_path: Path) -> None:
    path, one = tmp_path / "exhaust" / "test.msgpack", scenario(SMALL)
    frontier = new_frontier("test", 1)
    while any(frontier.waiting()):
        explorers = Explorers(one, POLICY, frontier.known, compare=True, processes=1)
        step(frontier, explorers)
        explorers.close()
        write_frontier(path, frontier)
        frontier = read_frontier(path, "test")
    assert figures(frontier) == figures(searched(SMALL, POLICY, 1))
    with pytest.raises(Unusable):
        read_frontier(path, "another")
    path.write_bytes(b"?")
    with pytest.raises(Unusable):
        read_frontier(path, "test")


@pytest.mark.parametrize(
    ("text", "policy", "check"),
    [(TWICE, POLICY, "command_effect_once"), (LATE_CLAIM, "heartbeat", "one_owner_per_term")],
)
def test_a_bug_that_needs_one_departure_is_found_with_one(
    text: str, policy: str, check: str
) -> None:
    searched(text, policy, 0)
    with pytest.raises(Found) as found:
        searched(text, policy, 2)
    assert check in found.value.broken
    assert len(found.value.schedule.departures) == 1
    made = run_again(scenario(text), policy, found.value.schedule)
    assert made.result.unexpected == found.value.broken
    again = run_judged(scenario(text), policy, 0, Replay(made.run.tape))
    assert again.result.digest == made.result.digest, "its tape is that of an ordinary run"
