"""`chat_once`: a chat message is there once."""

from __future__ import annotations

from oneroom.checks.chat_once import ChatOnce
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_for_what_everybody_sees_once() -> None:
    history = History().chats("main", "overlay").writes("main", 1).stores(1, "main", 1).stores(2)
    history.shows("main", 1, 2).shows("overlay", 1, 2)
    assert judged(ChatOnce, history).verdict() is Verdict.HELD


def test_is_vacuous_if_nobody_saw_anything() -> None:
    assert judged(ChatOnce, History().chats("main").stores(1)).verdict() is Verdict.VACUOUS


def test_a_message_that_is_shown_again() -> None:
    history = History().chats("main").stores(1).stores(2).shows("main", 1, 2, 1)
    assert text(judged(ChatOnce, history), history) == "main shows chat message 1 a second time"


def test_a_window_that_opens_again_begins_anew() -> None:
    history = History().chats("main").stores(1).shows("main", 1).life("main", Life.CRASHED)
    history.life("main", Life.OPENED).chats("main").shows("main", 1)
    assert judged(ChatOnce, history).verdict() is Verdict.HELD


def test_a_message_that_is_stored_again() -> None:
    history = History().chats("main").writes("main", 1).stores(1, "main", 1).stores(2, "main", 1)
    expected = "the chat server stores what main wrote a second time, as message 2"
    assert text(judged(ChatOnce, history), history) == expected


def test_a_message_that_is_stored_under_another_number() -> None:
    history = History().chats("main").writes("main", 1).stores(1, "main", 1).stores(2, "main", 2)
    assert judged(ChatOnce, history).verdict() is Verdict.VIOLATED


def test_what_others_write_has_no_number() -> None:
    history = History().chats("main").stores(1).stores(2).shows("main", 1, 2)
    assert judged(ChatOnce, history).verdict() is Verdict.HELD
