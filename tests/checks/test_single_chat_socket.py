"""`single_chat_socket`: a window has one chat socket."""

from __future__ import annotations

import pytest

from oneroom.checks.single_chat_socket import SingleChatSocket
from oneroom.checks.verdict import Verdict
from oneroom.trace.chat_records import ChatSocketState
from oneroom.trace.records import Life
from tests.checks.judged import judged, text
from tests.histories import History

OPENING, OPEN = ChatSocketState.OPENING, ChatSocketState.OPEN


@pytest.mark.parametrize("end", [ChatSocketState.CLOSING, ChatSocketState.CLOSED])
def test_holds_for_one_after_the_other(end: ChatSocketState) -> None:
    history = (
        History().chats("main", "overlay").chat_socket("main", end).chat_socket("main", OPENING, 2)
    )
    assert judged(SingleChatSocket, history.chat_socket("main", OPEN, 2)).verdict() is Verdict.HELD


def test_the_late_end_of_an_older_socket_changes_nothing() -> None:
    history = (
        History()
        .chats("main")
        .chat_socket("main", ChatSocketState.CLOSING)
        .chat_socket("main", OPENING, 2)
    )
    history.chat_socket("main", ChatSocketState.CLOSED).chat_socket("main", OPEN, 2)
    assert judged(SingleChatSocket, history).verdict() is Verdict.HELD


def test_two_at_once() -> None:
    history = History().chats("main").chat_socket("main", OPENING, 2)
    check = judged(SingleChatSocket, history)
    assert text(check, history) == "main holds 2 chat sockets"


def test_a_runtime_takes_its_sockets_along() -> None:
    history = (
        History().chats("main").life("main", Life.CRASHED).life("main", Life.OPENED).chats("main")
    )
    assert judged(SingleChatSocket, history).verdict() is Verdict.HELD


def test_a_page_that_comes_back_out_of_the_cache_has_its_sockets_still() -> None:
    history = History().chats("main").life("main", Life.CACHED).life("main", Life.RESTORED)
    check = judged(SingleChatSocket, history.chat_socket("main", OPENING, 2))
    assert text(check, history) == "main holds 2 chat sockets"


def test_is_vacuous_without_a_chat() -> None:
    assert judged(SingleChatSocket, History()).verdict() is Verdict.VACUOUS
