"""A suite over one process or several: the same results in the same order, and what happens when a
process dies.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from oneroom.checks.results import Result
from oneroom.explore import suite, workers
from oneroom.explore.plan import Job, Plan, WorkerDied, play, run_job
from tests.explore.leaks import raises
from tests.explore.texts import HELD, TWO_ROOMS, scenario


def plan(policies: tuple[str, ...] = (), seeds: range = range(1, 41)) -> Plan:
    return Plan((scenario(HELD, "held.yaml"), scenario(TWO_ROOMS, "two.yaml")), policies, seeds)


def run(processes: int, eager: bool = True, policies: tuple[str, ...] = ()) -> list[Result]:
    # How long a run took is no part of what it is.
    return [
        msgspec.structs.replace(result, wall_ms=0.0)
        for _, result in suite.run(plan(policies), processes, eager)
    ]


def test_one_process_and_two_give_the_same_results_in_the_same_order() -> None:
    alone = run(1)
    assert [(result.scenario, result.seed) for result in alone] == [
        (name, seed) for name in ("held.yaml", "two.yaml") for seed in range(1, 41)
    ]
    assert run(2) == alone


def test_processes_are_not_started_when_the_suite_is_over_before_they_would_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a pool was started")

    monkeypatch.setattr(workers, "run", never)
    monkeypatch.setattr(suite, "_WORTH_IT_S", 3_600.0)  # whatever else this machine does
    assert len(run(2, eager=False)) == 80


def test_every_policy_that_is_asked_for_is_run() -> None:
    some = plan(policies=("naive", "web-lock"), seeds=range(1, 2))
    assert [(job.scenario, job.policy) for job in some.jobs()] == [
        (0, "naive"),
        (0, "web-lock"),
        (1, "naive"),
        (1, "web-lock"),
    ]
    assert plan(seeds=range(1, 2)).all_policies() == ("web-lock-lease", "naive")


@pytest.mark.parametrize("policy", ["naive", "tests.explore.leaks:Slow"])
def test_the_first_runs_are_made_here_while_the_processes_start_unless_they_may_end_this_one(
    monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    made: list[Job] = []

    def here(_: Plan, job: Job) -> Result:
        made.append(job)
        return run_job(play, scenario(HELD, "held.yaml"), job)

    monkeypatch.setattr(suite, "_here", here)
    one = Plan((scenario(HELD, "held.yaml"),), (policy,), range(1, 5))
    jobs = [job for job, _ in suite.run(one, 2, eager=True)]
    assert jobs == list(one.jobs())
    assert made == (jobs[: len(made)] if policy == "naive" else [])
    assert bool(made) is (policy == "naive")


def test_a_worker_that_dies_is_reported_with_where_it_was() -> None:
    with pytest.raises(
        WorkerDied,
        match=r"a worker process died, killed or out of memory, near seed \d+ of held\.yaml",
    ):
        run(2, policies=("tests.explore.leaks:Dies",))


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_inside_a_run_says_which_run(processes: int) -> None:
    with pytest.raises(ZeroDivisionError, match="planted") as caught:
        list(suite.run(replace(plan(), play=raises), processes, eager=True))
    assert "in held.yaml, policy web-lock-lease, seed 1" in caught.value.__notes__


def test_chunks_are_small_until_a_run_s_time_is_known_and_fair_at_the_end() -> None:
    assert workers._chunk_size(0.0, 1_000, 2) == 4
    assert workers._chunk_size(0.003, 100_000, 2) == 100
    assert workers._chunk_size(0.003, 40, 2) == 10
    assert workers._chunk_size(5.0, 40, 2) == 1
