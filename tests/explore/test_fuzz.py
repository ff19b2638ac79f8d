"""The search: a suite over drawn scenarios, and which of its failures are distinct."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from oneroom.checks.results import Result
from oneroom.explore.fuzz import FailureDedup, Search, fuzz_once, fuzz_result
from oneroom.explore.judged_run import JudgedRun
from oneroom.explore.replay import Outcome, replay
from oneroom.explore.replay_token import replay_command
from oneroom.explore.shrink import shrink
from oneroom.explore.store import Store, read, shrunk_failure
from oneroom.explore.suite import run
from tests.explore.texts import HELD, scenario

BASE = scenario(HELD)
VERSIONS = {"oneroom": "1", "simpy": "2"}


def failing() -> tuple[JudgedRun, str]:
    for seed in range(1, 200):
        found = fuzz_once(BASE, "heartbeat", seed)
        if found.result.unexpected:
            return found, found.result.unexpected[0]
    raise AssertionError("heartbeat holds")


def test_a_run_of_the_search_is_its_seed() -> None:
    assert fuzz_result(BASE, "heartbeat", 5).digest == fuzz_result(BASE, "heartbeat", 5).digest
    assert fuzz_result(BASE, "heartbeat", 5).digest != fuzz_result(BASE, "heartbeat", 6).digest


def test_every_scenario_and_policy_gets_its_turn() -> None:
    plan = Search((BASE, BASE), ("naive", "heartbeat"), range(8, 9), fuzz_result, most_runs=9)
    jobs = plan.jobs()
    assert len(jobs) == 9
    assert [(job.scenario, job.policy, job.seed) for job in jobs[:5]] == [
        (0, "naive", 8),
        (0, "heartbeat", 8),
        (1, "naive", 8),
        (1, "heartbeat", 8),
        (0, "naive", 9),
    ]
    assert jobs[4:][0] == jobs[4]


def test_processes_change_nothing() -> None:
    plan = Search((BASE,), ("heartbeat",), range(1, 2), fuzz_result, most_runs=12)
    alone = [(job, result.digest) for job, result in run(plan, 1, eager=True)]
    assert [(job, result.digest) for job, result in run(plan, 2, eager=True)] == alone


def test_what_is_found_is_stored_as_a_scenario_and_replays_to_the_same_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, check = failing()
    shrunk = shrunk_failure(shrink(found, check), check, VERSIONS)
    kept = read(Store().keep(shrunk.stored, with_scenario=True))
    scenario = (Store().folder / f"{kept.id}.yaml").read_text(encoding="utf-8")
    assert scenario == shrunk.made.run.scenario.text
    assert shrunk.failure.repro == replay_command(kept)
    assert (kept.records_before, kept.steps_before) == (
        found.result.records,
        len(found.run.scenario.steps),
    )
    again = replay(kept)
    assert (again.outcome, again.same_digest, again.stale_at, again.file_changed) == (
        Outcome.FAILED,
        True,
        -1,
        False,
    )


def test_the_same_small_scenario_has_the_same_name_whatever_seed_led_to_it() -> None:
    found, check = failing()
    small = shrink(found, check)
    other = replace(
        small,
        judged=msgspec.structs.replace(small.judged, result=with_seed(small.judged.result, 99)),
    )
    names = {shrunk_failure(one, check, VERSIONS).stored.id for one in (small, other)}
    assert len(names) == 1


def with_seed(result: Result, seed: int) -> Result:
    return msgspec.structs.replace(result, seed=seed)


def test_failures_of_the_same_steps_are_one() -> None:
    found, check = failing()
    catch = FailureDedup()
    assert catch.worth_shrinking(found.result) == check
    small = shrink(found, check)
    assert catch.is_new(small, check)
    assert not catch.is_new(small, check)
    assert [bool(catch.worth_shrinking(found.result)) for _ in range(3)] == [True, True, False], (
        "three, then enough"
    )
