"""A plan on a real server: each run is simulated first, then its schedule is played in real time.

Rules: the SDK of a live run is livekit for Python, so it is that of its simulation. Results come in
the order of the plan, as those of `suite` do. Traces of live runs cannot be made again, so they are
kept here for reports of failures. The tape of a live run is that of its simulation.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator

from oneroom.checks.results import Result
from oneroom.choices.replay import Replay
from oneroom.choices.schedule_replay import ScheduleReplay
from oneroom.explore.judged_run import JudgedRun, judged, run_judged
from oneroom.explore.plan import Job, Plan
from oneroom.explore.stored_failure import StoredFailure, draws, text_of
from oneroom.explore.vocabulary import vocabulary
from oneroom.live.errors import Unavailable
from oneroom.scenario import Scenario, parse
from oneroom.trace.trace import Trace

# The value of `sfu` in results, whichever real server it was.
SFU = "livekit"
# The SDK of a live window's process.
SDK = "python"


class LiveSuite:
    """The live runs of a plan.

    `troubles` are one line for each run that could not be made; `trace` is that of the newest
    result.
    """

    trace: Trace

    def __init__(self, plan: Plan, sfu: str, at_once: int) -> None:
        self.troubles: list[str] = []
        self._plan = plan
        self._sfu = sfu
        self._at_once = at_once
        self._live_runs: dict[tuple[str, str, int], JudgedRun] = {}

    def run(self) -> Generator[tuple[Job, Result]]:
        """The results in the order of the plan.

        Raises oneroom.live.errors.Unavailable if there is no server at all.
        """
        with _optional_packages():
            from oneroom.live import runner
        jobs = self._plan.jobs()
        simulated = [
            run_judged(self._plan.scenarios[job.scenario].on_sdk(SDK), job.policy, job.seed)
            for job in jobs
        ]
        wanted = [
            runner.LiveJob(one.run.scenario, job.policy, ScheduleReplay(one.run.tape, job.seed))
            for job, one in zip(jobs, simulated, strict=True)
        ]
        with runner.LiveRunner(wanted, self._sfu, self._at_once or runner.at_once()) as live:
            for job, simulation, made in zip(jobs, simulated, live.results(), strict=True):
                if not isinstance(made, runner.LiveResult):
                    self.troubles.append(made)
                    continue
                made.run.tape = simulation.run.tape
                one = judged(made.run, job.seed, SFU, made.wall_s)
                if not one.result.expected:
                    self._live_runs[made.run.scenario.path, job.policy, job.seed] = one
                self.trace = made.run.trace
                yield job, one.result

    def again(self, scenario: Scenario, result: Result) -> JudgedRun:
        """The run that `result` belongs to."""
        return self._live_runs[scenario.path, result.policy, result.seed]


def confirmed(stored: StoredFailure, sfu: str) -> tuple[JudgedRun, JudgedRun]:
    """The stored failure as it was simulated, and its schedule on `sfu`.

    A failure that was found with another SDK than a live run has is simulated anew: the schedule of
    its tape, with that SDK. Raises Unavailable, ScenarioError, UnknownPolicy.
    """
    with _optional_packages():
        from oneroom.live import runner
    found = parse(text_of(stored), vocabulary(), stored.scenario).with_checks(stored.checks)
    scenario = found.on_sdk(SDK)
    tape = draws(stored)
    as_found = all(found.sdk_of(window) == SDK for window in found.windows)
    choices = Replay(tape) if as_found else ScheduleReplay(tape, stored.seed)
    simulated = run_judged(scenario, stored.policy, stored.seed, choices)
    wanted = runner.LiveJob(scenario, stored.policy, ScheduleReplay(tape, stored.seed))
    with runner.LiveRunner([wanted], sfu, 1) as live:
        made = next(live.results())
    if not isinstance(made, runner.LiveResult):
        raise Unavailable(made)
    return simulated, judged(made.run, stored.seed, SFU, made.wall_s)


@contextlib.contextmanager
def _optional_packages() -> Iterator[None]:
    """Context for importing what `pip install oneroom[live]` brings.

    Raises Unavailable without it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"the Python package {error.name!r} is missing: pip install 'oneroom[live]'"
        ) from error
