"""`single_room`: two running windows never hold a Room; what excuses a second holder, and for how
long.
"""

from __future__ import annotations

import pytest

from oneroom.checks.single_room import SingleRoom
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Role, RoomState
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_while_one_window_follows_the_other() -> None:
    history = History().opens("main").at(100).closes("main").opens("overlay").settles()
    assert judged(SingleRoom, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_room() -> None:
    assert judged(SingleRoom, History().settles()).verdict() is Verdict.VACUOUS


def test_two_opening_rooms_are_two_rooms() -> None:
    history = History().opens("main").at(60).opens("overlay").at(200).closes("main").settles()
    check = judged(SingleRoom, history)
    assert check.verdict() is Verdict.VIOLATED
    assert text(check, history) == "main and overlay both hold a Room (140 ms)"


@pytest.mark.parametrize("state", [RoomState.CONNECTED, RoomState.RECONNECTING, RoomState.HEALED])
def test_a_room_is_held_in_every_state_until_it_closes(state: RoomState) -> None:
    history = History().opens("main").room("main", state).at(1).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


@pytest.mark.parametrize("end", [RoomState.CLOSING, RoomState.ENDED])
def test_a_closing_room_is_no_room(end: RoomState) -> None:
    history = History().opens("main").room("main", end).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.HELD


@pytest.mark.parametrize("end", [Life.CLOSED, Life.CRASHED])
def test_a_window_that_is_gone_holds_nothing(end: Life) -> None:
    history = History().opens("main").life("main", end).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.HELD


def test_the_late_end_of_an_old_session_does_not_hide_the_new_one() -> None:
    history = History().opens("main").closes("main").opens("main", epoch=2)
    history.room("main", RoomState.ENDED, epoch=1).at(1).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_a_room_survives_navigation_inside_the_app() -> None:
    history = History().opens("main").life("main", Life.NAVIGATED).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


@pytest.mark.parametrize("pause", [Life.FROZEN, Life.STALLED, Life.STOPPED])
def test_a_holder_that_stood_still_when_another_became_owner_is_excused(pause: Life) -> None:
    history = History().owner("main").opens("main").at(10).life("main", pause)
    history.at(4_000).owner("overlay", term=2).opens("overlay").settles()
    assert judged(SingleRoom, history).verdict() is Verdict.HELD


@pytest.mark.parametrize("has_roles", [False, True])
def test_in_an_app_without_roles_the_window_that_opens_a_room_becomes_owner(
    has_roles: bool,
) -> None:
    history = History()
    if has_roles:
        history.role("overlay", Role.FOLLOWER)
    history.opens("main").at(10).life("main", Life.FROZEN).at(20).opens("overlay").settles()
    verdict = judged(SingleRoom, history, app=True).verdict()
    assert verdict is (Verdict.VIOLATED if has_roles else Verdict.HELD)


def test_standing_still_alone_excuses_nobody() -> None:
    history = History().opens("main").at(10).life("main", Life.FROZEN).at(20).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_who_stood_still_only_after_the_change_of_owner_is_not_excused() -> None:
    history = History().owner("main").opens("main").owner("overlay", term=2)
    history.at(10).life("main", Life.FROZEN).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_who_ran_again_before_the_change_of_owner_is_not_excused() -> None:
    history = History().owner("main").opens("main").life("main", Life.STALLED)
    history.at(10).life("main", Life.UNSTALLED).at(20).owner("overlay", term=2).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_the_first_of_two_overlapping_stalls_does_not_end_the_excuse() -> None:
    history = (
        History().owner("main").opens("main").life("main", Life.STALLED).life("main", Life.STALLED)
    )
    history.at(10).life("main", Life.UNSTALLED).at(20).owner("overlay", term=2).opens("overlay")
    assert judged(SingleRoom, history).verdict() is Verdict.HELD


def frozen_owner_beside_a_new_one() -> History:
    history = History().owner("main").opens("main").at(10).life("main", Life.FROZEN)
    return history.at(4_000).owner("overlay", term=2).opens("overlay")


def test_the_first_turn_may_close_the_room_in_its_instant() -> None:
    history = (
        frozen_owner_beside_a_new_one()
        .at(5_000)
        .turn("main")
        .closes("main")
        .at(5_001)
        .turn("overlay")
        .settles()
    )
    assert judged(SingleRoom, history).verdict() is Verdict.HELD


def test_a_first_turn_that_keeps_the_room_is_told_at_that_turn() -> None:
    history = (
        frozen_owner_beside_a_new_one().at(5_000).turn("main").at(6_000).closes("main").settles()
    )
    check = judged(SingleRoom, history)
    assert check.violation is not None
    assert check.violation.at_us == 5_000_000
    assert check.violation.since_us == 4_000_000
    assert text(check, history) == "main and overlay both hold a Room (2.000 s)"


def test_the_end_of_the_run_is_the_end_of_the_instant() -> None:
    history = frozen_owner_beside_a_new_one().at(5_000).turn("main").settles()
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_a_room_that_heals_in_the_first_turn_is_no_fence() -> None:
    history = frozen_owner_beside_a_new_one().at(5_000).room("main", RoomState.HEALED).settles()
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_a_turn_of_another_window_excuses_nothing_and_ends_nothing() -> None:
    history = frozen_owner_beside_a_new_one().at(5_000).turn("overlay").settles()
    assert judged(SingleRoom, history).verdict() is Verdict.HELD


def test_a_planned_handoff_excuses_nobody() -> None:
    history = History().owner("overlay").opens("overlay").role("overlay", Role.HANDING_OVER)
    history.at(10).life("overlay", Life.STOPPED).at(2_000).owner("main", term=2).opens("main")
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_three_holders_are_told_together() -> None:
    history = History("main", "overlay", "tab").opens("main").opens("overlay").opens("tab")
    check = judged(SingleRoom, history)
    assert text(check, history) == "main and overlay both hold a Room"
    assert check.violations == 1


def test_an_overlap_lasts_until_a_holder_is_gone_or_the_run_ends() -> None:
    crashed = (
        History().opens("main").opens("overlay").at(70).life("overlay", Life.CRASHED).settles()
    )
    assert text(judged(SingleRoom, crashed), crashed) == "main and overlay both hold a Room (70 ms)"
    lasting = History().opens("main").opens("overlay").settles()
    assert (
        text(judged(SingleRoom, lasting), lasting) == "main and overlay both hold a Room (10.000 s)"
    )


def test_every_overlap_is_counted_and_the_first_is_kept() -> None:
    history = (
        History()
        .opens("main")
        .at(1)
        .opens("overlay")
        .at(2)
        .closes("overlay")
        .at(3)
        .opens("overlay")
        .settles()
    )
    check = judged(SingleRoom, history)
    assert check.violations == 2
    assert text(check, history) == "main and overlay both hold a Room (1 ms)"


def test_a_role_that_changes_shows_that_the_window_ran() -> None:
    history = frozen_owner_beside_a_new_one().at(5_000).role("main", Role.FOLLOWER).settles()
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_a_reopened_window_inherits_neither_rooms_nor_excuses() -> None:
    history = History().opens("main").life("main", Life.CRASHED).life("main", Life.OPENED)
    history.opens("main", epoch=2).closes("main", epoch=2).opens("overlay").settles()
    assert judged(SingleRoom, history).verdict() is Verdict.HELD
    history = (
        frozen_owner_beside_a_new_one()
        .life("main", Life.CRASHED)
        .life("main", Life.OPENED)
        .opens("main")
    )
    assert judged(SingleRoom, history).verdict() is Verdict.VIOLATED


def test_a_handoff_that_is_over_does_not_count_against_the_next_ownership() -> None:
    history = History().owner("main").role("main", Role.HANDING_OVER).role("main", Role.FOLLOWER)
    history.owner("main", term=3).opens("main").at(10).life("main", Life.STOPPED)
    assert (
        judged(SingleRoom, history.owner("overlay", term=4).opens("overlay").settles()).verdict()
        is Verdict.HELD
    )
