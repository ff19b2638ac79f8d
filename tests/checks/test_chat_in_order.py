"""`chat_in_order`: a chat reads as it was said."""

from __future__ import annotations

from oneroom.checks.chat_in_order import ChatInOrder
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_for_each_channel_and_window_alone() -> None:
    history = (
        History().chats("main", "overlay").shows("main", 4, 5).shows("main", 1, 2, channel="dm")
    )
    assert judged(ChatInOrder, history.shows("overlay", 1, 2)).verdict() is Verdict.HELD


def test_is_vacuous_where_one_message_has_no_order() -> None:
    assert (
        judged(ChatInOrder, History().chats("main").shows("main", 4)).verdict() is Verdict.VACUOUS
    )


def test_an_older_message_below_a_newer_one() -> None:
    history = History().chats("main").shows("main", 21, 23, 22)
    check = judged(ChatInOrder, history)
    assert text(check, history) == "main shows the 22nd message of general below the 23rd"


def test_a_window_that_opens_again_begins_anew() -> None:
    history = (
        History()
        .chats("main")
        .shows("main", 5, 6)
        .life("main", Life.CRASHED)
        .life("main", Life.OPENED)
    )
    assert judged(ChatInOrder, history.shows("main", 1, 2)).verdict() is Verdict.HELD
