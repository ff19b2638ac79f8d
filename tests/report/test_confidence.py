"""Intervals and bounds, against published values and against what they promise."""

from __future__ import annotations

import pytest

from oneroom.confidence import interval, more_often_than_chance, upper_bound


def test_an_interval_is_the_published_one() -> None:
    # Values of R's binom::binom.confint(29, 10000, methods = "wilson").
    low, high = interval(29, 10_000)
    assert low == pytest.approx(0.002019, abs=1e-5)
    assert high == pytest.approx(0.004162, abs=1e-5)


def test_an_interval_is_sure_of_nothing_at_the_ends() -> None:
    assert interval(0, 100) == (0.0, upper_bound(100))
    assert interval(100, 100)[1] == 1.0
    for hits in (0, 1):
        with pytest.raises(ValueError, match="no trials"):
            interval(hits, 0)


@pytest.mark.parametrize("trials", [1, 7, 100, 10_000, 1_000_000])
def test_at_the_bound_nothing_is_seen_once_in_twenty_times(trials: int) -> None:
    # by the binomial distribution, with no formula of ours
    assert (1 - upper_bound(trials)) ** trials == pytest.approx(0.05)


def test_the_bound_is_the_rule_of_three_for_many_trials() -> None:
    assert upper_bound(10_000) == pytest.approx(3 / 10_000, rel=0.002)


@pytest.mark.parametrize(
    ("worse", "better", "beyond"),
    [
        (0, 0, False),
        (4, 0, False),  # 1 in 16
        (5, 0, True),  # 1 in 32
        (9, 1, True),  # 11 in 1,024
        (8, 2, False),  # 56 in 1,024
        (2, 8, False),
        (600, 4, True),
    ],
)
def test_pairs_differ_beyond_chance_as_the_sign_test_says(
    worse: int, better: int, beyond: bool
) -> None:
    assert more_often_than_chance(worse, better) is beyond


def test_of_several_tests_at_once_each_has_to_show_more() -> None:
    assert more_often_than_chance(5, 0)
    assert not more_often_than_chance(5, 0, tests=17)
