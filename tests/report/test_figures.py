"""Numbers as people read them."""

from __future__ import annotations

import pytest

from oneroom.report import figures


@pytest.mark.parametrize(
    ("span_us", "text"),
    [
        (0, "0 µs"),
        (999, "999 µs"),
        (1_000, "1 ms"),
        (1_500, "1.5 ms"),
        (140_400, "140 ms"),
        (1_250_000, "1.25 s"),
        (33_800_000, "33.8 s"),
        (125_000_000, "125 s"),
    ],
)
def test_durations_are_in_the_unit_a_reader_would_choose(span_us: int, text: str) -> None:
    assert figures.duration(span_us) == text


def test_moments_are_cut_not_rounded_so_that_no_record_seems_later_than_it_is() -> None:
    assert figures.timestamp(5_204_999) == "5.204 s"
    assert figures.exact_timestamp(5_204_999) == "5.204999 s"


@pytest.mark.parametrize(
    ("hits", "trials", "text"),
    [
        (29, 10_000, "29 of 10,000 seeds (0.29 %, 95 % CI 0.20–0.42)"),
        (10, 10, "10 of 10 seeds (100 %, 95 % CI 72–100)"),
        (1, 1, "1 of 1 seed"),
    ],
)
def test_a_rate_comes_with_what_it_is_worth(hits: int, trials: int, text: str) -> None:
    assert figures.rate(hits, trials) == text


@pytest.mark.parametrize(
    ("trials", "text"),
    [(1, "95 %"), (10, "26 %"), (100, "3.0 %"), (10_000, "0.030 %"), (1_000_000, "0.00030 %")],
)
def test_a_bound_has_two_digits_whatever_its_size(trials: int, text: str) -> None:
    assert figures.at_most(trials) == text
