"""Every safeguard earns its place and every check goes red: with the bug a run is caught, with
everything on none is.

How often, over many seeds, is in docs/ablation.md; that page is made from the same rows.
"""

from __future__ import annotations

import pytest

from oneroom.ablation import safeguards
from oneroom.checks.registry import KEYS, NAMES
from oneroom.policies.registry import RECOMMENDED
from tests.ablation.bugs import CASES, OTHERS, SAFEGUARDS, Bug, play_healthy
from tests.ablation.runs import SEEDS, broken
from tests.project import SCENARIOS

BUGS = (*SAFEGUARDS, *OTHERS)
IDS = [f"{bug.name}-{bug.caught_by}" for bug in BUGS]
OWN_CASES = [bug for bug in SAFEGUARDS if bug.path.startswith(CASES)]


def planted(bug: Bug, seed: int) -> bool:
    """Whether a run with the bug is caught."""
    policy = bug.policy or bug.scenario.policies[0]
    return bug.shows_in(bug.play(bug.scenario, policy, seed))


def test_every_safeguard_has_a_row() -> None:
    assert [bug.name for bug in SAFEGUARDS] == list(safeguards.SAFEGUARDS)


def test_every_check_has_a_bug() -> None:
    assert {bug.caught_by for bug in BUGS} - set(KEYS) == set(NAMES)


def test_every_case_is_in_a_row() -> None:
    files = {f"{CASES}/{path.name}" for path in (SCENARIOS / CASES).glob("*.yaml")}
    assert files == {bug.path for bug in OWN_CASES}


@pytest.mark.parametrize("bug", SAFEGUARDS, ids=[bug.name for bug in SAFEGUARDS])
def test_the_file_of_a_row_has_that_safeguard_off(bug: Bug) -> None:
    assert bug.scenario.without == (bug.name,)
    assert len(bug.scenario.policies) == 1
    assert (bug.caught_by in bug.scenario.expect.limits) is (bug.caught_by in KEYS)


@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_with_the_bug_a_run_is_caught(bug: Bug) -> None:
    assert any(planted(bug, seed) for seed in range(1, bug.seeds + 1))


@pytest.mark.parametrize("bug", BUGS, ids=IDS)
def test_without_the_bug_no_run_is_caught(bug: Bug) -> None:
    results = [play_healthy(bug.scenario, bug.control, seed) for seed in range(1, SEEDS + 1)]
    assert not any(bug.shows_in(result) for result in results)
    if bug.control == RECOMMENDED:
        assert not {finding.check for result in results for finding in result.violations} & set(
            NAMES
        )


@pytest.mark.parametrize("bug", OWN_CASES, ids=[bug.name for bug in OWN_CASES])
def test_a_case_expects_what_its_bug_breaks(bug: Bug) -> None:
    expect = bug.scenario.expect
    excused = {claim.check for claim in (*expect.violated, *expect.may_violate)}
    assert broken(bug.scenario, bug.scenario.policies[0]) & set(NAMES) <= excused
