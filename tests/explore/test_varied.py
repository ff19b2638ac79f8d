"""Draws near those of a tape."""

from __future__ import annotations

import pytest

from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.varied import Varied

FIRST, SECOND = list(Label)[:2]
TAPE = [Draw(FIRST if n % 3 else SECOND, 1_000, n) for n in range(60)]


def played(seed: int) -> list[int]:
    choices = Varied(TAPE, seed)
    return [choices.draw(Label(draw.label), draw.bound) for draw in TAPE]


def test_a_few_draws_differ_and_one_of_them_always_does() -> None:
    differing = [
        sum(value != draw.value for value, draw in zip(played(seed), TAPE, strict=True))
        for seed in range(300)
    ]
    assert min(differing) >= 1
    assert max(differing) < 12
    assert 2 < sum(differing) / len(differing) < 4


def test_a_seed_is_one_neighbour_and_another_seed_another() -> None:
    assert played(7) == played(7)
    assert len({tuple(played(seed)) for seed in range(50)}) == 50


def test_a_policy_that_draws_less_of_one_label_meets_the_same_schedule_in_the_others() -> None:
    wanted = [draw.value for draw in TAPE if draw.label == SECOND]
    choices = Varied(TAPE, 3)
    values = [choices.draw(SECOND, 1_000) for _ in wanted]
    assert sum(one == other for one, other in zip(values, wanted, strict=True)) >= len(wanted) - 4


@pytest.mark.parametrize(("label", "bound"), [(FIRST, 7), (list(Label)[5], 1_000)])
def test_what_the_tape_does_not_have_is_drawn(label: Label, bound: int) -> None:
    values = {Varied(TAPE, seed).draw(label, bound) for seed in range(50)}
    assert len(values) > 3
    assert all(0 <= value < bound for value in values)


def test_an_empty_tape_is_all_drawn() -> None:
    assert len({Varied([], seed).draw(FIRST, 1_000) for seed in range(9)}) > 3
