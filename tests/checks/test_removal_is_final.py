"""`removal_is_final`: whom somebody sent out stays out."""

from __future__ import annotations

import pytest

from oneroom.checks.removal_is_final import RemovalIsFinal
from oneroom.checks.verdict import Verdict
from oneroom.core.reasons import FINAL
from oneroom.trace.records import CommandVerb, Reason, RoomState
from tests.checks.judged import judged, text
from tests.histories import History


def removed(reason: Reason = Reason.PARTICIPANT_REMOVED) -> History:
    """A call of main that somebody has ended."""
    return (
        History().owner("main").opens("main").at(100).room("main", RoomState.ENDED, reason=reason)
    )


def test_holds_if_nobody_comes_back() -> None:
    assert judged(RemovalIsFinal, removed().settles()).verdict() is Verdict.HELD


def test_is_vacuous_if_nobody_was_removed() -> None:
    evicted = removed(Reason.DUPLICATE_IDENTITY).opens("main", epoch=2)
    assert judged(RemovalIsFinal, evicted).verdict() is Verdict.VACUOUS


@pytest.mark.parametrize("window", ["main", "overlay"])
def test_no_window_may_bring_the_user_back(window: str) -> None:
    history = removed().at(200).opens(window, epoch=2)
    check = judged(RemovalIsFinal, history)
    assert (
        text(check, history)
        == f"{window} opened a Room after main was told that the user was removed"
    )
    assert check.violation is not None
    assert check.violation.since_us == 100_000


def test_a_removal_by_the_app_is_nobodys_decision() -> None:
    def told(by_app: bool) -> History:
        history = History().owner("main").opens("main").asks_removal("main", by_app=by_app)
        history.leaves("main", reason=Reason.PARTICIPANT_REMOVED)
        return history.room("main", RoomState.ENDED, reason=Reason.PARTICIPANT_REMOVED)

    assert judged(RemovalIsFinal, told(True).opens("main", epoch=2)).verdict() is Verdict.VACUOUS
    assert judged(RemovalIsFinal, told(False).opens("main", epoch=2)).verdict() is Verdict.VIOLATED
    again = told(True).opens("main", epoch=2).asks_removal("main", by_app=False)
    again.leaves("main", reason=Reason.PARTICIPANT_REMOVED)
    again.room("main", RoomState.ENDED, epoch=2, reason=Reason.PARTICIPANT_REMOVED)
    assert judged(RemovalIsFinal, again.opens("main", epoch=3)).verdict() is Verdict.VIOLATED


def test_the_user_may_come_back() -> None:
    history = removed().applies("main", CommandVerb.CONNECT).opens("main", epoch=2)
    assert judged(RemovalIsFinal, history).verdict() is Verdict.HELD
    history = removed().applies("main", CommandVerb.TOGGLE_MUTE, True).opens("main", epoch=2)
    assert judged(RemovalIsFinal, history).verdict() is Verdict.VIOLATED


def test_a_room_that_was_being_closed_says_nothing_of_the_next_one() -> None:
    history = History().owner("main").opens("main").closes("main")
    history.room("main", RoomState.ENDED, reason=Reason.PARTICIPANT_REMOVED).opens("overlay")
    assert judged(RemovalIsFinal, history).verdict() is Verdict.VACUOUS


def test_late_news_of_an_old_session_says_nothing_of_a_call_joined_in_another_window() -> None:
    history = (
        History().owner("main").opens("main").leaves("main", reason=Reason.PARTICIPANT_REMOVED)
    )
    history.opens("overlay").room("main", RoomState.ENDED, reason=Reason.PARTICIPANT_REMOVED).opens(
        "main", epoch=2
    )
    assert judged(RemovalIsFinal, history).verdict() is Verdict.VACUOUS
    history = (
        History().owner("main").opens("main").leaves("main", reason=Reason.PARTICIPANT_REMOVED)
    )
    history.room("main", RoomState.ENDED, reason=Reason.PARTICIPANT_REMOVED).opens("overlay")
    assert judged(RemovalIsFinal, history).verdict() is Verdict.VIOLATED


def test_late_news_of_an_old_session_says_nothing_of_a_call_asked_for_since() -> None:
    history = (
        History().owner("main").opens("main").leaves("main", reason=Reason.PARTICIPANT_REMOVED)
    )
    history.applies("overlay", CommandVerb.CONNECT).room(
        "main", RoomState.ENDED, reason=Reason.PARTICIPANT_REMOVED
    )
    assert judged(RemovalIsFinal, history.opens("main", epoch=2)).verdict() is Verdict.VACUOUS


@pytest.mark.parametrize("reason", sorted(FINAL))
def test_every_final_reason_counts(reason: Reason) -> None:
    assert (
        judged(RemovalIsFinal, removed(reason).opens("main", epoch=2)).verdict() is Verdict.VIOLATED
    )
