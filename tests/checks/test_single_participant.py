"""`single_participant`: the SFU never lists the user twice; when a ghost counts."""

from __future__ import annotations

import pytest

from oneroom.checks.single_participant import SingleParticipant
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Presence, Reason, Role, RoomState
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_while_the_old_session_leaves_first() -> None:
    history = (
        History()
        .joins("main")
        .leaves("main", reason=Reason.DUPLICATE_IDENTITY)
        .joins("overlay")
        .settles()
    )
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_is_vacuous_if_nobody_joined() -> None:
    assert judged(SingleParticipant, History().settles()).verdict() is Verdict.VACUOUS


def test_two_identities_of_one_user_are_two_participants() -> None:
    history = (
        History().joins("main", identity="ada-main").at(50).joins("overlay", identity="ada-overlay")
    )
    history.at(90).leaves("main").settles()
    check = judged(SingleParticipant, history)
    assert check.verdict() is Verdict.VIOLATED
    assert text(check, history) == "the SFU lists the user twice, for main and overlay (40 ms)"


def test_a_ghost_after_a_crash_does_not_count() -> None:
    history = (
        History()
        .owner("main")
        .joins("main")
        .session("main", Presence.GHOST)
        .at(1)
        .joins("overlay")
        .settles()
    )
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_ghost_after_a_planned_handoff_counts() -> None:
    history = (
        History()
        .owner("main")
        .joins("main")
        .role("main", Role.HANDING_OVER)
        .session("main", Presence.GHOST)
    )
    history.role("main", Role.FOLLOWER).at(1).joins("overlay").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.VIOLATED


def test_a_later_ownership_forgives_the_earlier_handoff() -> None:
    history = History().owner("main").role("main", Role.HANDING_OVER).role("main", Role.FOLLOWER)
    history.at(1).owner("main", term=3).joins("main").session("main", Presence.GHOST).at(2).joins(
        "overlay"
    ).settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_session_whose_goodbye_is_slower_than_its_sdk_does_not_count() -> None:
    history = (
        History()
        .owner("main")
        .joins("main")
        .closes("main")
        .room("main", RoomState.ENDED)
        .joins("main", "PA_2")
    )
    assert (
        judged(SingleParticipant, history.at(1).leaves("main").settles()).verdict() is Verdict.HELD
    )


def test_a_session_whose_room_is_not_closed_yet_counts_and_so_does_one_that_came_later() -> None:
    history = History().owner("main").joins("main").closes("main").joins("main", "PA_2").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.VIOLATED
    history = (
        History().owner("main").joins("main").closes("main").leaves("main").joins("main", "PA_2")
    )
    history.room("main", RoomState.ENDED).joins("overlay").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.VIOLATED


def test_a_room_that_the_user_had_left_before_the_handoff_does_not_count() -> None:
    history = History().owner("main").joins("main").closes("main").session("main", Presence.GHOST)
    history.room("main", RoomState.ENDED).at(1).role("main", Role.HANDING_OVER).role(
        "main", Role.FOLLOWER
    )
    assert (
        judged(SingleParticipant, history.at(2).joins("overlay").settles()).verdict()
        is Verdict.HELD
    )
    history = History().owner("main").joins("main").role("main", Role.HANDING_OVER).closes("main")
    history.session("main", Presence.GHOST).room("main", RoomState.ENDED).at(1).role(
        "main", Role.FOLLOWER
    )
    assert (
        judged(SingleParticipant, history.at(2).joins("overlay").settles()).verdict()
        is Verdict.VIOLATED
    )


def test_a_join_that_failed_before_the_handoff_does_not_count() -> None:
    history = History().owner("main").opens("main").joins("main").session("main", Presence.GHOST)
    history.room("main", RoomState.ENDED, reason=Reason.JOIN_FAILURE)
    history.at(1).role("main", Role.HANDING_OVER).role("main", Role.FOLLOWER).joins("overlay")
    assert judged(SingleParticipant, history.settles()).verdict() is Verdict.HELD


@pytest.mark.parametrize("broken", ["world", "main"])
def test_a_handoff_whose_goodbye_a_fault_swallows_may_leave_a_ghost(broken: str) -> None:
    history = History().owner("main").joins("main").fault(broken, "drop_network", on=True)
    history.role("main", Role.HANDING_OVER).closes("main").session("main", Presence.GHOST)
    history.room("main", RoomState.ENDED).role("main", Role.FOLLOWER)
    history.fault(broken, "drop_network", on=False).at(1).joins("overlay").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_ghost_that_is_resumed_counts_again() -> None:
    history = History().joins("main").session("main", Presence.GHOST).at(1).joins("overlay")
    history.at(2).session("main", Presence.RESUMED).settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.VIOLATED


