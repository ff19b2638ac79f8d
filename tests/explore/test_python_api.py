"""The Python API: what `import oneroom` gives to a test."""

from __future__ import annotations

from pathlib import Path

import pytest

import oneroom
from oneroom.core.policy import Policy
from oneroom.policies.naive import Naive
from oneroom.policies.registry import UnknownPolicy
from tests.explore.own_checks import OneElection
from tests.explore.texts import HELD, TWO_ROOMS, expecting


def test_every_public_name_is_there_and_listed() -> None:
    for name in oneroom.__all__:
        assert getattr(oneroom, name) is not None
    assert set(oneroom.__all__) <= set(dir(oneroom))
    with pytest.raises(AttributeError):
        _ = oneroom.nothing


def test_a_scenario_that_holds() -> None:
    outcome = oneroom.run(oneroom.load_text(HELD), seeds=3)
    assert outcome.held, outcome
    assert (outcome.failures, outcome.groups[0].seeds) == ((), 3)
    assert "held under web-lock-lease in 3 seeds" in str(outcome)


def test_a_failure_is_told_with_its_cause_and_its_timeline(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TWO_ROOMS, encoding="utf-8")
    outcome = oneroom.run(file, seeds=2)
    assert not outcome.held
    assert outcome.failures[0].finding.check == "single_room"
    text = str(outcome)
    for part in ("single_room violated", "cause", "oneroom run", "x shows it"):
        assert part in text


def test_a_policy_is_a_class_or_a_name() -> None:
    for policy in (Naive, "naive", "oneroom.policies.naive:Naive"):
        outcome = oneroom.run(oneroom.load_text(HELD), policy, range(5, 7))
        assert not outcome.held
        assert outcome.groups[0].seeds == 2


def test_a_check_of_ones_own_is_a_class_or_a_name() -> None:
    scenario = oneroom.load_text(
        HELD.replace("{at: 5s, gesture: {window: main}}", "{at: 5s, crash: {window: main}}")
    )
    for check in (OneElection, "tests.explore.own_checks:OneElection"):
        assert "one_election" in oneroom.run(scenario, seeds=1, checks=[check]).groups[0].violated


def test_scenarios_of_the_catalogue_are_found_as_the_command_finds_them() -> None:
    outcome = oneroom.run("oneroom:stage1/main-crashes.yaml", seeds=1)
    assert outcome.held, outcome


def test_an_expectation_that_never_came_is_told() -> None:
    outcome = oneroom.run(oneroom.load_text(expecting(HELD, "violated: [single_room]")), seeds=2)
    assert not outcome.held
    assert "expected single_room to be violated" in str(outcome)


def test_what_cannot_be_run_is_refused(tmp_path: Path) -> None:
    class Local(Policy):
        pass

    scenario = oneroom.load_text(HELD)
    with pytest.raises(ValueError, match="inside a function"):
        oneroom.run(scenario, Local)
    with pytest.raises(UnknownPolicy):
        oneroom.run(scenario, "web-lok")
    with pytest.raises(ValueError, match="no seeds"):
        oneroom.run(scenario, seeds=0)
    with pytest.raises(oneroom.ScenarioError):
        oneroom.run(tmp_path / "nowhere.yaml")
    with pytest.raises(oneroom.ScenarioError):
        oneroom.load_text("scenario: nothing\n")
    with pytest.raises(oneroom.ScenarioError, match="lock"):
        oneroom.run(oneroom.load_text(HELD.replace("windows:", "locks: none\nwindows:", 1)))


def test_it_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    oneroom.run(oneroom.load_text(TWO_ROOMS), seeds=1)
    assert list(tmp_path.iterdir()) == []
