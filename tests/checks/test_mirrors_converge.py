"""`mirrors_converge`: in the end all windows show the same call."""

from __future__ import annotations

from typing import Any

import pytest

from oneroom.checks.mirrors_converge import MirrorsConverge
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import ConnectionState, Life, Role
from tests.checks.judged import judged, text
from tests.histories import History


def owned() -> History:
    return History().owner("main").renders("main", 1, 3)


def test_holds_when_the_mirror_shows_the_newest_snapshot() -> None:
    history = owned().renders("overlay", 1, 2, channel="").renders("overlay", 1, 3).settles()
    assert judged(MirrorsConverge, history).verdict() is Verdict.HELD


def test_is_inconclusive_while_faults_are_on() -> None:
    assert judged(MirrorsConverge, owned().settles(faults=2)).verdict() is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"number": 2}, "another snapshot"),
        ({"term": 2}, "another snapshot"),
        ({"channel": "attic"}, "another channel"),
        ({"connection": ConnectionState.RECONNECTING}, "another connection"),
        ({"muted": True}, "another mute"),
        ({"share": 1}, "another share"),
    ],
    ids=str,
)
def test_a_mirror_differs(shown: dict[str, Any], told: str) -> None:
    history = owned().renders("overlay", **{"term": 1, "number": 3, **shown}).settles()
    check = judged(MirrorsConverge, history)
    assert text(check, history) == f"after healing overlay shows {told} than main"


def test_a_window_that_never_drew_anything() -> None:
    history = owned().settles()
    check = judged(MirrorsConverge, history)
    assert text(check, history) == "after healing overlay shows nothing, unlike main"


@pytest.mark.parametrize("life", [Life.FROZEN, Life.CLOSED, Life.CRASHED])
def test_only_running_windows_are_asked(life: Life) -> None:
    history = (
        History("main", "overlay", "tab").owner("main").renders("main", 1, 3).renders("tab", 1, 3)
    )
    assert (
        judged(MirrorsConverge, history.life("overlay", life).settles()).verdict() is Verdict.HELD
    )


def test_is_vacuous_for_one_window_and_where_nothing_was_drawn() -> None:
    assert (
        judged(MirrorsConverge, History("main").owner("main").settles()).verdict()
        is Verdict.VACUOUS
    )
    assert judged(MirrorsConverge, History().owner("main").settles()).verdict() is Verdict.VACUOUS


def two_owners() -> History:
    return History().owner("main").owner("overlay").renders("main", 1, 3)


def test_several_owners_need_not_agree_on_numbers() -> None:
    history = two_owners().renders("overlay", 1, 9).settles()
    assert judged(MirrorsConverge, history).verdict() is Verdict.HELD


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"channel": "attic"}, "channel"),
        ({"connection": ConnectionState.IDLE}, "connection"),
        ({"muted": True}, "mute"),
    ],
    ids=str,
)
def test_two_stores_that_diverge(shown: dict[str, Any], told: str) -> None:
    history = two_owners().renders("overlay", 1, 3, **shown).settles()
    check = judged(MirrorsConverge, history)
    assert text(check, history) == f"after healing overlay shows another {told} than main"


def test_a_store_that_never_drew_shows_no_call() -> None:
    assert judged(MirrorsConverge, two_owners().settles()).verdict() is Verdict.VIOLATED
    idle = (
        History()
        .owner("main")
        .owner("overlay")
        .renders("main", 1, 1, connection=ConnectionState.IDLE)
    )
    assert judged(MirrorsConverge, idle.settles()).verdict() is Verdict.HELD


def test_a_mute_that_only_the_first_store_knows() -> None:
    history = (
        History()
        .owner("main")
        .owner("overlay")
        .renders("main", 1, 1, muted=True)
        .renders("overlay", 1, 1)
    )
    assert judged(MirrorsConverge, history.settles()).verdict() is Verdict.VIOLATED


@pytest.mark.parametrize("end", ["stepped-down", "crashed"])
def test_the_owner_is_the_one_at_the_end(end: str) -> None:
    history = (
        History("main", "overlay", "tab").owner("main").renders("main", 1, 3).renders("tab", 1, 3)
    )
    if end == "crashed":
        history.life("main", Life.CRASHED)
    else:
        history.role("main", Role.FOLLOWER)
    history.owner("overlay", term=2).renders("overlay", 2, 1).renders("tab", 2, 1).renders(
        "main", 2, 1
    )
    assert judged(MirrorsConverge, history.settles()).verdict() is Verdict.HELD
    history = (
        History("main", "overlay", "tab")
        .owner("main")
        .renders("main", 1, 3)
        .role("main", Role.FOLLOWER)
    )
    history.owner("overlay", term=2).renders("overlay", 2, 1).renders("tab", 1, 3)
    assert judged(MirrorsConverge, history.settles()).verdict() is Verdict.VIOLATED


def test_a_reopened_window_has_drawn_nothing_yet() -> None:
    history = (
        owned()
        .renders("overlay", 1, 3)
        .life("overlay", Life.CRASHED)
        .life("overlay", Life.OPENED)
        .settles()
    )
    assert judged(MirrorsConverge, history).verdict() is Verdict.VIOLATED


def test_where_only_main_may_own_and_none_is_open_there_is_no_call_to_draw() -> None:
    history = History("overlay").renders("overlay", 1, 3).settles()
    check = judged(MirrorsConverge, history, may_own="main")
    assert text(check, history) == "after healing overlay shows a call that is gone"
    history = History("overlay").renders("overlay", 1, 3)
    history.renders("overlay", 0, 0, channel="", connection=ConnectionState.IDLE).settles()
    assert judged(MirrorsConverge, history, may_own="main").verdict() is Verdict.HELD
    assert (
        judged(MirrorsConverge, History("overlay").settles(), may_own="main").verdict()
        is Verdict.VACUOUS
    )
