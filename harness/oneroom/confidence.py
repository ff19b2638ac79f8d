"""Confidence: how much a count of failures in so many runs says of the rate behind it.

Rules: the only place with statistics. Everything is at 95 %. An interval of a rate is Wilson's; of
no failure at all, only an upper bound makes sense, and that is the exact one.
"""

from __future__ import annotations

from math import comb, sqrt

# Two-sided 95 % of the normal distribution, as Wilson's interval asks for it.
_Z = 1.959964
_MISSED = 0.05
_NO_TRIALS = "no trials, no interval"


def interval(hits: int, trials: int) -> tuple[float, float]:
    """95 % confidence interval of a ratio: (low, high) between 0 and 1.

    Wilson's score interval (E. B. Wilson, "Probable inference", JASA 22, 1927), and `upper_bound`
    for no hits. Raises ValueError for no trials.
    """
    if hits == 0:
        return 0.0, upper_bound(trials)
    if trials <= 0:
        raise ValueError(_NO_TRIALS)
    share = hits / trials
    spread = 1 + _Z * _Z / trials
    middle = (share + _Z * _Z / (2 * trials)) / spread
    half = _Z * sqrt(share * (1 - share) / trials + _Z * _Z / (4 * trials * trials)) / spread
    # At `trials` hits the bound is exact; rounding must not move it.
    return max(0.0, middle - half), 1.0 if hits == trials else min(1.0, middle + half)


def upper_bound(trials: int) -> float:
    """The highest ratio of hits under which `trials` without one still have a chance of 5 %.

    It is the one-sided 95 % bound of Clopper and Pearson (Biometrika 26, 1934): 1 - 0.05^(1/n), for
    many trials nearly 3/n, the rule of three. Raises ValueError for no trials.
    """
    if trials <= 0:
        raise ValueError(_NO_TRIALS)
    return 1.0 - float(_MISSED ** (1 / trials))


def more_often_than_chance(worse: int, better: int, tests: int = 1) -> bool:
    """Return whether `worse` of so many differing pairs is more than chance explains (95 %).

    The exact one-sided sign test; of several `tests` at once, each has its part of the 5 %
    (Bonferroni).
    """
    pairs = worse + better
    if worse <= better:
        return False
    at_least = sum(comb(pairs, count) for count in range(worse, pairs + 1))
    # whole numbers: a float has no room for 2^pairs
    return at_least * tests * round(1 / _MISSED) <= 1 << pairs
