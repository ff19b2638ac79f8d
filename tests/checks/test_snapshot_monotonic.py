"""`snapshot_monotonic`: a mirror never goes back."""

from __future__ import annotations

import pytest

from oneroom.checks.snapshot_monotonic import SnapshotMonotonic
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Role
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_while_term_or_number_grow() -> None:
    history = History().renders("overlay", 1, 4).renders("overlay", 1, 6).renders("overlay", 2, 1)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.HELD


def test_is_vacuous_if_only_the_owner_draws() -> None:
    history = History().owner("main").renders("main", 1, 1)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.VACUOUS


@pytest.mark.parametrize(
    ("term", "number"), [(2, 4), (2, 3), (1, 9)], ids=["same", "older", "older-term"]
)
def test_what_is_not_newer(term: int, number: int) -> None:
    history = History().renders("overlay", 2, 4).renders("overlay", term, number)
    check = judged(SnapshotMonotonic, history)
    assert (
        text(check, history)
        == f"overlay drew snapshot {number} of term {term} after snapshot 4 of term 2"
    )


def test_windows_are_told_apart() -> None:
    history = History().renders("overlay", 1, 4).renders("main", 1, 3).renders("overlay", 1, 5)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.HELD


def test_a_deposed_owner_may_draw_its_last_state_once_more() -> None:
    history = (
        History()
        .owner("main")
        .renders("main", 1, 5)
        .role("main", Role.FOLLOWER)
        .renders("main", 1, 5)
    )
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.HELD
    history.renders("main", 1, 5)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.VIOLATED


def test_a_deposed_owner_may_not_go_back_behind_its_own_state() -> None:
    history = (
        History()
        .owner("main", term=2)
        .renders("main", 2, 5)
        .role("main", Role.FOLLOWER)
        .renders("main", 1, 9)
    )
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.VIOLATED


def test_a_reopened_window_starts_anew() -> None:
    history = (
        History().renders("overlay", 2, 4).life("overlay", Life.CLOSED).life("overlay", Life.OPENED)
    )
    history.renders("overlay", 1, 1).renders("overlay", 1, 2)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.HELD


def test_an_owner_that_was_reopened_is_a_mirror_again() -> None:
    history = History().owner("main", term=2).life("main", Life.CRASHED).life("main", Life.OPENED)
    history.renders("main", 3, 4).renders("main", 3, 4)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.VIOLATED


def test_a_window_that_hands_over_still_draws_its_own_state() -> None:
    history = (
        History()
        .owner("main")
        .renders("main", 1, 5)
        .role("main", Role.HANDING_OVER)
        .renders("main", 1, 5)
    )
    assert judged(SnapshotMonotonic, history.renders("main", 1, 5)).verdict() is Verdict.VACUOUS


def test_a_window_that_drew_no_call_for_want_of_an_owner_may_draw_its_last_snapshot_again() -> None:
    history = History().renders("overlay", 2, 4).renders("overlay", 0, 0).renders("overlay", 2, 4)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.HELD
    history = History().renders("overlay", 2, 4).renders("overlay", 0, 0).renders("overlay", 2, 3)
    assert judged(SnapshotMonotonic, history).verdict() is Verdict.VIOLATED
