"""The state machine for Hypothesis: that a second search, which shares no code with `oneroom fuzz`,
finds the same bugs, and finds none.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

import oneroom
from oneroom.checks.registry import NAMES
from oneroom.choices.external import ExternalChoices
from oneroom.choices.labels import Label
from oneroom.hypothesis import STEPS, WindowsStateMachine
from oneroom.policies.naive import Naive
from oneroom.policies.registry import RECOMMENDED
from tests.explore.own_checks import OneElection
from tests.explore.texts import HELD, TWO_ROOMS

CI = settings(
    max_examples=60,
    stateful_step_count=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEW = ("connect", "freeze", "stall", "partition", "open")


class Ours(Naive):
    """A policy of the user's own."""


def machine(
    policy: str, steps: Iterable[str] = tuple(STEPS), ignored: Iterable[str] = ()
) -> type[RuleBasedStateMachine]:
    settings = {"policy": policy, "steps": tuple(steps), "ignored": tuple(ignored)}
    return type(f"Under_{policy.replace('-', '_')}", (WindowsStateMachine,), settings)


def all_but(check: str) -> tuple[str, ...]:
    return tuple(name for name in NAMES if name != check)


@pytest.mark.parametrize("policy", ["heartbeat", "bully-apply"])
def test_two_owners_are_found(policy: str) -> None:
    """Among few steps that matter: with all of them it takes thousands of examples, and minutes."""
    found = machine(policy, FEW, all_but("single_room"))
    with pytest.raises(AssertionError, match="both hold a Room"):
        run_state_machine_as_test(found, settings=settings(CI, max_examples=2_000))


def test_nothing_is_found_under_the_recommended_policy() -> None:
    run_state_machine_as_test(machine(RECOMMENDED), settings=CI)


def test_what_is_found_is_made_small_and_told_as_a_scenario() -> None:
    class TwoWindows(WindowsStateMachine):
        scenario = TWO_ROOMS.partition("steps:")[0]
        policy = "naive"
        steps = ("connect", "crash", "toggle_mute")
        ignored = all_but("single_room")

    shrinking = settings(CI, phases=[Phase.generate, Phase.shrink])
    with pytest.raises(AssertionError, match="both hold a Room") as raised:
        run_state_machine_as_test(TwoWindows, settings=shrinking)
    told = "\n".join(raised.value.__notes__)
    (note,) = (one for one in raised.value.__notes__ if "scenario:" in one)
    text = note[note.index("scenario:") :].partition("state.")[0]
    steps = oneroom.load_text(text).steps
    assert [step.name for step in steps] == ["connect", "connect"]
    assert told.count("state.connect(draws=[], ") == 2


def test_a_machine_takes_the_users_scenario_policy_and_checks() -> None:
    class Own(WindowsStateMachine):
        scenario = HELD
        policy = Ours
        steps = ("crash", "open")
        checks = (OneElection,)
        ignored = all_but("one_election")

    with pytest.raises(AssertionError, match="one_election"):
        run_state_machine_as_test(Own, settings=CI)


def test_a_step_that_is_none_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match=r"Own\.steps: 'cras' is no step .*did you mean 'crash'"):

        class Own(WindowsStateMachine):
            steps = ("cras",)


def test_a_machine_without_a_step_of_its_base_never_takes_it() -> None:
    class Few(machine(RECOMMENDED, ("crash", "open"))):  # type: ignore[misc]  # made by a function
        steps = ("open",)

    assert [name for name in STEPS if getattr(Few, name, None) is not None] == ["open"]
    run_state_machine_as_test(Few, settings=settings(CI, max_examples=5))


def test_when_its_numbers_have_run_out_a_run_is_ordinary() -> None:
    drawn = ExternalChoices()
    drawn.follow([8, 17])
    assert [drawn.draw(label, 9) for label in (Label.TIE, Label.FATE, Label.FATE)] == [8, 8, 0]
    assert [draw.value for draw in drawn.tape] == [8, 8, 0]
