"""The processes of a search: each makes every n-th run of a batch, in order.

Rules: what a batch shows does not depend on how many processes there are. A process cuts a run off
only at a state that an earlier batch has reached, or an earlier run of this batch in this process;
whoever takes the results in, in order, therefore finds each state with the first schedule that
reaches it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from oneroom.explore import orphaned
from oneroom.explore.exhaustive.exploration import Explored, Explorer
from oneroom.explore.exhaustive.schedule import Schedule
from oneroom.explore.plan import WorkerDied
from oneroom.explore.scenario_text import ScenarioText, scenario_text
from oneroom.explore.workers import submit
from oneroom.scenario import Scenario


class Explorers:
    """The explorers of one search, to be closed. With one process that is this one."""

    def __init__(
        self,
        scenario: Scenario,
        policy: str,
        known: Iterable[bytes],
        *,
        compare: bool,
        processes: int,
    ) -> None:
        self._here: Explorer | None = None
        self._pools: list[ProcessPoolExecutor] = []
        if processes == 1:
            self._here = Explorer(scenario, policy, compare=compare)
            self._here.known.update(known)
            return
        begin = (scenario_text(scenario), policy, compare, list(known))
        context = multiprocessing.get_context("spawn")
        self._pools = [
            ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=begin)
            for _ in range(processes)
        ]
        self._fresh: list[bytes] = []

    def explore(self, schedules: list[Schedule]) -> list[Explored]:
        """Make a batch of runs. Raises WorkerDied; KeyboardInterrupt passes through."""
        if self._here is not None:
            return _explored(self._here, schedules)
        step = len(self._pools)
        parts = [
            submit(pool, _work, self._fresh, schedules[number::step])
            for number, pool in enumerate(self._pools)
        ]
        found: list[Explored | None] = [None] * len(schedules)
        try:
            for number, part in enumerate(parts):
                found[number::step] = part.result()
        except BrokenProcessPool as error:
            raise WorkerDied("a worker process died, killed or out of memory") from error
        return [one for one in found if one is not None]

    def tell(self, states: list[bytes]) -> None:
        """Tell all processes of the states that the last batch has reached."""
        if self._here is None:
            self._fresh = states

    def close(self) -> None:
        """End the processes."""
        for child in multiprocessing.active_children() if self._pools else ():
            child.terminate()
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)


def _explored(explorer: Explorer, schedules: list[Schedule]) -> list[Explored]:
    # What a policy or check of the user's own prints must not come between the results.
    with contextlib.redirect_stdout(sys.stderr):
        return [explorer.explore(schedule) for schedule in schedules]


# In a worker.
_explorers: list[Explorer] = []


def _begin(text: ScenarioText, policy: str, compare: bool, known: list[bytes]) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    orphaned.end_after(parent.join)
    explorer = Explorer(text.scenario(), policy, compare=compare)
    explorer.known.update(known)
    _explorers[:] = [explorer]


def _work(fresh: list[bytes], schedules: list[Schedule]) -> list[Explored]:
    _explorers[0].known.update(fresh)
    return _explored(_explorers[0], schedules)
