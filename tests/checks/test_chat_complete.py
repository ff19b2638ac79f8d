"""`chat_complete`: in the end nothing that was said is missing."""

from __future__ import annotations

import pytest

from oneroom.checks.chat_complete import ChatComplete
from oneroom.checks.verdict import Verdict
from oneroom.trace.chat_records import ChatSocketState
from oneroom.trace.records import Life
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_when_everybody_shows_everything() -> None:
    history = History().chats("main", "overlay").writes("main", 1).stores(1, "main", 1).stores(2)
    history.shows("main", 1, 2).confirms("main", 1, 1).shows("overlay", 1, 2).settles()
    assert judged(ChatComplete, history).verdict() is Verdict.HELD


def test_is_vacuous_where_nothing_was_said() -> None:
    assert judged(ChatComplete, History().chats("main").settles()).verdict() is Verdict.VACUOUS


def test_a_run_without_a_chat_is_vacuous() -> None:
    assert judged(ChatComplete, History().settles()).verdict() is Verdict.VACUOUS


def test_is_inconclusive_while_faults_are_on() -> None:
    history = History().chats("main").stores(1).settles(faults=1)
    assert judged(ChatComplete, history).verdict() is Verdict.INCONCLUSIVE


def test_a_message_that_one_window_does_not_show() -> None:
    history = History().chats("main", "overlay").at(1_500).stores(1).shows("main", 1).settles()
    expected = "after healing overlay does not show chat message 1 (stored at 1.500 s)"
    assert text(judged(ChatComplete, history), history) == expected


def test_what_was_stored_before_the_first_socket_was_open_is_history() -> None:
    history = (
        History()
        .chats("main")
        .chat_socket("overlay", ChatSocketState.OPENING)
        .stores(1)
        .shows("main", 1)
    )
    history.chat_socket("overlay", ChatSocketState.OPEN).settles()
    assert judged(ChatComplete, history).verdict() is Verdict.HELD
    history = History().chats("main", "overlay").chat_socket("overlay", ChatSocketState.CLOSED)
    history.stores(1).shows("main", 1)
    assert judged(ChatComplete, history.settles()).verdict() is Verdict.VIOLATED, (
        "later gaps are filled"
    )


def test_a_message_that_was_never_stored() -> None:
    history = History().chats("main").at(1_500).writes("main", 1).settles()
    expected = "message 1 that the user wrote in main at 1.500 s was never shown as sent"
    assert text(judged(ChatComplete, history), history) == expected


def test_what_was_said_before_a_window_opened_is_not_asked_of_it() -> None:
    history = (
        History("main")
        .stores(1)
        .life("overlay", Life.OPENED)
        .chats("overlay")
        .stores(2)
        .shows("overlay", 2)
    )
    assert judged(ChatComplete, history.settles()).verdict() is Verdict.HELD


@pytest.mark.parametrize("end", [Life.CLOSED, Life.CRASHED, Life.FROZEN])
def test_nothing_is_asked_of_a_window_that_does_not_run(end: Life) -> None:
    history = (
        History()
        .chats("main", "overlay")
        .writes("main", 1)
        .stores(1)
        .shows("overlay", 1)
        .life("main", end)
    )
    assert judged(ChatComplete, history.settles()).verdict() is Verdict.HELD
