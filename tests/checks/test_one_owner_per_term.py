"""`one_owner_per_term`: a term is a fencing number, so it has one owner."""

from __future__ import annotations

from oneroom.checks.one_owner_per_term import OneOwnerPerTerm
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Role
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_with_growing_terms() -> None:
    history = History().owner("main", term=1).owner("overlay", term=2).owner("main", term=3)
    assert judged(OneOwnerPerTerm, history).verdict() is Verdict.HELD


def test_is_vacuous_without_an_owner() -> None:
    history = History().role("main", Role.CANDIDATE)
    assert judged(OneOwnerPerTerm, history).verdict() is Verdict.VACUOUS


def test_is_vacuous_where_no_terms_were_promised() -> None:
    history = History().owner("main", term=7).owner("overlay", term=7)
    assert judged(OneOwnerPerTerm, history, terms=False).verdict() is Verdict.VACUOUS


def test_an_owner_that_tells_no_term_is_not_judged() -> None:
    history = History().owner("main", term=0).owner("overlay", term=0)
    assert judged(OneOwnerPerTerm, history).verdict() is Verdict.VACUOUS


def test_two_windows_in_one_term() -> None:
    history = History().owner("main", term=7).owner("overlay", term=7)
    check = judged(OneOwnerPerTerm, history)
    assert check.verdict() is Verdict.VIOLATED
    assert text(check, history) == "main and overlay both became owner of term 7"


def test_a_window_that_is_opened_again_is_another_window() -> None:
    history = (
        History()
        .owner("main")
        .life("main", Life.CRASHED)
        .at(9)
        .life("main", Life.OPENED)
        .owner("main")
    )
    check = judged(OneOwnerPerTerm, history)
    assert check.verdict() is Verdict.VIOLATED
    assert text(check, history) == "main, opened again, became owner of its old term 1"


def test_saying_it_twice_is_not_two_owners() -> None:
    history = (
        History()
        .owner("main")
        .life("main", Life.HIDDEN)
        .role("main", Role.HANDING_OVER)
        .owner("main")
    )
    assert judged(OneOwnerPerTerm, history).verdict() is Verdict.HELD
