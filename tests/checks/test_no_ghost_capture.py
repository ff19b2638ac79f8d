"""`no_ghost_capture`: no capture outlives Room or ownership."""

from __future__ import annotations

import pytest

from oneroom.checks.no_ghost_capture import NoGhostCapture
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Role, RoomState, Source
from tests.checks.judged import judged, text
from tests.histories import History


def capturing() -> History:
    return History().owner("main").opens("main").captures("main").at(1_000)


def test_holds_when_the_capture_stops_in_the_instant_in_which_the_room_ends() -> None:
    history = capturing().closes("main").captures("main", on=False).settles()
    assert judged(NoGhostCapture, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_capture() -> None:
    assert judged(NoGhostCapture, History().opens("main").settles()).verdict() is Verdict.VACUOUS


def test_the_sdk_stops_captures_when_it_has_closed_the_room() -> None:
    history = (
        capturing()
        .closes("main")
        .role("main", Role.FOLLOWER)
        .at(1_250)
        .room("main", RoomState.ENDED)
    )
    assert (
        judged(NoGhostCapture, history.captures("main", on=False).settles()).verdict()
        is Verdict.HELD
    )


def test_a_room_that_is_closed_excuses_its_own_end_alone() -> None:
    history = capturing().closes("main", epoch=0).at(1_100).room("main", RoomState.ENDED, epoch=0)
    history.room("main", RoomState.ENDED).at(1_200).settles()
    assert judged(NoGhostCapture, history).verdict() is Verdict.VIOLATED
    history = (
        capturing()
        .closes("main")
        .life("main", Life.CLOSED)
        .life("main", Life.OPENED)
        .captures("main")
        .settles()
    )
    assert judged(NoGhostCapture, history).verdict() is Verdict.VIOLATED


def test_a_capture_that_outlives_the_room() -> None:
    history = (
        capturing().room("main", RoomState.ENDED).at(1_250).captures("main", on=False).settles()
    )
    check = judged(NoGhostCapture, history)
    assert check.violation is not None
    assert check.violation.at_us == 1_000_000
    assert text(check, history) == "main captures the microphone without a Room (250 ms)"


def test_a_capture_that_outlives_the_ownership() -> None:
    history = History().owner("main").opens("main").captures("main", source=Source.SCREEN_SHARE)
    history.at(10).role("main", Role.FOLLOWER).settles()
    check = judged(NoGhostCapture, history)
    assert text(check, history) == "main captures the screen after it lost the ownership (10.000 s)"


def test_handing_over_is_still_owning() -> None:
    history = capturing().role("main", Role.HANDING_OVER).at(1_100).settles()
    assert judged(NoGhostCapture, history).verdict() is Verdict.HELD


def test_a_window_that_never_owned_captures_with_its_room() -> None:
    history = (
        History().role("overlay", Role.FOLLOWER).opens("overlay").captures("overlay").settles()
    )
    assert judged(NoGhostCapture, history).verdict() is Verdict.HELD


def test_a_permission_that_comes_too_late_is_given_back_at_once() -> None:
    history = History().at(5).captures("main").captures("main", on=False).at(6).settles()
    assert judged(NoGhostCapture, history).verdict() is Verdict.HELD


def test_a_capture_without_any_room() -> None:
    history = History().captures("overlay", source=Source.CAMERA).settles()
    check = judged(NoGhostCapture, history)
    assert text(check, history) == "overlay captures the camera without a Room (10.000 s)"


@pytest.mark.parametrize("end", [Life.CLOSED, Life.CRASHED])
def test_the_operating_system_stops_what_a_dead_window_captured(end: Life) -> None:
    assert judged(NoGhostCapture, capturing().life("main", end).settles()).verdict() is Verdict.HELD


def test_hiding_the_window_changes_nothing() -> None:
    history = (
        capturing().life("main", Life.HIDDEN).room("main", RoomState.ENDED).at(1_001).settles()
    )
    assert judged(NoGhostCapture, history).verdict() is Verdict.VIOLATED


def test_a_reopened_window_inherits_neither_room_nor_role() -> None:
    history = (
        capturing().life("main", Life.CRASHED).life("main", Life.OPENED).captures("main").settles()
    )
    assert judged(NoGhostCapture, history).verdict() is Verdict.VIOLATED
    history = (
        History()
        .owner("main")
        .role("main", Role.FOLLOWER)
        .life("main", Life.CLOSED)
        .life("main", Life.OPENED)
    )
    assert (
        judged(NoGhostCapture, history.opens("main").captures("main").settles()).verdict()
        is Verdict.HELD
    )


def test_one_capture_too_many_is_counted_once() -> None:
    history = (
        capturing()
        .room("main", RoomState.ENDED)
        .at(1_100)
        .role("main", Role.FOLLOWER)
        .at(1_200)
        .settles()
    )
    check = judged(NoGhostCapture, history)
    assert check.violations == 1
    assert text(check, history) == "main captures the microphone without a Room (10.200 s)"


def test_a_second_capture_too_many_is_counted_too() -> None:
    history = capturing().room("main", RoomState.ENDED).at(1_100).captures("main", on=False)
    history.at(1_200).captures("main").settles()
    check = judged(NoGhostCapture, history)
    assert check.violations == 2
    assert text(check, history) == "main captures the microphone without a Room (100 ms)"
