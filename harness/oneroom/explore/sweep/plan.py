"""The runs of a sweep, in an order in which all settings get their share whenever it ends.

Rules: every setting is run under the same seeds, so that what differs between two of them is the
setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from oneroom.checks.results import Result
from oneroom.checks.sweep_results import Setting
from oneroom.explore.judged_run import run_judged
from oneroom.explore.plan import Job, Plan
from oneroom.scenario import Scenario
from oneroom.trace.records import MessagePosted

MESSAGES = "messages"
"""The entry beside the ledger's: messages posted to the bus."""


class Cell(NamedTuple):
    """The cell that a run counts for: a setting, by its place among all, and an environment."""

    setting: int
    environment: str


def measured(scenario: Scenario, policy: str, seed: int) -> Result:
    """The result of one run, with its messages beside its ledger."""
    judged = run_judged(scenario, policy, seed)
    posted = sum(type(record) is MessagePosted for record in judged.run.trace.records)
    ledger = {**judged.result.ledger, MESSAGES: posted}
    return msgspec.structs.replace(judged.result, ledger=ledger)


@dataclass(frozen=True)
class SweepPlan(Plan):
    """Runs of `scenarios`, which have their time-outs, with one seed after the other. `cells` has
    the cell of each scenario (by its place) and policy; those that it lacks are not run.
    """

    cells: tuple[tuple[int, str, Cell], ...] = ()

    def jobs(self) -> Sequence[Job]:
        """All runs with the first seed, then with the second one, and so on."""
        return [Job(place, policy, seed) for seed in self.seeds for place, policy, _ in self.cells]

    def only_setting(self, setting: int, seeds: range) -> SweepPlan:
        """The plan of one setting alone, under other seeds."""
        cells = tuple(cell for cell in self.cells if cell[2].setting == setting)
        return SweepPlan(self.scenarios, self.policies, seeds, self.play, cells=cells)


def sweep_plan(
    scenarios: Sequence[tuple[Scenario, str]],
    settings: Sequence[Setting],
    seeds: range,
) -> SweepPlan:
    """The plan of all settings over scenarios, each with the name of its environment."""
    made: list[Scenario] = []
    places: dict[tuple[int, tuple[tuple[str, int], ...]], int] = {}
    cells = []
    for number, setting in enumerate(settings):
        timings = tuple(setting.timings_us.items())
        for place, (scenario, environment) in enumerate(scenarios):
            if (place, timings) not in places:
                places[place, timings] = len(made)
                made.append(scenario.with_timings(setting.timings_us))
            cells.append((places[place, timings], setting.policy, Cell(number, environment)))
    policies = tuple(dict.fromkeys(setting.policy for setting in settings))
    return SweepPlan(tuple(made), policies, seeds, measured, cells=tuple(cells))
