"""Many runs, over one or several processes, with their results in the order of the plan.

Rules: the result of a run does not depend on the process in which it is made, nor on how many there
are. Traces stay where they were made; a caller that wants one makes the run again from its seed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from functools import partial

from oneroom.checks.results import Result
from oneroom.explore.plan import Job, Plan, run_job

# Starting processes takes about as long as this; a suite that is over sooner stays in one.
_WORTH_IT_S = 1.5
_WARM_UP_S = 0.3


def run(plan: Plan, processes: int, eager: bool) -> Generator[tuple[Job, Result]]:
    """Results in the order of the plan.

    With `processes` above 1 they are used at once if `eager`, else only if it pays. Raises
    WorkerDied, oneroom.policies.registry.UnknownPolicy; KeyboardInterrupt passes through once all
    processes are told to end.
    """
    jobs = plan.jobs()
    here = jobs if processes == 1 else []
    spent_s = 0.0
    done = 0
    if processes > 1 and not eager:
        started_s = time.perf_counter()
        while done < len(jobs) and spent_s < _WARM_UP_S:
            yield jobs[done], _here(plan, jobs[done])
            done += 1
            spent_s = time.perf_counter() - started_s
        if spent_s / max(1, done) * (len(jobs) - done) < _WORTH_IT_S:
            here = jobs[done:]
    if here:
        for job in here:
            yield job, _here(plan, job)
    elif done < len(jobs):
        # Imported by suites that need it alone: most are over before a process would have started.
        from oneroom.explore import workers

        # A class of the user's own may end its process; one of oneroom's does not.
        own = any(":" in policy for policy in plan.all_policies())
        here_meanwhile = None if own else partial(_here, plan)
        run_s = spent_s / done if done else 0.0
        yield from workers.run(plan, jobs[done:], processes, run_s, here_meanwhile)


def _here(plan: Plan, job: Job) -> Result:
    return run_job(plan.play, plan.scenarios[job.scenario], job)


def processors() -> int:
    """The number of processes that `-j auto` may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
