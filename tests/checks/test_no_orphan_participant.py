"""`no_orphan_participant`: in the end nobody is in the call without a window behind it."""

from __future__ import annotations

import pytest

from oneroom.checks.no_orphan_participant import NoOrphanParticipant
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Presence
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_for_a_session_with_its_room() -> None:
    assert judged(NoOrphanParticipant, History().call("main").settles()).verdict() is Verdict.HELD


def test_is_vacuous_if_nobody_joined() -> None:
    assert judged(NoOrphanParticipant, History().settles()).verdict() is Verdict.VACUOUS


def test_is_inconclusive_while_faults_are_on() -> None:
    history = History().call("main").closes("main").settles(faults=1)
    assert judged(NoOrphanParticipant, history).verdict() is Verdict.INCONCLUSIVE


def test_a_session_without_a_room() -> None:
    history = History().call("main").closes("main").settles()
    check = judged(NoOrphanParticipant, history)
    assert (
        text(check, history)
        == "after healing the SFU still lists a session of main, which holds no Room for it"
    )


@pytest.mark.parametrize("end", [Life.CLOSED, Life.CRASHED])
def test_a_window_that_is_gone_holds_no_room(end: Life) -> None:
    history = History().call("main").life("main", end).settles()
    assert judged(NoOrphanParticipant, history).verdict() is Verdict.VIOLATED


def test_a_ghost_is_an_orphan() -> None:
    history = History().call("main").session("main", Presence.GHOST).settles()
    check = judged(NoOrphanParticipant, history)
    assert (
        text(check, history)
        == "after healing the SFU still lists a ghost of main, which holds no Room for it"
    )


def test_a_session_belongs_to_the_window_that_resumed_it() -> None:
    history = (
        History()
        .joins("main", sid="PA_1")
        .opens("overlay")
        .session("overlay", Presence.RESUMED, sid="PA_1")
    )
    assert judged(NoOrphanParticipant, history.settles()).verdict() is Verdict.HELD


def test_hiding_the_window_ends_no_room() -> None:
    history = History().call("main").life("main", Life.HIDDEN).settles()
    assert judged(NoOrphanParticipant, history).verdict() is Verdict.HELD


def test_a_session_that_has_left_and_stays_in_the_list_is_an_orphan() -> None:
    history = History().call("main").service("main").at(50).closes("main").leaves("main").settles()
    check = judged(NoOrphanParticipant, history)
    assert (
        text(check, history)
        == "after healing RoomService still lists a session of main, which holds no Room for it"
    )


def test_a_session_that_has_left_the_list_is_none() -> None:
    history = History().call("main").service("main").at(50).closes("main").leaves("main")
    assert (
        judged(NoOrphanParticipant, history.service("main", listed=False).settles()).verdict()
        is Verdict.HELD
    )
