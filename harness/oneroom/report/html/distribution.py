"""The distribution of one entry of the ledger over many runs, in memory that does not grow with
their number.

Rules: values are kept to 8 significant bits, so a quantile is at most 0.8 % below the exact one;
the maximum, and the run that has it, are exact.
"""

from __future__ import annotations

from collections.abc import Sequence

QUANTILES = (0.5, 0.95, 0.99)
_BITS = 8
# A step of the curve that is lower than this cannot be seen in 260 pixels.
_STEP = 1 / 400


class Distribution:
    """The values of one entry; runs in which it is 0 are counted by whoever counts runs."""

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.highest = 0
        self.scenario = ""
        self.seed = -1

    def add(self, value: int, scenario: str, seed: int) -> None:
        """Take in a value above 0, and the run that had it."""
        shift = value.bit_length() - _BITS
        kept = value >> shift << shift if shift > 0 else value
        self.counts[kept] = self.counts.get(kept, 0) + 1
        if value > self.highest:
            self.highest, self.scenario, self.seed = value, scenario, seed

    def quantiles(self, runs: int) -> list[int]:
        """The values at QUANTILES of `runs`, those without an entry at 0."""
        wanted, found = [_place(share, runs) for share in QUANTILES], []
        below, value = runs - sum(self.counts.values()), 0
        steps = iter(sorted(self.counts.items()))
        for place in wanted:
            while below < place:
                value, count = next(steps)
                below += count
            found.append(value)
        return found

    def curve(self, runs: int) -> list[list[float]]:
        """The cumulative distribution: pairs of a value and the share of runs that are not above
        it, rising; the share of 0 first.
        """
        below = runs - sum(self.counts.values())
        points: list[list[float]] = [[0, below / runs]]
        ordered = sorted(self.counts.items())
        for place, (value, count) in enumerate(ordered, start=1):
            below += count
            if place == len(ordered):
                points.append([self.highest, 1])
            elif below / runs - points[-1][1] >= _STEP:
                points.append([value, round(below / runs, 5)])
        return points


def quantiles_of(ordered: Sequence[int]) -> list[int]:
    """The values at QUANTILES of values in ascending order, at least one."""
    return [ordered[_place(share, len(ordered)) - 1] for share in QUANTILES]


def _place(share: float, runs: int) -> int:
    """The rank, from 1, of the smallest value that at least `share` of all are not above."""
    return max(1, -(-round(share * 1_000) * runs // 1_000))
