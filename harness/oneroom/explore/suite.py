"""Many runs, over one or several processes, with their results in the order of the plan.

Rules: what a run gives does not depend on the process in which it is made, nor on how many there
are. Traces stay where they were made; whoever wants one makes the run again from its seed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from types import TracebackType

from oneroom.checks.results import Result
from oneroom.explore.judged_run import run_judged
from oneroom.scenario import Scenario

# Starting processes takes about as long as this; a suite that is over sooner stays in one.
_WORTH_IT_S = 1.5
_WARM_UP_S = 0.3


@dataclass(frozen=True)
class Job:
    """One run to make: place of the scenario in the plan, policy, seed."""

    scenario: int
    policy: str
    seed: int


Play = Callable[[Scenario, str, int], Result]


def play(scenario: Scenario, policy: str, seed: int) -> Result:
    """One run as its file says."""
    return run_judged(scenario, policy, seed).result


@dataclass(frozen=True)
class Plan:
    """What is to be run: every scenario under its own policies, or under `policies` if there are
    any, with every seed. `play` makes one run; it is a function of a module, so that other
    processes find it.
    """

    scenarios: tuple[Scenario, ...]
    policies: tuple[str, ...]
    seeds: range
    play: Play = play

    def policies_of(self, scenario: Scenario) -> tuple[str, ...]:
        """The policies under which `scenario` is run."""
        return self.policies or scenario.policies

    def all_policies(self) -> tuple[str, ...]:
        """Every policy that is run, once."""
        return tuple(
            dict.fromkeys(
                policy for scenario in self.scenarios for policy in self.policies_of(scenario)
            )
        )

    def jobs(self) -> Sequence[Job]:
        """All runs, in order."""
        return [
            Job(place, policy, seed)
            for place, scenario in enumerate(self.scenarios)
            for policy in self.policies_of(scenario)
            for seed in self.seeds
        ]


class WorkerDied(Exception):
    """A process ended without a word (killed, out of memory, a native crash); `args` are one
    sentence.
    """


def run(plan: Plan, processes: int, eager: bool) -> Generator[tuple[Job, Result]]:
    """Results in the order of the plan. With `processes` above 1 they are used at once if `eager`,
    else only if it pays.

    Raises WorkerDied, oneroom.policies.registry.UnknownPolicy; KeyboardInterrupt passes through
    once all processes are told to end.
    """
    jobs = plan.jobs()
    at_home = jobs if processes == 1 else []
    spent_s = 0.0
    done = 0
    if processes > 1 and not eager:
        started_s = time.perf_counter()
        while done < len(jobs) and spent_s < _WARM_UP_S:
            yield jobs[done], _at_home(plan, jobs[done])
            done += 1
            spent_s = time.perf_counter() - started_s
        if spent_s / max(1, done) * (len(jobs) - done) < _WORTH_IT_S:
            at_home = jobs[done:]
    if at_home:
        for job in at_home:
            yield job, _at_home(plan, job)
    elif done < len(jobs):
        # Imported by suites that need it alone: most are over before a process would have started.
        from oneroom.explore import workers

        yield from workers.run(plan, jobs[done:], processes, spent_s / done if done else 0.0)


def _at_home(plan: Plan, job: Job) -> Result:
    return named(plan.play, plan.scenarios[job.scenario], job)


def named(plays: Play, scenario: Scenario, job: Job) -> Result:
    """The result of `job`. An error on the way has the run that it came from as a note."""
    with _Naming(scenario, job):
        return plays(scenario, job.policy, job.seed)


class _Naming:
    """Adds to an error in which run it happened; without that, nobody can make it happen again."""

    def __init__(self, scenario: Scenario, job: Job) -> None:
        self._where = f"in {scenario.path}, policy {job.policy}, seed {job.seed}"

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            error.add_note(self._where)


def processors() -> int:
    """How many processes `-j auto` may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
