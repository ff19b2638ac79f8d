"""A plan on a real server: each of its runs is simulated first, and its schedule is then played in real time.

Rules: results come in the order of the plan, as those of `suite` do. Traces of live runs cannot be made again, so they
are kept here for whoever tells of a failure. What is kept as the tape of a live run is that of its simulation.
"""

from __future__ import annotations

from collections.abc import Generator

from harness.checks.results import Result
from harness.choices.rehearsed import Rehearsed
from harness.explore.suite import Job, Plan
from harness.explore.trial import Trial, judged, trial
from harness.live.failure import Unavailable
from harness.scenario import Scenario

# What results say they were put to, whichever server it was.
SFU = "livekit"


class LiveSuite:
    """`troubles` are one line for each run that could not be made."""

    def __init__(self, plan: Plan, sfu: str, at_once: int) -> None:
        self.troubles: list[str] = []
        self._plan = plan
        self._sfu = sfu
        self._at_once = at_once
        self._trials: dict[tuple[str, str, int], Trial] = {}

    def run(self) -> Generator[tuple[Job, Result]]:
        """Raises harness.live.failure.Unavailable if there is no server at all."""
        try:
            from harness.live.side_by_side import Made, SideBySide, Wanted, at_once
        except ModuleNotFoundError as error:
            raise Unavailable(f"the Python package {error.name!r} is missing: pip install 'oneroom[live]'") from error
        jobs = self._plan.jobs()
        rehearsals = [trial(self._plan.scenarios[job.scenario], job.policy, job.seed) for job in jobs]
        wanted = [
            Wanted(one.run.scenario, job.policy, Rehearsed(one.run.choices.tape, job.seed))
            for job, one in zip(jobs, rehearsals, strict=True)
        ]
        with SideBySide(wanted, self._sfu, self._at_once or at_once()) as live:
            for job, rehearsal, made in zip(jobs, rehearsals, live.results(), strict=True):
                if not isinstance(made, Made):
                    self.troubles.append(made)
                    continue
                made.run.choices = rehearsal.run.choices
                one = judged(made.run, job.seed, SFU, made.wall_s)
                if not one.result.expected:
                    self._trials[made.run.scenario.path, job.policy, job.seed] = one
                yield job, one.result

    def again(self, scenario: Scenario, result: Result) -> Trial:
        """The run of which `result` is."""
        return self._trials[scenario.path, result.policy, result.seed]
