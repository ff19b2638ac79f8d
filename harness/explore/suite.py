"""Many runs, over one or several processes, with their results in the order of the plan.

Rules: what a run gives does not depend on the process in which it is made, nor on how many there are. Traces stay
where they were made; whoever wants one makes the run again from its seed. Processes are started afresh (spawn), as on
every platform.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType

from harness.checks.results import Result
from harness.explore.origin import Origin, origin_of
from harness.explore.trial import trial
from harness.scenario import Scenario

# A chunk is long enough that handing it over costs nothing, and short enough that a bar moves and Ctrl-C is obeyed.
_CHUNK_S = 0.3
# Starting processes takes about as long as this; a suite that is over sooner stays in one.
_WORTH_IT_S = 1.5
_WARM_UP_S = 0.3
_AHEAD = 3


@dataclass(frozen=True)
class Job:
    """One run to make: place of the scenario in the plan, policy, seed."""

    scenario: int
    policy: str
    seed: int


Play = Callable[[Scenario, str, int], Result]


def play(scenario: Scenario, policy: str, seed: int) -> Result:
    """One run as its file says."""
    return trial(scenario, policy, seed).result


@dataclass(frozen=True)
class Plan:
    """What is to be run: every scenario under its own policies, or under `policies` if there are any, with every
    seed. `play` makes one run; it is a function of a module, so that other processes find it.
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
        return tuple(dict.fromkeys(policy for scenario in self.scenarios for policy in self.policies_of(scenario)))

    def jobs(self) -> Sequence[Job]:
        """All runs, in order."""
        return [
            Job(place, policy, seed)
            for place, scenario in enumerate(self.scenarios)
            for policy in self.policies_of(scenario)
            for seed in self.seeds
        ]


class WorkerDied(Exception):
    """A process ended without a word (killed, out of memory, a native crash); `args` are one sentence."""


def run(plan: Plan, processes: int, eager: bool) -> Generator[tuple[Job, Result]]:
    """Results in the order of the plan. With `processes` above 1 they are used at once if `eager`, else only if it
    pays.

    Raises WorkerDied, harness.policies.registry.UnknownPolicy; KeyboardInterrupt passes through once all processes
    are told to end.
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
        yield from _abroad(plan, jobs[done:], processes, spent_s / done if done else 0.0)


def _at_home(plan: Plan, job: Job) -> Result:
    return _named(plan.play, plan.scenarios[job.scenario], job)


def _abroad(plan: Plan, jobs: Sequence[Job], processes: int, run_s: float) -> Iterator[tuple[Job, Result]]:
    origins = [origin_of(scenario) for scenario in plan.scenarios]
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(origins,))
    waiting: deque[tuple[Sequence[Job], Future[list[Result]]]] = deque()
    position = 0
    finished = False
    try:
        while position < len(jobs) or waiting:
            while position < len(jobs) and len(waiting) < processes * _AHEAD:
                chunk = jobs[position : position + _chunk_size(run_s, len(jobs) - position, processes)]
                waiting.append((chunk, _submit(pool, plan.play, chunk)))
                position += len(chunk)
            chunk, future = waiting.popleft()
            results = future.result()
            run_s = sum(result.wall_ms for result in results) / 1_000 / len(results)
            yield from zip(chunk, results, strict=True)
        finished = True
    except BrokenProcessPool as error:
        first = chunk[0]
        where = f"near seed {first.seed} of {plan.scenarios[first.scenario].path}"
        raise WorkerDied(f"a worker process died, killed or out of memory, {where}") from error
    finally:
        if not finished:
            for child in multiprocessing.active_children():
                child.terminate()
        # Always wait: the pool's own thread ends at once when its workers are gone, and one that is still ending when
        # the interpreter does writes to a closed pipe (Python 3.11).
        pool.shutdown(wait=True, cancel_futures=True)


def _chunk_size(run_s: float, left: int, processes: int) -> int:
    """Runs in the next chunk: few until it is known how long one takes, and at the end all processes get a share."""
    fair = max(1, left // (2 * processes))
    return min(fair, 4 if run_s <= 0 else max(1, round(_CHUNK_S / run_s)))


def _submit(pool: ProcessPoolExecutor, plays: Play, chunk: Sequence[Job]) -> Future[list[Result]]:
    """Processes start while jobs are handed in, and inherit which signals are blocked: Ctrl-C is then for this
    process alone, which ends the others in order instead of each dying with a traceback of its own.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(_work, plays, chunk)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_work, plays, chunk)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a worker: where the scenarios of the plan come from, and those that were needed so far.
_origins: list[Origin] = []
_scenarios: dict[int, Scenario] = {}


def _begin(origins: list[Origin]) -> None:
    _origins[:] = origins
    _scenarios.clear()


def _work(plays: Play, chunk: Sequence[Job]) -> list[Result]:
    results: list[Result] = []
    for job in chunk:
        if job.scenario not in _scenarios:
            _scenarios[job.scenario] = _origins[job.scenario].scenario()
        results.append(_named(plays, _scenarios[job.scenario], job))
    return results


def _named(plays: Play, scenario: Scenario, job: Job) -> Result:
    with _Naming(scenario, job):
        return plays(scenario, job.policy, job.seed)


class _Naming:
    """Adds to an error in which run it happened; without that, nobody can make it happen again."""

    def __init__(self, scenario: Scenario, job: Job) -> None:
        self._where = f"in {scenario.path}, policy {job.policy}, seed {job.seed}"

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(self._where)


def processors() -> int:
    """How many processes `-j auto` may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
