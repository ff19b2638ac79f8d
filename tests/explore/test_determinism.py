"""Planted leaks are caught, and the first record that differs is named."""

from __future__ import annotations

import pytest

from oneroom.explore import determinism_client as companion
from oneroom.explore.determinism import DeterminismCheck, Difference
from oneroom.explore.determinism_client import DeterminismClient, DeterminismWorkerFailed
from oneroom.explore.determinism_worker import dumped, undumped
from oneroom.explore.judged_run import run_judged
from oneroom.explore.plan import Plan
from oneroom.explore.suite import run
from oneroom.report.difference import render
from oneroom.trace.digest import digest
from oneroom.trace.records import TimerRan
from tests.explore.texts import HELD, TWO_ROOMS, scenario


def differences(policy: str, *texts: str) -> list[Difference]:
    plan = Plan(tuple(map(scenario, texts or (HELD,))), (policy,), range(1, 4))
    with DeterminismClient() as other:
        check = DeterminismCheck(plan, 2, other)
        for job, result in run(plan, 1, eager=False):
            check.note(job, result)
        return check.differences({})


@pytest.mark.parametrize("leak", ["Clock", "SetOrder", "Random"])
def test_a_planted_leak_is_caught_and_located(leak: str) -> None:
    found = differences(f"tests.explore.leaks:{leak}")
    first, second = found
    assert (first.job.seed, second.job.seed) == (1, 2)
    assert first.divergence is not None
    # The timer that the leak sets is the first thing that shows.
    assert isinstance(first.divergence.left, TimerRan)
    assert isinstance(first.divergence.right, TimerRan)
    assert first.divergence.left.at_us != first.divergence.right.at_us
    assert first.left is not None
    assert first.right is not None
    block = render(
        "test.yaml:1", "seed 1", "oneroom run", first.divergence, (first.left, first.right)
    )
    assert f"parts  at record {first.divergence.n}" in block
    assert "watch timer runs" in block


def test_what_outlives_a_run_is_caught_by_the_runs_that_come_later() -> None:
    # The other process makes a sample alone, so its second scenario comes after fewer runs.
    found = differences("tests.explore.leaks:Counter", HELD, TWO_ROOMS)
    assert found
    assert {difference.job.scenario for difference in found} >= {1}


def test_what_is_sound_has_no_difference() -> None:
    assert differences("tests.explore.leaks:Sound") == []
    assert differences("web-lock-lease") == []


def test_a_policy_that_prints_is_not_taken_for_one_that_differs() -> None:
    assert differences("tests.explore.leaks:Talks") == []


def test_a_run_that_is_known_to_differ_is_located_as_well() -> None:
    plan = Plan((scenario(HELD),), ("tests.explore.leaks:Random",), range(1, 3))
    ((job, result), _) = list(run(plan, 1, eager=False))
    (found,) = DeterminismCheck(plan, 0, None).differences({job: result})
    assert found.divergence is not None


def test_an_error_in_the_other_process_is_not_taken_for_agreement() -> None:
    with DeterminismClient() as other:
        other.ask(b"no request")
        with pytest.raises(DeterminismWorkerFailed) as caught:
            other.answer()
    assert "DecodeError" in caught.value.args[1]


def test_a_companion_that_is_never_asked_ends() -> None:
    with DeterminismClient() as other:
        pass
    assert other._process.poll() is not None


@pytest.mark.parametrize("own", ["", "0", "1", "2", "random"])
def test_the_other_process_has_another_hash_seed(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", own)
    assert companion._environment()["PYTHONHASHSEED"] not in ("", "random", own)


def test_a_dump_is_the_trace() -> None:
    trace = run_judged(scenario(TWO_ROOMS), "naive", 1).run.trace
    again = undumped(dumped(trace))
    assert again.records == trace.records
    assert digest(again) == digest(trace)
