"""The neighbourhood of a failure: how often its check breaks in runs near the one that was found.

Rules: only the stored check counts. Two halves are kept apart: runs that follow the schedule of the
failure but for a few draws, and runs of the same scenario under fresh seeds. The run that was found
is in neither: it was chosen because it fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from oneroom.checks.results import Result
from oneroom.choices.draw import Draw
from oneroom.choices.varied import Varied
from oneroom.explore import suite
from oneroom.explore.judged_run import run_judged
from oneroom.explore.plan import Job, Plan
from oneroom.explore.stored_failure import StoredFailure, draws
from oneroom.scenario import Scenario


class Neighbourhood(msgspec.Struct, frozen=True):
    """Runs in which the check breaks, of so many: near the schedule, and under fresh seeds."""

    near_broken: int
    near: int
    fresh_broken: int
    fresh: int

    @property
    def broken(self) -> int:
        """The runs of both halves in which the check breaks."""
        return self.near_broken + self.fresh_broken

    @property
    def runs(self) -> int:
        """The runs of both halves."""
        return self.near + self.fresh


def neighbourhood(
    scenario: Scenario, policy: str, stored: StoredFailure, runs: int, processes: int
) -> Neighbourhood:
    """Make `runs` runs of each half, of `scenario` under `policy`, in so many `processes` (0: as
    many as pay). A failure without any draw has nothing near it.

    Raises WorkerDied, oneroom.policies.registry.UnknownPolicy.
    """
    tape = draws(stored)
    near = tuple(range(runs if tape else 0))
    fresh = tuple(seed for seed in range(1, runs + 2) if seed != stored.seed)[:runs]
    half = partial(_Runs, (scenario,), (policy,), range(1))
    return Neighbourhood(
        _broken(half(play=partial(_varied, tape), numbers=near), stored, processes),
        len(near),
        _broken(half(numbers=fresh), stored, processes),
        len(fresh),
    )


@dataclass(frozen=True)
class _Runs(Plan):
    """The runs of one half, by their numbers."""

    numbers: tuple[int, ...] = ()

    def jobs(self) -> Sequence[Job]:
        (policy,) = self.all_policies()
        return [Job(0, policy, number) for number in self.numbers]


def _varied(tape: Sequence[Draw], scenario: Scenario, policy: str, seed: int) -> Result:
    return run_judged(scenario, policy, seed, Varied(tape, seed)).result


def _broken(plan: Plan, stored: StoredFailure, processes: int) -> int:
    """The runs that break the stored check."""
    results = suite.run(plan, processes or suite.processors(), eager=processes > 0)
    return sum(
        any(finding.check == stored.check for finding in result.violations) for _, result in results
    )
