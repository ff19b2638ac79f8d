"""Drawn steps: in calls and about whoever has them, in pairs, among a story that is followed, bent
or dropped.
"""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import draws
from oneroom.choices.replay import Replay
from oneroom.choices.seeded import Seeded
from oneroom.explore.call_in_progress import CallInProgress
from oneroom.explore.drawn_story import drawn_story
from oneroom.explore.fuzz import fuzz_with
from oneroom.explore.hopeless import STANDS_STILL
from oneroom.explore.pairs import ENDS, NEEDS_A_STATE
from oneroom.policies.registry import load
from oneroom.scenario import VERBS, Step, verb_name
from oneroom.scenario.life_verbs import Show
from oneroom.sim.world import World
from oneroom.trace.trace import Trace
from tests.explore.texts import HELD, scenario

# Begins of states, and the steps that end them.
PAIRS = {
    "freeze": {"resume", "show"},
    "hide": {"show"},
    "leave_page": {"come_back", "open", "duplicate"},
    "close": {"open", "duplicate"},
    "unplug": {"plug_in"},
    "plug_in_headset": {"unplug_headset"},
    "stop_server": {"start_server"},
    "drop_network": {"heal_network"},
    "offline": {"online"},
    "remote_joins": {"remote_leaves"},
    "partition": {"heal"},
    "fail_tokens": {"heal"},
    "connect": set(),
    "open": set(),
    "reload": set(),
}


@pytest.mark.parametrize("begin", PAIRS)
def test_pairs_follow_from_the_marks_of_the_verbs(begin: str) -> None:
    assert {verb_name(end) for end in ENDS[VERBS[begin]]} == PAIRS[begin]


def test_a_click_needs_no_state_and_an_end_does() -> None:
    assert Show in NEEDS_A_STATE
    assert not {VERBS["connect"], VERBS["sleep"], VERBS["open"]} & set(NEEDS_A_STATE)


def test_most_runs_have_a_drawn_step_in_a_call_and_many_are_about_its_owner() -> None:
    counts: Counter[str] = Counter()
    for seed in range(1, 101):
        draws.count(scenario(HELD), seed, counts)
    assert counts["runs with a drawn step in a call"] > 60
    in_calls = counts["drawn steps in a call"]
    assert in_calls > counts["drawn steps"] / 2
    assert counts["drawn steps about the window with the call"] > in_calls / 4


def test_a_call_in_progress_is_of_the_window_that_holds_the_room() -> None:
    scene = scenario(HELD)
    trace = Trace()
    call = CallInProgress(trace)
    world = World(scene, load("web-lock-lease"), Replay([]), trace)
    world.begin()
    assert (call.owner, call.stands) == ("", False)
    world.kernel.run(1_900_000)
    assert (call.owner, call.stands) == ("main", False), "an owner without a call"
    world.kernel.run(4_000_000)
    assert (call.owner, call.stands) == ("main", True)
    world.windows.crash("main")
    assert not call.stands
    world.kernel.run(12_000_000)
    assert (call.owner, call.stands) == ("overlay", True), "its successor"
    world.end()


def test_a_story_is_followed_bent_and_dropped() -> None:
    story = scenario(HELD).steps
    assert drawn_story(story, Replay([])) == tuple(without_place(story)), "the ordinary one"
    modes: Counter[str] = Counter()
    for seed in range(1, 801):
        drawn = drawn_story(story, Seeded(seed))
        assert [step.at.low_us for step in drawn] == sorted(step.at.low_us for step in drawn)
        names = sorted(step.name for step in drawn)
        same_times = {step.at.low_us for step in drawn} == {step.at.low_us for step in story}
        if not drawn and not names:
            modes["dropped"] += 1
        elif len(drawn) == len(story):
            modes["followed" if same_times else "shifted"] += 1
        else:
            modes["one less" if len(drawn) < len(story) else "one twice"] += 1
    assert set(modes) == {"dropped", "followed", "shifted", "one less", "one twice"}
    assert modes["followed"] > 400
    assert 50 < modes["dropped"] < 200


def without_place(story: tuple[Step, ...]) -> list[Step]:
    return [Step(at=step.at, verb=step.verb) for step in story]


def test_a_story_without_steps_stays_empty() -> None:
    for seed in range(1, 20):
        assert drawn_story((), Seeded(seed)) == ()


def test_some_runs_have_nothing_but_pauses_and_their_ends() -> None:
    pauses = STANDS_STILL | {"resume", "show"}
    drawn = [set(names_drawn(seed)) for seed in range(1, 121)]
    assert any(names >= {"freeze", "stall", "resume"} and names <= pauses for names in drawn)
    assert sum(bool(names - pauses) for names in drawn) > 60


def names_drawn(seed: int) -> list[str]:
    """The names of the drawn steps, but for the connects, of a run."""
    base = scenario(HELD)
    story = [step.name for step in base.steps]
    made = fuzz_with(Seeded(seed), base, "web-lock-lease", seed).run.scenario
    return [step.name for step in made.steps if step.name not in ("connect", "heal", *story)]
