"""Runs of a scenario file with and without its planted bug, and what they broke."""

from __future__ import annotations

import functools

from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, parse
from tests.project import SCENARIOS

SEEDS = 40


@functools.cache
def scenario(path: str) -> Scenario:
    """The scenario of a file below `scenarios/`."""
    return parse((SCENARIOS / path).read_text(), vocabulary(), path)


def broken(planted: Scenario, policy: str, seeds: int = SEEDS) -> set[str]:
    """The checks and the limits that were broken in at least one of the first `seeds` seeds."""
    return {
        found.check
        for seed in range(1, seeds + 1)
        for found in run_judged(planted, policy, seed).result.violations
    }


def limits_kept(planted: Scenario, policy: str, seeds: int = SEEDS) -> bool:
    """Whether every limit that the scenario sets on the ledger was kept in each of the first
    `seeds` seeds.
    """
    return not broken(planted, policy, seeds) & set(planted.expect.limits)


def without(planted: Scenario, *safeguards: str) -> Scenario:
    """The same scenario without just these safeguards; with none of them, as it is in
    production.
    """
    return planted.model_copy(update={"without": safeguards})
