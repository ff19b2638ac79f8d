"""A search: batches of schedules, run and taken in, until none is left or one breaks a check.

Rules: what is found does not depend on the number of processes nor on interruptions. A batch counts
as a whole or not at all, so the frontier is always that of a moment between two batches.
"""

from __future__ import annotations

from oneroom.choices.departing import Departing
from oneroom.explore.exhaustive.explorers import Explorers
from oneroom.explore.exhaustive.frontier import Frontier
from oneroom.explore.exhaustive.schedule import Schedule
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.scenario import Scenario

# Large enough to keep several processes busy, small enough to stop and to write the frontier often.
BATCH = 32


class Found(Exception):
    """The first violation: the `schedule`, and the checks that it broke."""

    def __init__(self, schedule: Schedule, broken: tuple[str, ...]) -> None:
        super().__init__(schedule, broken)
        self.schedule = schedule
        self.broken = broken


def step(frontier: Frontier, explorers: Explorers) -> int:
    """Run the next batch. Returns how many schedules it had, 0 if all were run.

    Raises Found with the schedule of the batch that breaks a check first, by records; a batch has
    schedules of one number of departures.
    """
    batch = frontier.next(BATCH)
    if batch:
        explored = explorers.explore(batch)
        explorers.tell(frontier.take(batch, explored))
        broken = [pair for pair in zip(batch, explored, strict=True) if pair[1].broken]
        if broken:
            schedule, one = min(broken, key=lambda pair: pair[1].at)
            raise Found(schedule, one.broken)
    return len(batch)


def run_again(scenario: Scenario, policy: str, schedule: Schedule) -> JudgedRun:
    """The run of a schedule, with its trace and its tape."""
    return run_judged(scenario, policy, 0, Departing(dict(schedule.departures)))


def can_compare(scenario: Scenario) -> bool:
    """Return whether the states of a scenario can be compared: an engine's cannot be read."""
    return scenario.bundle is None and scenario.core is None