def test_a_ghost_that_is_there_when_the_handoff_begins_counts() -> None:
    history = History().owner("main").joins("main").session("main", Presence.GHOST).joins("overlay")
    history.at(5).role("main", Role.HANDING_OVER).settles()
    check = judged(SingleParticipant, history)
    assert text(check, history) == "the SFU lists the user twice, for main and overlay (10.000 s)"


def test_a_ghost_of_a_window_that_never_owned_does_not_count() -> None:
    history = History().joins("main").session("main", Presence.GHOST).joins("overlay").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_room_that_ended_for_its_window_and_not_for_the_sfu_counts_after_a_second() -> None:
    history = History().owner("main").joins("main").in_room("main", "lobby").at(10).closes("main")
    history.room("main", RoomState.ENDED).joins("main", "PA_2").in_room("main", "stage", "PA_2")
    check = judged(SingleParticipant, history.at(5_000).turn("main").settles())
    assert check.violation is not None
    assert check.violation.since_us == 1_010_000
    assert text(check, history) == (
        "the SFU lists the user twice, for main in lobby and main in stage (13.990 s)"
    )


def _moves_beside_a_ghost() -> History:
    """`main` dies in the lobby, and the user moves to the stage with `overlay`."""
    history = History().owner("main").call("main").in_room("main", "lobby")
    history.session("main", Presence.GHOST).at(1_000).owner("overlay", term=2)
    return history.joins("overlay").in_room("overlay", "stage")


def test_a_ghost_in_the_old_room_is_excused_until_livekit_removes_it() -> None:
    history = _moves_beside_a_ghost().at(21_000).leaves("main").at(60_000).settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_ghost_in_the_old_room_that_livekit_should_have_removed_counts() -> None:
    history = _moves_beside_a_ghost().at(30_000).closes("overlay").leaves("main").settles()
    check = judged(SingleParticipant, history)
    assert text(check, history) == (
        "the SFU lists the user twice, for main in lobby and overlay in stage (8.000 s)"
    )


def test_a_ghost_that_never_answered_is_excused_for_longer() -> None:
    history = History().joins("main").session("main", Presence.GHOST).joins("overlay")
    history.at(60_000).closes("overlay").leaves("main").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_the_time_of_a_ghost_stands_still_with_its_server() -> None:
    history = _moves_beside_a_ghost().at(2_000).fault("world", "pause_server", on=True)
    history.fault("world", "lose_chat", on=True).fault("world", "lose_chat", on=False)
    history.at(30_000).turn("main").fault("world", "pause_server", on=False)
    history.at(49_000).closes("overlay").leaves("main").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_fault_of_a_window_gives_a_ghost_no_time() -> None:
    history = _moves_beside_a_ghost().at(2_000).fault("overlay", "freeze", on=True)
    history.at(30_000).fault("overlay", "freeze", on=False).leaves("main").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.VIOLATED


def test_the_rooms_are_told_of_the_session_that_joined_last() -> None:
    history = History().joins("main").in_room("main", "lobby")
    history.joins("overlay", identity="ada-2").in_room("overlay", "stage")
    check = judged(SingleParticipant, history)
    assert text(check, history) == (
        "the SFU lists the user twice, for main in lobby and overlay in stage"
    )


def test_every_time_is_counted() -> None:
    history = (
        History()
        .joins("main")
        .joins("overlay")
        .leaves("overlay")
        .joins("overlay")
        .joins("overlay", sid="PA_3")
    )
    assert judged(SingleParticipant, history).violations == 2


def _handed_over() -> History:
    """`overlay` joins when `main` has left, and both are in RoomService's list."""
    history = (
        History()
        .joins("main")
        .service("main")
        .at(100)
        .leaves("main")
        .joins("overlay", identity="ada-2")
    )
    return history.service("overlay")


def test_a_list_that_lags_behind_for_a_moment_is_none() -> None:
    history = _handed_over().at(500).service("main", listed=False).at(2_000).turn("main").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_list_that_goes_on_to_have_both_is_two_participants() -> None:
    history = _handed_over().at(700).service("main", listed=False).settles()
    check = judged(SingleParticipant, history)
    assert check.verdict() is Verdict.VIOLATED
    assert text(check, history) == "RoomService lists the user twice, for main and overlay"


def test_a_list_that_has_both_to_the_end_is_two_participants() -> None:
    assert judged(SingleParticipant, _handed_over().settles()).verdict() is Verdict.VIOLATED


def test_a_ghost_in_the_list_does_not_count() -> None:
    history = History().joins("main").service("main").session("main", Presence.GHOST)
    history.at(1).joins("overlay", identity="ada-2").service("overlay").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD


def test_a_session_whose_window_nobody_knows_is_not_the_users() -> None:
    history = History().joins("main").service("main").service("nobody", sid="PA_9").settles()
    assert judged(SingleParticipant, history).verdict() is Verdict.HELD
