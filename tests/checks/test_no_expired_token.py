"""`no_expired_token`: an app that was told how long a token lives does not try it after that."""

from __future__ import annotations

from oneroom.checks.no_expired_token import NoExpiredToken
from oneroom.checks.verdict import Verdict
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_while_no_token_has_expired() -> None:
    assert judged(NoExpiredToken, History().opens("main")).verdict() is Verdict.HELD


def test_is_vacuous_without_a_room() -> None:
    assert judged(NoExpiredToken, History()).verdict() is Verdict.VACUOUS


def test_a_try_with_an_expired_token_is_told() -> None:
    history = History().opens("main").tries_expired_token("main")
    check = judged(NoExpiredToken, history)
    assert text(check, history) == "main opened a Room with a token that had expired"
