"""The processes of a suite: runs are handed to them in chunks, and come back in order.

Rules: processes are started afresh (spawn), as on every platform, and get the texts of the
scenarios alone. They end with this one, however it ends.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from oneroom.checks.results import Result
from oneroom.explore import orphaned
from oneroom.explore.plan import Job, Plan, Play, WorkerDied, run_job
from oneroom.explore.scenario_text import ScenarioText, scenario_text
from oneroom.scenario import Scenario

# A chunk is long enough that handing it over costs nothing, and short enough that a bar moves and
# Ctrl-C is obeyed.
_CHUNK_S = 0.3
_AHEAD = 3
# Runs that this process may make itself while the others start, which takes a second and more.
_MEANWHILE = 64

_P = ParamSpec("_P")
_T = TypeVar("_T")
Chunk = tuple[Sequence[Job], Future[list[Result]]]


def run(
    plan: Plan,
    jobs: Sequence[Job],
    processes: int,
    run_s: float,
    here: Callable[[Job], Result] | None = None,
) -> Iterator[tuple[Job, Result]]:
    """Results of `jobs` in their order. `run_s` is how long one run takes, 0 if not known yet.

    The first of them are made by `here`, if it is given, until the processes have started. Raises
    WorkerDied; whatever else is raised passes through once all processes are told to end.
    """
    texts = [scenario_text(scenario) for scenario in plan.scenarios]
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(texts,))
    waiting: deque[Chunk] = deque()
    meanwhile = jobs[: min(_MEANWHILE, len(jobs) // 2)] if here else []
    position = len(meanwhile)
    finished = False
    try:
        while position < len(jobs) or waiting:
            while position < len(jobs) and len(waiting) < processes * _AHEAD:
                size = _chunk_size(run_s, len(jobs) - position, processes)
                chunk: Sequence[Job] = list(jobs[position : position + size])
                waiting.append((chunk, submit(pool, _work, plan.play, chunk)))
                position += len(chunk)
            while here and meanwhile and not waiting[0][1].done():
                yield meanwhile[0], here(meanwhile[0])
                meanwhile = meanwhile[1:]
            if meanwhile:
                waiting.appendleft((meanwhile, submit(pool, _work, plan.play, list(meanwhile))))
                meanwhile = []
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
        # Always wait: the pool's own thread ends at once when its workers are gone, and one that is
        # still ending when the interpreter does writes to a closed pipe (Python 3.11).
        pool.shutdown(wait=True, cancel_futures=True)


def _chunk_size(run_s: float, left: int, processes: int) -> int:
    """Runs in the next chunk.

    Few until it is known how long one takes; at the end all processes get a share.
    """
    fair = max(1, left // (2 * processes))
    return min(fair, 4 if run_s <= 0 else max(1, round(_CHUNK_S / run_s)))


def submit(
    pool: ProcessPoolExecutor, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
) -> Future[_T]:
    """Hand in some work.

    Processes start while work is handed in, and inherit which signals are blocked: Ctrl-C is then
    for this process alone, which ends the others in order instead of each dying with a traceback of
    its own.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(work, *args, **kwargs)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(work, *args, **kwargs)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a worker: the texts of the plan's scenarios, and those that were parsed so far.
_texts: list[ScenarioText] = []
_scenarios: dict[int, Scenario] = {}


def _begin(texts: list[ScenarioText]) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    orphaned.end_after(parent.join)
    _texts[:] = texts
    _scenarios.clear()


def _work(play: Play, chunk: Sequence[Job]) -> list[Result]:
    results: list[Result] = []
    for job in chunk:
        if job.scenario not in _scenarios:
            _scenarios[job.scenario] = _texts[job.scenario].scenario()
        results.append(run_job(play, _scenarios[job.scenario], job))
    return results
