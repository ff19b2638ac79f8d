"""`follower_never_connects`: only an owner is in the call."""

from __future__ import annotations

import pytest

from oneroom.checks.follower_never_connects import FollowerNeverConnects
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Role, RoomState
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_for_an_owner_that_hands_over() -> None:
    history = (
        History()
        .owner("main")
        .opens("main")
        .role("main", Role.HANDING_OVER)
        .room("main", RoomState.CONNECTED)
    )
    assert judged(FollowerNeverConnects, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_room() -> None:
    assert judged(FollowerNeverConnects, History().owner("main")).verdict() is Verdict.VACUOUS


@pytest.mark.parametrize("role", [Role.FOLLOWER, Role.CANDIDATE, Role.RETIRED])
def test_who_is_not_owner_may_not_open_a_room(role: Role) -> None:
    history = History().role("overlay", role).opens("overlay")
    check = judged(FollowerNeverConnects, history)
    assert text(check, history) == "overlay opened a Room without being the owner"


@pytest.mark.parametrize(
    ("state", "told"), [(RoomState.CONNECTED, "connected"), (RoomState.HEALED, "reconnected")]
)
def test_the_zombie_that_connects_after_it_lost_the_ownership(state: RoomState, told: str) -> None:
    history = (
        History()
        .owner("main")
        .opens("main")
        .role("main", Role.FOLLOWER)
        .at(15_000)
        .room("main", state)
    )
    check = judged(FollowerNeverConnects, history)
    assert text(check, history) == f"main {told} to a Room without being the owner"


def test_losing_the_connection_and_closing_are_no_connecting() -> None:
    history = History().owner("main").opens("main").role("main", Role.FOLLOWER)
    history.room("main", RoomState.RECONNECTING).closes("main").room("main", RoomState.ENDED)
    assert judged(FollowerNeverConnects, history).verdict() is Verdict.HELD


def test_a_reopened_window_is_no_owner() -> None:
    history = (
        History().owner("main").life("main", Life.CRASHED).life("main", Life.OPENED).opens("main")
    )
    assert judged(FollowerNeverConnects, history).verdict() is Verdict.VIOLATED
