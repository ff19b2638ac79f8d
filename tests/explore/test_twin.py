"""The search for the nearest passing twin of a failing run."""

from __future__ import annotations

import functools

from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.twin import TwinSearch
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse
from oneroom.trace.digest import digest
from oneroom.trace.variation import Twin
from tests.project import ROOT

# A mute is lost with an owner that crashes before its snapshot is confirmed: in some seeds.
LOST_MUTE = ROOT / "scenarios" / "negative" / "a-mute-dies-with-its-owner.yaml"
TWO_ROOMS = ROOT / "scenarios" / "negative" / "naive-user-is-in-the-call-twice.yaml"
CHECK = "mute_is_sticky"
# The next heartbeat, with the mute in storage, comes 7 to 120 ms after the mute.
CRASHES = "6s..6120ms"


def failing_run(seed: int = 15) -> JudgedRun:
    text = LOST_MUTE.read_text(encoding="utf-8").replace("6s..6010ms", CRASHES)
    scenario = parse(text, vocabulary(), LOST_MUTE.name)
    return run_judged(scenario, scenario.policies[0], seed)


def search(first: JudgedRun, check: str, most_runs: int = 400) -> TwinSearch:
    finding = next(one for one in first.result.violations if one.check == check)
    return TwinSearch(first, finding, most_runs)


@functools.cache
def twin() -> Twin:
    found = search(failing_run(), CHECK).run()
    assert found is not None
    return found


def test_the_runs_are_neighbours_and_both_were_made() -> None:
    found = twin()
    assert abs(found.failing.value - found.passing.value) == 1
    assert {found.failing, found.passing} <= set(found.variations)
    tape = list(failing_run().run.tape)
    for side, fails in ((found.failing, True), (found.passing, False)):
        draw = tape[found.position]
        tape[found.position] = Draw(draw.label, draw.bound, side.value)
        first = failing_run()
        again = run_judged(
            first.run.scenario, first.result.policy, first.result.seed, ReplayByLabel(tape)
        )
        assert any(one.check == CHECK for one in again.result.violations) == fails
        assert digest(again.run.trace) == digest(side.trace)


def test_what_decides_is_when_the_window_crashes() -> None:
    """The crash has a range in the file, the heartbeat's timer has none."""
    assert twin().label == Label.STEP_TIME
    assert twin().failing.value < twin().passing.value


def test_the_search_is_the_same_again() -> None:
    again = search(failing_run(), CHECK).run()
    assert again is not None
    assert again[:3] == twin()[:3]
    other = search(failing_run(22), CHECK).run()
    assert other is None or other.drawn != twin().drawn


def test_a_failure_of_every_run_has_no_twin() -> None:
    scenario = parse(TWO_ROOMS.read_text(encoding="utf-8"), vocabulary(), TWO_ROOMS.name)
    looking = search(run_judged(scenario, "naive", 1), "single_room")
    assert looking.run() is None
    assert looking.complete


def test_the_search_ends_with_its_runs() -> None:
    looking = search(failing_run(), CHECK, most_runs=20)
    looking.run()
    assert looking.runs == 20
    assert not looking.complete
