"""`owner_elected`: in the end there is one owner."""

from __future__ import annotations

import pytest

from oneroom.checks.owner_elected import OwnerElected
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Role
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_with_one_owner() -> None:
    history = History().owner("main").role("overlay", Role.FOLLOWER).settles()
    assert judged(OwnerElected, history).verdict() is Verdict.HELD


def test_is_inconclusive_while_faults_are_on_or_the_run_did_not_settle() -> None:
    assert (
        judged(OwnerElected, History().owner("main").settles(faults=1)).verdict()
        is Verdict.INCONCLUSIVE
    )
    assert (
        judged(OwnerElected, History().owner("main").owner("overlay")).verdict()
        is Verdict.INCONCLUSIVE
    )


def test_no_owner() -> None:
    history = History().owner("main").life("main", Life.CRASHED).settles()
    check = judged(OwnerElected, history)
    assert text(check, history) == "after healing no window is owner"


def test_two_owners() -> None:
    history = History().owner("main").owner("overlay", term=2).settles()
    check = judged(OwnerElected, history)
    assert text(check, history) == "after healing main and overlay are owners at once"


def test_a_handoff_that_never_ended_left_no_owner() -> None:
    history = History().owner("main").role("main", Role.HANDING_OVER).settles()
    assert judged(OwnerElected, history).verdict() is Verdict.VIOLATED


def test_a_frozen_owner_counts_while_nobody_else_owns() -> None:
    history = History().owner("main").life("main", Life.FROZEN)
    assert judged(OwnerElected, history.settles()).verdict() is Verdict.HELD
    history = History().owner("main").life("main", Life.FROZEN).owner("overlay", term=2)
    assert judged(OwnerElected, history.settles()).verdict() is Verdict.HELD


@pytest.mark.parametrize("role", [None, Role.FOLLOWER])
def test_is_vacuous_where_nobody_ever_stood(role: Role | None) -> None:
    history = History()
    if role is not None:
        history.role("main", role)
    assert judged(OwnerElected, history.settles()).verdict() is Verdict.VACUOUS


def test_is_vacuous_where_no_window_is_open() -> None:
    history = History("main").owner("main").life("main", Life.CLOSED).settles()
    assert judged(OwnerElected, history).verdict() is Verdict.VACUOUS


def test_only_a_main_window_may_own() -> None:
    gone = History().owner("main").life("main", Life.CLOSED)
    assert judged(OwnerElected, gone.settles(), may_own="main").verdict() is Verdict.VACUOUS
    lost = History().owner("main").role("main", Role.FOLLOWER)
    assert judged(OwnerElected, lost.settles(), may_own="main").verdict() is Verdict.VIOLATED
    usurped = History().owner("overlay").settles()
    check = judged(OwnerElected, usurped, may_own="main")
    assert text(check, usurped) == "overlay is owner, although only a main window may own"
