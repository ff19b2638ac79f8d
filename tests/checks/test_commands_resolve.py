"""`commands_resolve`: every click gets an answer."""

from __future__ import annotations

import pytest

from oneroom.checks.commands_resolve import CommandsResolve
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import CommandOutcome, CommandVerb, Life
from tests.checks.judged import judged, text
from tests.histories import History


@pytest.mark.parametrize("outcome", list(CommandOutcome))
def test_holds_whatever_the_answer(outcome: CommandOutcome) -> None:
    history = (
        History()
        .issues("overlay", 1, CommandVerb.CONNECT)
        .resolves("overlay", 1, outcome)
        .settles()
    )
    assert judged(CommandsResolve, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_command() -> None:
    assert judged(CommandsResolve, History().settles()).verdict() is Verdict.VACUOUS


def test_is_inconclusive_while_faults_are_on() -> None:
    history = History().issues("overlay", 1, CommandVerb.CONNECT).settles(faults=1)
    assert judged(CommandsResolve, history).verdict() is Verdict.INCONCLUSIVE


def test_a_click_without_an_answer() -> None:
    history = (
        History()
        .at(1_500)
        .issues("overlay", 1, CommandVerb.CONNECT)
        .issues("overlay", 2, CommandVerb.TOGGLE_MUTE)
    )
    history.issues("main", 1, CommandVerb.DISCONNECT).resolves("main", 1).resolves(
        "overlay", 2
    ).settles()
    check = judged(CommandsResolve, history)
    assert (
        text(check, history)
        == "command 1 of overlay (connect, issued at 1.500 s) was never answered"
    )


@pytest.mark.parametrize("end", [Life.CLOSED, Life.CRASHED])
def test_nobody_is_left_to_be_told(end: Life) -> None:
    history = History().issues("overlay", 1, CommandVerb.CONNECT).life("overlay", end)
    history.life("overlay", Life.OPENED).settles()
    assert judged(CommandsResolve, history).verdict() is Verdict.HELD


def test_hiding_the_window_answers_nothing() -> None:
    history = (
        History().issues("overlay", 1, CommandVerb.CONNECT).life("overlay", Life.HIDDEN).settles()
    )
    assert judged(CommandsResolve, history).verdict() is Verdict.VIOLATED


def test_an_answer_that_is_not_true() -> None:
    history = (
        History()
        .at(1_500)
        .issues("overlay", 1, CommandVerb.TOGGLE_MUTE, True)
        .issues("overlay", 2, CommandVerb.CONNECT)
    )
    history.applies("main", CommandVerb.CONNECT, issuer="overlay", number=2).resolves(
        "overlay", 1
    ).resolves("overlay", 2)
    check = judged(CommandsResolve, history.settles())
    told = (
        "command 1 of overlay (toggleMute, issued at 1.500 s) was said to be applied, and never was"
    )
    assert (text(check, history), check.violations) == (told, 1)


@pytest.mark.parametrize("outcome", [CommandOutcome.EXPIRED, CommandOutcome.REFUSED])
def test_who_is_told_that_it_was_not_applied_is_told_the_truth(outcome: CommandOutcome) -> None:
    history = (
        History()
        .issues("overlay", 1, CommandVerb.TOGGLE_MUTE, True)
        .issues("overlay", 2, CommandVerb.CONNECT)
    )
    history.applies("main", CommandVerb.CONNECT, issuer="overlay", number=2).resolves(
        "overlay", 1, outcome
    )
    assert (
        judged(CommandsResolve, history.resolves("overlay", 2).settles()).verdict() is Verdict.HELD
    )


def test_of_a_window_that_was_opened_again_nobody_knows_the_name() -> None:
    history = History().applies("main", CommandVerb.CONNECT, issuer="overlay", number=2)
    history.life("overlay", Life.CLOSED).life("overlay", Life.OPENED)
    history.issues("overlay", 1, CommandVerb.CONNECT).resolves("overlay", 1).settles()
    assert judged(CommandsResolve, history).verdict() is Verdict.HELD
