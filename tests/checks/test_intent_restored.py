"""`intent_restored`: in the end the user is where the user wanted to be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oneroom.checks.intent_restored import IntentRestored
from oneroom.checks.removals import REMOVALS
from oneroom.checks.verdict import Verdict
from oneroom.core.reasons import FINAL
from oneroom.trace.records import (
    CommandOutcome,
    CommandVerb,
    Life,
    Presence,
    Reason,
    Role,
    RoomState,
    Source,
    TrackState,
)
from tests.checks.judged import judged, text
from tests.histories import History


def connected(muted: bool = False) -> History:
    return (
        History()
        .owner("main")
        .applies("main", CommandVerb.CONNECT)
        .call("main", muted=muted)
        .at(1_000)
    )


def told(history: History) -> str:
    history.settles()
    return text(judged(IntentRestored, history), history)


def test_holds_in_the_call() -> None:
    assert judged(IntentRestored, connected().settles()).verdict() is Verdict.HELD


def test_holds_after_a_failover() -> None:
    history = connected().life("main", Life.CRASHED).session("main", Presence.GHOST)
    history.at(4_000).owner("overlay", term=2).leaves(
        "main", reason=Reason.DUPLICATE_IDENTITY
    ).call("overlay", term=2)
    assert judged(IntentRestored, history.settles()).verdict() is Verdict.HELD


def test_is_inconclusive_while_faults_are_on() -> None:
    assert judged(IntentRestored, connected().settles(faults=1)).verdict() is Verdict.INCONCLUSIVE


def test_is_vacuous_if_nothing_was_ever_connected() -> None:
    history = History().owner("main").applies("main", CommandVerb.DISCONNECT).settles()
    assert judged(IntentRestored, history).verdict() is Verdict.VACUOUS


def test_nobody_owns_the_wanted_call() -> None:
    history = connected().life("main", Life.CRASHED).leaves("main")
    assert told(history) == "after healing the user wants a call and no window is owner"


def test_the_owner_has_no_room() -> None:
    history = connected().room("main", RoomState.RECONNECTING)
    assert told(history) == "after healing the user wants a call and main has no connected Room"


@pytest.mark.parametrize("end", [Presence.GHOST, Presence.LEFT])
def test_the_sfu_knows_better(end: Presence) -> None:
    history = connected().session("main", end)
    assert (
        told(history)
        == "after healing the user wants a call and the SFU lists no active session of main"
    )


def test_a_session_without_media_is_not_in_the_call() -> None:
    history = (
        History()
        .owner("main")
        .applies("main", CommandVerb.CONNECT)
        .opens("main")
        .room("main", RoomState.CONNECTED)
    )
    assert "no active session" in told(history.joins("main"))


def test_the_microphone_is_missing() -> None:
    history = connected().microphone("main", TrackState.UNPUBLISHED)
    assert told(history) == "after healing the microphone of main is not published"


def test_the_microphone_is_excused_without_permission() -> None:
    history = connected().microphone("main", TrackState.UNPUBLISHED).settles()
    assert judged(IntentRestored, history, microphone=False).verdict() is Verdict.HELD


def test_the_mute_is_the_last_one_applied() -> None:
    muted = connected().applies("main", CommandVerb.TOGGLE_MUTE, True)
    assert told(muted) == "after healing main is not muted although the user is"
    deaf = connected(muted=True)
    assert told(deaf) == "after healing main is muted although the user is not"
    right = connected(muted=True).applies("main", CommandVerb.TOGGLE_MUTE, True).settles()
    assert judged(IntentRestored, right).verdict() is Verdict.HELD


def left() -> History:
    return connected().applies("main", CommandVerb.DISCONNECT, number=2).closes("main")


def test_holds_after_leaving_with_or_without_a_ghost() -> None:
    assert judged(IntentRestored, left().leaves("main").settles()).verdict() is Verdict.HELD
    assert (
        judged(IntentRestored, left().session("main", Presence.GHOST).settles()).verdict()
        is Verdict.HELD
    )


def test_somebody_is_still_in_the_call_that_the_user_left() -> None:
    assert told(left()) == "after healing main is in the call that the user left"
    assert (
        told(left().leaves("main").opens("overlay"))
        == "after healing overlay is in the call that the user left"
    )


@pytest.mark.parametrize("reason", sorted(FINAL))
def test_is_vacuous_after_somebody_removed_the_user(reason: Reason) -> None:
    history = connected().leaves("main", reason=reason).room("main", RoomState.ENDED).settles()
    assert judged(IntentRestored, history).verdict() is Verdict.VACUOUS


def test_a_removal_by_the_app_is_a_lost_call() -> None:
    def removed(by_app: bool) -> History:
        history = connected().asks_removal("main", by_app=by_app)
        history.leaves("main", reason=Reason.PARTICIPANT_REMOVED)
        return history.room("main", RoomState.ENDED, reason=Reason.PARTICIPANT_REMOVED)

    assert "no connected Room" in told(removed(by_app=True))
    assert judged(IntentRestored, removed(by_app=False).settles()).verdict() is Verdict.VACUOUS


def test_a_connect_after_the_removal_counts_again() -> None:
    history = (
        connected().leaves("main", reason=Reason.PARTICIPANT_REMOVED).room("main", RoomState.ENDED)
    )
    history.applies("main", CommandVerb.CONNECT, number=2)
    assert "no connected Room" in told(history)


def test_removals_are_the_reasons_after_which_core_stays_out() -> None:
    assert set(REMOVALS) == set(FINAL)


def test_is_vacuous_without_windows_or_without_the_main_window_that_may_own() -> None:
    closed = connected().life("main", Life.CLOSED)
    assert judged(IntentRestored, closed.settles(), may_own="main").verdict() is Verdict.VACUOUS
    closed = connected().life("main", Life.CLOSED).life("overlay", Life.CLOSED)
    assert judged(IntentRestored, closed.settles()).verdict() is Verdict.VACUOUS


def test_where_no_window_is_ever_owner_any_will_do() -> None:
    history = History().applies("overlay", CommandVerb.CONNECT).call("overlay").settles()
    assert judged(IntentRestored, history).verdict() is Verdict.HELD


def test_one_of_several_owners_is_enough() -> None:
    history = (
        History()
        .owner("main")
        .owner("overlay")
        .applies("overlay", CommandVerb.CONNECT)
        .call("overlay")
        .settles()
    )
    assert judged(IntentRestored, history).verdict() is Verdict.HELD


def test_a_candidate_in_the_call_is_no_owner() -> None:
    history = connected().role("main", Role.CANDIDATE)
    assert told(history) == "after healing the user wants a call and no window is owner"


def test_other_switches_are_no_mute() -> None:
    history = connected().applies("main", CommandVerb.TOGGLE_CAMERA, True)
    history.track("main", CAMERA, TrackState.PUBLISHED).settles()
    assert judged(IntentRestored, history).verdict() is Verdict.HELD


def test_a_dead_window_is_not_in_the_call_that_the_user_left() -> None:
    history = (
        connected()
        .applies("main", CommandVerb.DISCONNECT, number=2)
        .leaves("main")
        .life("main", Life.CRASHED)
    )
    assert judged(IntentRestored, history.settles()).verdict() is Verdict.HELD


def test_a_connect_that_crossed_its_removal_on_the_way_is_not_owed() -> None:
    history = (
        connected()
        .leaves("main", reason=Reason.ROOM_DELETED)
        .applies("main", CommandVerb.CONNECT, number=2)
    )
    crossed = history.room("main", RoomState.ENDED, reason=Reason.ROOM_DELETED).settles()
    assert judged(IntentRestored, crossed).verdict() is Verdict.VACUOUS
    again = connected().leaves("main", reason=Reason.ROOM_DELETED)
    again.room("main", RoomState.ENDED, reason=Reason.ROOM_DELETED).applies(
        "main", CommandVerb.CONNECT, number=2
    )
    assert told(again) == "after healing the user wants a call and main has no connected Room"


def test_who_refuses_the_prompt_has_no_microphone() -> None:
    def silent() -> History:
        history = (
            History()
            .owner("main")
            .applies("main", CommandVerb.CONNECT)
            .room("main", RoomState.OPENING)
        )
        return (
            history.room("main", RoomState.CONNECTED).joins("main").session("main", Presence.ACTIVE)
        )

    assert told(silent()) == "after healing the microphone of main is not published"
    refused = silent().prompts("main").prompts("main", up=False)
    assert judged(IntentRestored, refused.settles()).verdict() is Verdict.HELD
    granted = silent().prompts("main").prompts("main", up=False).captures("main")
    assert told(granted) == "after healing the microphone of main is not published"
    died = silent().prompts("overlay").life("overlay", Life.CRASHED).prompts("overlay", up=False)
    assert told(died) == "after healing the microphone of main is not published"


def clicked() -> History:
    """The user asked for a call in the overlay, and no window applied it."""
    history = History().life("main", Life.OPENED).life("overlay", Life.OPENED)
    return history.issues("overlay", 1, CommandVerb.CONNECT)


NOTHING = "the user asked for a call in overlay, and after healing no window has a connected Room"


@pytest.mark.parametrize(
    "answered", [CommandOutcome.APPLIED, CommandOutcome.EXPIRED, CommandOutcome.REFUSED, None]
)
def test_a_click_that_leads_to_nothing(answered: CommandOutcome | None) -> None:
    history = clicked()
    assert (
        told(history if answered is None else history.resolves("overlay", 1, answered)) == NOTHING
    )


def test_a_click_that_leads_to_nothing_after_an_earlier_call() -> None:
    history = connected().closes("main").leaves("main").applies("main", CommandVerb.DISCONNECT)
    history.life("overlay", Life.OPENED).issues("overlay", 2, CommandVerb.CONNECT)
    assert told(history) == NOTHING


@pytest.mark.parametrize(
    "then",
    [
        lambda h: h.issues("main", 1, CommandVerb.DISCONNECT),
        lambda h: h.life("overlay", Life.CRASHED),
        lambda h: h.call("main"),
        lambda h: h.leaves("main", reason=Reason.PARTICIPANT_REMOVED),
    ],
    ids=["left", "crashed", "in a call", "removed"],
)
def test_a_click_of_which_nothing_is_left(then: Callable[[History], History]) -> None:
    check = judged(IntentRestored, then(clicked()).settles())
    assert check.verdict() is not Verdict.VIOLATED


def test_a_refused_click_where_only_a_main_window_may_own() -> None:
    history = clicked().life("main", Life.CLOSED).resolves("overlay", 1, CommandOutcome.REFUSED)
    history.life("main", Life.OPENED).settles()
    assert judged(IntentRestored, history, may_own="main").verdict() is Verdict.VACUOUS
    with_main = clicked().resolves("overlay", 1, CommandOutcome.REFUSED).settles()
    assert judged(IntentRestored, with_main, may_own="main").verdict() is Verdict.VIOLATED


CAMERA, SCREEN = Source.CAMERA, Source.SCREEN_SHARE


def filming() -> History:
    """A call with the camera on."""
    history = connected().applies("main", CommandVerb.TOGGLE_CAMERA, True, number=2)
    return history.track("main", CAMERA, TrackState.PUBLISHED)


def test_a_camera_that_is_on_is_published() -> None:
    assert judged(IntentRestored, filming().settles()).verdict() is Verdict.HELD
    lost = "after healing the camera of main is not published although the user has it on"
    for state in (TrackState.UNPUBLISHED, TrackState.MUTED):
        assert told(filming().track("main", CAMERA, state)) == lost


def test_a_camera_that_is_off_is_not_published() -> None:
    off = filming().applies("main", CommandVerb.TOGGLE_CAMERA, False, number=3)
    assert told(off) == "after healing the camera of main is published although the user has it off"
    left = filming().applies("main", CommandVerb.DISCONNECT, number=3)
    left.applies("main", CommandVerb.CONNECT, number=4)
    assert "has it off" in told(left)


def test_a_camera_that_the_user_refused_is_not_missed() -> None:
    asked = connected().applies("main", CommandVerb.TOGGLE_CAMERA, True, number=2)
    asked.prompts("main", True, CAMERA).prompts("main", False, CAMERA)
    assert judged(IntentRestored, asked.settles()).verdict() is Verdict.HELD


def test_a_captured_screen_is_published() -> None:
    shares = connected().captures("main", source=SCREEN)
    assert told(shares) == "after healing main captures the screen and does not publish it"
    shares = connected().captures("main", source=SCREEN).track("main", SCREEN, TrackState.PUBLISHED)
    assert judged(IntentRestored, shares.settles()).verdict() is Verdict.HELD


def test_what_others_mute_is_muted_for_good() -> None:
    muted = connected().microphone("main", TrackState.MUTED).muted_by_others("main")
    assert judged(IntentRestored, muted.settles()).verdict() is Verdict.HELD
    heard = connected().muted_by_others("main")
    assert told(heard) == "after healing main is not muted although the user is"
    filmed = filming().muted_by_others("main", CAMERA)
    assert "has it off" in told(filmed)


@pytest.mark.parametrize("late", [True, False])
def test_a_mute_that_a_window_is_told_of_too_late_may_hold_or_not(late: bool) -> None:
    def told_of_a_mute(state: TrackState) -> History:
        history = connected().role("overlay", Role.OWNER, term=2) if late else connected()
        history.muted_by_others("main")
        if late:
            history.role("overlay", Role.FOLLOWER, term=2).role("main", Role.OWNER, term=3)
        return history.microphone("main", state)

    muted = judged(IntentRestored, told_of_a_mute(TrackState.MUTED).settles())
    assert muted.verdict() is Verdict.HELD
    heard = judged(IntentRestored, told_of_a_mute(TrackState.UNMUTED).settles())
    assert heard.verdict() is (Verdict.HELD if late else Verdict.VIOLATED)


def test_who_was_sent_out_comes_back_with_a_camera_or_without() -> None:
    def back() -> History:
        history = filming().leaves("main", reason=Reason.PARTICIPANT_REMOVED)
        history.room("main", RoomState.ENDED).applies("main", CommandVerb.CONNECT, number=3)
        return history.call("main", sid="PA_2")

    def filmed(history: History) -> History:
        return history.track("main", CAMERA, TrackState.PUBLISHED, sid="PA_2")

    def off(history: History) -> History:
        return history.applies("main", CommandVerb.TOGGLE_CAMERA, False, number=4)

    assert judged(IntentRestored, back().settles()).verdict() is Verdict.HELD
    assert judged(IntentRestored, filmed(back()).settles()).verdict() is Verdict.HELD
    assert judged(IntentRestored, off(back()).settles()).verdict() is Verdict.HELD
    assert "has it off" in told(off(filmed(back())))


def test_what_may_not_be_published_is_not_missed_until_it_may() -> None:
    revoked = filming().microphone("main", TrackState.UNPUBLISHED)
    revoked.track("main", CAMERA, TrackState.UNPUBLISHED).permitted("main")
    revoked.applies("main", CommandVerb.TOGGLE_CAMERA, True, number=3)
    assert judged(IntentRestored, revoked.settles()).verdict() is Verdict.HELD
    permitted = filming().microphone("main", TrackState.UNPUBLISHED).permitted("main", CAMERA)
    permitted.permitted("main", *Source)
    assert told(permitted) == "after healing the microphone of main is not published"


def test_an_open_microphone_is_the_default_one() -> None:
    headset = connected().uses("main", "microphone").default_microphone("headset")
    assert told(headset) == "after healing main captures another microphone than the default one"
    follows = connected().uses("main", "microphone").default_microphone("headset")
    follows.uses("main", "headset").settles()
    assert judged(IntentRestored, follows).verdict() is Verdict.HELD


def test_the_call_is_in_the_channel_that_the_user_asked_for() -> None:
    def moved(room: str) -> History:
        history = connected().acts("main", "connect", "stage")
        history.then().issues("main", 2, CommandVerb.CONNECT)
        history.applies("main", CommandVerb.CONNECT, number=2).leaves("main")
        history.call("main", sid="PA_2").in_room("main", room, sid="PA_2")
        return history

    elsewhere = "after healing main is in another channel than the one that the user asked for"
    assert told(moved("lobby")) == elsewhere
    assert judged(IntentRestored, moved("stage").settles()).verdict() is Verdict.HELD
