"""Verdicts and exit codes: the table that CI jobs rely on."""

from __future__ import annotations

import itertools

import pytest

from oneroom.checks.verdict import EXIT_CODE, Exit, Verdict, worst, worst_exit


def test_the_published_codes() -> None:
    assert {verdict.value: int(code) for verdict, code in EXIT_CODE.items()} == {
        "held": 0,
        "violated": 1,
        "inconclusive": 3,
        "vacuous": 3,
        "nondeterministic": 4,
    }
    assert [int(code) for code in Exit] == [0, 1, 2, 3, 4, 5, 6, 70, 130]


def test_every_verdict_has_a_code() -> None:
    assert set(EXIT_CODE) == set(Verdict)


def test_worst_is_the_worst_in_any_order() -> None:
    order = [
        Verdict.HELD,
        Verdict.VACUOUS,
        Verdict.INCONCLUSIVE,
        Verdict.VIOLATED,
        Verdict.NONDETERMINISTIC,
    ]
    for better, worse in itertools.combinations(order, 2):
        assert worst([better, worse]) is worst([worse, better]) is worse


def test_worst_exit_is_the_worst_in_any_order() -> None:
    for better, worse in itertools.pairwise([0, 3, 1, 4, 6, 70, 130]):
        assert (
            worst_exit([Exit(better), Exit(worse)])
            == worst_exit([Exit(worse), Exit(better)])
            == worse
        )
    assert {worst_exit([code, Exit.INTERNAL]) for code in Exit if code is not Exit.INTERRUPTED} == {
        Exit.INTERNAL
    }


def test_no_runs_are_not_a_success() -> None:
    with pytest.raises(ValueError, match="empty"):
        worst([])
