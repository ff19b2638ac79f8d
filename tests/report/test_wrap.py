"""Lines of prose, with numbers and units on one line."""

from __future__ import annotations

import pytest

from oneroom.report.wrap import wrap


@pytest.mark.parametrize("width", range(8, 30))
def test_a_number_and_its_unit_are_never_on_two_lines(width: int) -> None:
    text = "it sleeps for 97.4 s, wakes 14 ms before, 12 µs after, in 3 min at 5 % of it"
    lines = wrap(text, width)
    assert " ".join(lines) == text
    assert not [line for line in lines if line[:2] in ("s,", "ms", "µs", "mi", "% ")]


def test_what_only_looks_like_a_unit_may_begin_a_line() -> None:
    assert wrap("seeds 1 seed", 7) == ["seeds 1", "seed"]


def test_later_lines_are_indented() -> None:
    assert wrap("one two", 5, "  ") == ["one", "  two"]
