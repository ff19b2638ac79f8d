"""Determinism check: a sample of the suite, repeated in a fresh process with another hash seed.

It catches everything that reaches a trace from outside (scenario, seed): the wall clock, the order
of a set, `random`, an address, a counter that lives longer than a run. A run that differs from
itself is worth nothing as evidence, whatever its verdict.

Rules: the other process runs beside the suite and is asked for its answer at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from oneroom.checks.results import Result
from oneroom.explore.determinism_client import DeterminismClient
from oneroom.explore.determinism_worker import Request, RunToRepeat, undumped
from oneroom.explore.judged_run import run_judged
from oneroom.explore.plan import Job, Plan
from oneroom.explore.scenario_text import scenario_text
from oneroom.trace.diff import Divergence, first_divergence
from oneroom.trace.trace import Trace

# Differing runs are rare and one is enough to stop trusting the suite; locating each takes two more
# runs.
_MOST_LOCATED = 3


@dataclass(frozen=True)
class Difference:
    """A run that differs from itself.

    `divergence` is None if two further runs happened to be equal; `left` and `right` are their
    traces.
    """

    job: Job
    result: Result
    divergence: Divergence | None
    left: Trace | None
    right: Trace | None


class DeterminismCheck:
    """The sample, started in `companion` at once: `each` runs of every scenario and policy.

    Without a companion nothing is sampled.
    """

    def __init__(self, plan: Plan, each: int, companion: DeterminismClient | None) -> None:
        self._plan = plan
        self._companion = companion
        sampled = plan.seeds[:each] if companion is not None else ()
        # A dict for its order: the other process answers in the order of the request.
        self._sample = dict.fromkeys(job for job in plan.jobs() if job.seed in sampled)
        self._noted: dict[Job, Result] = {}
        if companion is not None:
            companion.ask(self._request(list(self._sample)))

    def note(self, job: Job, result: Result) -> None:
        """Remember the suite's result of a run, if it is in the sample.

        Runs that are never noted are not compared.
        """
        if job in self._sample:
            self._noted[job] = result

    def differences(self, suspects: Mapping[Job, Result]) -> list[Difference]:
        """Wait for the other process and compare; `suspects` are runs already known to differ.

        Raises DeterminismWorkerFailed.
        """
        lines = self._companion.answer().decode().split() if self._companion is not None else []
        differing = dict(suspects)
        for job, digest in zip(self._sample, lines, strict=True):
            result = self._noted.get(job)
            if result is not None and result.digest != digest:
                differing[job] = result
        return [
            self._locate(job, result)
            if place < _MOST_LOCATED
            else Difference(job, result, None, None, None)
            for place, (job, result) in enumerate(differing.items())
        ]

    def _locate(self, job: Job, result: Result) -> Difference:
        with DeterminismClient() as other:
            other.ask(self._request([job], dump=True))
            left = run_judged(self._plan.scenarios[job.scenario], job.policy, job.seed).run.trace
            right = undumped(other.answer())
        return Difference(job, result, _locate_divergence(left, right), left, right)

    def _request(self, jobs: list[Job], dump: bool = False) -> bytes:
        texts = tuple(scenario_text(scenario) for scenario in self._plan.scenarios)
        wanted = tuple(RunToRepeat(job.scenario, job.policy, job.seed) for job in jobs)
        return msgspec.json.encode(Request(texts, wanted, dump))


def _locate_divergence(left: Trace, right: Trace) -> Divergence | None:
    """The first record that differs, None if there is none.

    Interned names are numbered as they come, so where only a name differs the records are equal.
    """
    divergence = first_divergence(left, right)
    if divergence is not None or left.names == right.names:
        return divergence
    number = next(
        place
        for place, pair in enumerate(zip(left.names, right.names, strict=False))
        if pair[0] != pair[1]
    )
    for n, record in enumerate(left.records):
        if number in msgspec.structs.astuple(record)[2:]:
            return Divergence(n, record, right.records[n])
    return None
