"""`user_leave_wins`: after the user's disconnect no Room comes back by itself."""

from __future__ import annotations

import pytest

from oneroom.checks.user_leave_wins import UserLeaveWins
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import CommandVerb, Life, RoomState
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_when_the_user_comes_back_on_purpose() -> None:
    history = History().opens("main").applies("main", CommandVerb.DISCONNECT).closes("main")
    history.at(9_000).applies("main", CommandVerb.CONNECT, number=2).opens("main", epoch=2)
    assert judged(UserLeaveWins, history).verdict() is Verdict.HELD


def test_is_vacuous_if_the_user_stays() -> None:
    assert judged(UserLeaveWins, History().opens("main")).verdict() is Verdict.VACUOUS


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (RoomState.OPENING, "opened a Room"),
        (RoomState.CONNECTED, "connected to a Room"),
        (RoomState.HEALED, "reconnected to a Room"),
    ],
)
@pytest.mark.parametrize("window", ["main", "overlay"])
def test_a_room_comes_back_in_any_window(window: str, state: RoomState, told: str) -> None:
    history = (
        History().opens("main").applies("main", CommandVerb.DISCONNECT).at(1).room(window, state)
    )
    check = judged(UserLeaveWins, history)
    assert text(check, history) == f"{window} {told} after the user had left"


def test_losing_and_closing_the_room_is_fine() -> None:
    history = (
        History()
        .opens("main")
        .applies("main", CommandVerb.DISCONNECT)
        .room("main", RoomState.RECONNECTING)
    )
    assert judged(UserLeaveWins, history.closes("main")).verdict() is Verdict.HELD


def test_a_window_that_asked_to_leave_does_not_take_the_call_over() -> None:
    history = (
        History()
        .issues("overlay", 1, CommandVerb.DISCONNECT)
        .at(500)
        .owner("overlay", term=2)
        .opens("overlay")
    )
    check = judged(UserLeaveWins, history)
    assert text(check, history) == "overlay opened a Room after the user had asked there to leave"


def test_another_window_that_has_not_heard_of_it_may_still_open_one() -> None:
    history = History().issues("overlay", 1, CommandVerb.DISCONNECT).opens("main")
    assert judged(UserLeaveWins, history).verdict() is Verdict.HELD


@pytest.mark.parametrize("window", ["main", "overlay"])
def test_asking_for_a_call_anywhere_ends_it(window: str) -> None:
    history = (
        History()
        .issues("overlay", 1, CommandVerb.DISCONNECT)
        .issues(window, 2, CommandVerb.CONNECT)
        .opens("overlay")
    )
    assert judged(UserLeaveWins, history).verdict() is Verdict.HELD


def test_an_own_older_connect_that_is_applied_late_is_no_wish_to_come_back() -> None:
    history = (
        History()
        .issues("overlay", 1, CommandVerb.CONNECT)
        .issues("overlay", 2, CommandVerb.DISCONNECT)
    )
    history.applies("main", CommandVerb.CONNECT, issuer="overlay", number=1).at(900).opens(
        "overlay", term=2
    )
    assert judged(UserLeaveWins, history).verdict() is Verdict.VIOLATED


def test_a_reopened_window_has_not_been_asked() -> None:
    history = (
        History()
        .issues("overlay", 1, CommandVerb.DISCONNECT)
        .life("overlay", Life.CLOSED)
        .life("overlay", Life.OPENED)
    )
    assert judged(UserLeaveWins, history.opens("overlay")).verdict() is Verdict.HELD


def test_a_connect_of_another_window_that_is_applied_later_ends_it() -> None:
    history = (
        History()
        .issues("main", 1, CommandVerb.CONNECT)
        .issues("overlay", 1, CommandVerb.DISCONNECT)
    )
    history.applies("overlay", CommandVerb.CONNECT, issuer="main", number=1).opens("overlay")
    assert judged(UserLeaveWins, history).verdict() is Verdict.HELD


def test_hiding_the_window_does_not_make_it_forget() -> None:
    history = (
        History()
        .issues("overlay", 1, CommandVerb.DISCONNECT)
        .life("overlay", Life.HIDDEN)
        .opens("overlay")
    )
    assert judged(UserLeaveWins, history).verdict() is Verdict.VIOLATED


def test_leaving_twice_is_told_from_the_first_time() -> None:
    history = (
        History()
        .applies("main", CommandVerb.DISCONNECT)
        .at(50)
        .applies("main", CommandVerb.DISCONNECT, number=2)
    )
    check = judged(UserLeaveWins, history.opens("main"))
    assert check.violation is not None
    assert check.violation.since_us == 0


def test_a_window_that_stood_still_lets_go_in_its_first_turn() -> None:
    history = History("main", "overlay").opens("main").life("main", Life.STALLED)
    history.at(900).applies("overlay", CommandVerb.DISCONNECT).at(5_000).life(
        "main", Life.UNSTALLED
    ).turn("main")
    history.room("main", RoomState.CONNECTED).closes("main").at(6_000).settles()
    assert judged(UserLeaveWins, history).verdict() is Verdict.HELD


def test_a_window_that_stood_still_and_keeps_its_room() -> None:
    history = History("main", "overlay").opens("main").life("main", Life.STALLED)
    history.at(900).applies("overlay", CommandVerb.DISCONNECT).at(5_000).life(
        "main", Life.UNSTALLED
    ).turn("main")
    history.room("main", RoomState.CONNECTED).at(5_001).closes("main")
    assert (
        text(judged(UserLeaveWins, history), history)
        == "main connected to a Room after the user had left"
    )


def test_a_window_that_stood_still_is_exempt_for_one_instant() -> None:
    history = History("main", "overlay").opens("main").life("main", Life.STALLED)
    history.at(900).applies("overlay", CommandVerb.DISCONNECT).at(5_000).life(
        "main", Life.UNSTALLED
    ).turn("main")
    history.at(5_001).room("main", RoomState.HEALED)
    assert judged(UserLeaveWins, history).verdict() is Verdict.VIOLATED
