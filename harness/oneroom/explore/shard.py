"""Shards: one suite spread over machines that do not know of each other.

All runs lie in the order of the plan on a line, each as long as it takes; the line is cut into
equal pieces, and a shard is one of them. So every run is in exactly one shard, the pieces differ by
one run at most, and few scenarios are cut in two.

Rules: the cut depends on nothing but the plan and the times that are handed in, so that machines
that are given the same agree on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from oneroom.scenario import Scenario

# (path of the scenario, policy) -> milliseconds of one run
RunTimes = Mapping[tuple[str, str], float]

# What a window costs for a second of its life, and a run for itself; as measured on scenarios with
# two to four windows. Only the proportions matter.
_MS_PER_WINDOW_AND_S = 0.02
_MS_PER_RUN = 0.5
_SETTLING_S = 30.0

_Item = TypeVar("_Item")


class Shard(NamedTuple):
    """Shard `number`, from 1, `of` so many."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def estimated_ms(scenario: Scenario) -> float:
    """About how long a run takes, from what is in the file."""
    last_us = max((step.at.values_us[-1] for step in scenario.steps), default=0)
    lasts_s = last_us / 1_000_000 + _SETTLING_S
    if scenario.lasts_us is not None:
        lasts_s = scenario.lasts_us / 1_000_000
    return _MS_PER_RUN + _MS_PER_WINDOW_AND_S * len(scenario.windows) * lasts_s


def cut(items: Sequence[_Item], lengths: Sequence[float], shard: Shard) -> list[_Item]:
    """The items of `shard`: those whose middle is on its piece of the line."""
    total = sum(lengths)
    chosen: list[_Item] = []
    begun = 0.0
    for item, length in zip(items, lengths, strict=True):
        middle = (begun + length / 2) / total * shard.of
        if min(int(middle), shard.of - 1) == shard.number - 1:
            chosen.append(item)
        begun += length
    return chosen
