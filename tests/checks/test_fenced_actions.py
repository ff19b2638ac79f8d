"""`fenced_actions`: who was succeeded does nothing more as an owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oneroom.checks.fenced_actions import FencedActions
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import CommandVerb, Life, MessageKind, RoomState
from tests.checks.judged import judged, text
from tests.histories import History


def succeeded() -> History:
    return History().owner("main", term=7).at(4_000).owner("overlay", term=8).at(4_010)


def test_holds_while_only_the_new_owner_acts() -> None:
    history = succeeded().posts("overlay", MessageKind.HEARTBEAT, 8).opens("overlay", term=8)
    history.applies("overlay", CommandVerb.CONNECT, term=8)
    assert judged(FencedActions, history).verdict() is Verdict.HELD


def test_is_vacuous_while_nobody_was_succeeded() -> None:
    history = History().owner("main", term=7).posts("main", MessageKind.HEARTBEAT, 7)
    assert judged(FencedActions, history).verdict() is Verdict.VACUOUS


def test_an_election_without_terms_is_not_judged_by_numbers_of_the_trace() -> None:
    history = succeeded().posts("main", MessageKind.HEARTBEAT, 7).opens("main", term=7)
    assert judged(FencedActions, history, terms=False).verdict() is Verdict.VACUOUS


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda h: h.opens("main", term=7), "opened a Room"),
        (lambda h: h.applies("main", CommandVerb.CONNECT, term=7), "applied a command"),
        (lambda h: h.posts("main", MessageKind.HEARTBEAT, 7), "posted a heartbeat"),
        (lambda h: h.posts("main", MessageKind.SNAPSHOT, 7), "posted a snapshot"),
    ],
    ids=["room", "command", "heartbeat", "snapshot"],
)
def test_a_deposed_owner_acts(act: Callable[[History], History], told: str) -> None:
    history = act(succeeded())
    check = judged(FencedActions, history)
    assert check.verdict() is Verdict.VIOLATED
    assert text(check, history) == f"main {told} under term 7 after overlay became owner of term 8"


def test_the_first_turn_after_a_gap_excuses_no_message() -> None:
    history = (
        History().owner("main", term=7).life("main", Life.FROZEN).at(4_000).owner("overlay", term=8)
    )
    history.at(5_000).turn("main").posts("main", MessageKind.HEARTBEAT, 7).closes("main")
    assert judged(FencedActions, history).verdict() is Verdict.VIOLATED


@pytest.mark.parametrize(
    "kind", [MessageKind.COMMAND, MessageKind.PROBE, MessageKind.YIELD, MessageKind.RESIGN]
)
def test_asking_under_an_old_term_is_no_act_of_an_owner(kind: MessageKind) -> None:
    assert judged(FencedActions, succeeded().posts("main", kind, 7)).verdict() is Verdict.HELD


def test_closing_under_an_old_term_is_what_it_should_do() -> None:
    history = (
        succeeded().room("main", RoomState.CLOSING, term=7).room("main", RoomState.ENDED, term=7)
    )
    assert judged(FencedActions, history).verdict() is Verdict.HELD


def test_a_late_owner_of_a_lower_term_does_not_lower_the_fence() -> None:
    history = succeeded().owner("main", term=7).posts("main", MessageKind.HEARTBEAT, 7)
    assert judged(FencedActions, history).verdict() is Verdict.VIOLATED


def test_two_owners_of_one_term_are_another_checks_business() -> None:
    history = History().owner("main", term=1).owner("overlay", term=1).opens("main", term=1)
    assert judged(FencedActions, history).verdict() is Verdict.VACUOUS
