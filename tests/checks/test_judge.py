"""The judge: every check and the ledger over one trace, and the verdict of the run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from oneroom.checks.check import Check
from oneroom.checks.judge import Judge
from oneroom.checks.registry import CHECKS, NAMES, describe
from oneroom.checks.verdict import Verdict
from oneroom.checks.violation import Judgement, Violation
from oneroom.trace.records import (
    CommandVerb,
    Life,
    LifeChanged,
    Reason,
    Record,
    Role,
    RoomState,
)
from oneroom.trace.trace import Trace
from tests.histories import History


class NoThirdWindow(Check):
    """A check as a user writes one."""

    name = "no_third_window"
    promise = "there are never three windows"
    reads = (LifeChanged,)

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[int] = []

    def on(self, record: Record) -> None:
        self.seen = True
        self.windows.append(record.where)
        if len(self.windows) > 2:
            self.violate(record, tuple(self.windows))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return f"{names[violation.windows[2]]} is one too many"


def judgement(history: History, judge: Judge | None = None) -> Judgement:
    judge = judge or Judge()
    trace = Trace(judge.listeners)
    for record in history.trace.records:
        trace.append(record)
    return judge.conclude()


def good() -> History:
    history = (
        History("main")
        .owner("main")
        .issues("main", 1, CommandVerb.CONNECT)
        .applies("main", CommandVerb.CONNECT)
    )
    return history.resolves("main", 1).call("main").renders("main", 1, 1)


def test_a_good_run_holds_and_says_what_it_did_not_test() -> None:
    found = judgement(good().settles())
    assert found.verdict is Verdict.HELD
    assert found.violations == ()
    assert found.inconclusive == ()
    assert "mute_is_sticky" in found.vacuous
    assert "single_room" not in found.vacuous
    assert found.ledger["elections"] == 1


def test_a_run_with_a_fault_left_on_is_inconclusive() -> None:
    found = judgement(good().settles(faults=1))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.inconclusive == NAMES[-7:]


def test_a_run_that_did_not_settle_is_inconclusive() -> None:
    assert judgement(good()).verdict is Verdict.INCONCLUSIVE


def test_a_run_in_which_nothing_happened_is_vacuous() -> None:
    found = judgement(History().settles())
    assert found.verdict is Verdict.VACUOUS
    assert found.vacuous == NAMES


def test_a_violation_outweighs_everything_and_the_first_one_comes_first() -> None:
    history = (
        History().owner("overlay", term=1).opens("overlay").owner("main", term=1).opens("main")
    )
    found = judgement(history.settles(faults=1))
    assert found.verdict is Verdict.VIOLATED
    assert [violation.check for violation in found.violations] == [
        "one_owner_per_term",
        "single_room",
    ]
    told = [describe(violation, history.trace.names) for violation in found.violations]
    assert told[1].startswith("overlay and main both hold a Room")


def test_a_users_own_check_is_judged_and_told_with_the_others() -> None:
    history = History("main", "overlay", "tab").settles()
    found = judgement(history, Judge(extra=(NoThirdWindow,)))
    assert found.verdict is Verdict.VIOLATED
    assert (
        describe(found.violations[0], history.trace.names, (NoThirdWindow,))
        == "tab is one too many"
    )
    with pytest.raises(KeyError):
        describe(found.violations[0], history.trace.names)


def test_who_may_own_reaches_the_checks() -> None:
    history = History().owner("main").life("main", Life.CLOSED).settles()
    assert "owner_elected" in judgement(history, Judge("main")).vacuous
    assert judgement(history, Judge("any")).verdict is Verdict.VIOLATED
    with pytest.raises(ValueError, match="may_own is 'overlay'"):
        Judge("overlay")


def test_every_judge_has_checks_of_its_own() -> None:
    first, second = Judge(), Judge()
    assert len(first.listeners) == len(CHECKS) + 1
    assert not {id(listener) for listener in first.listeners} & {
        id(listener) for listener in second.listeners
    }


UNTOLD = {
    "follower_never_connects": (
        History().opens("main"),
        History().opens("main").role("main", Role.FOLLOWER).opens("main", epoch=2),
    ),
    "removal_is_final": (
        History()
        .opens("main")
        .room("main", RoomState.ENDED, reason=Reason.ROOM_DELETED)
        .opens("overlay"),
        History()
        .applies("main", CommandVerb.CONNECT)
        .opens("main")
        .room("main", RoomState.ENDED, reason=Reason.ROOM_DELETED)
        .opens("overlay"),
    ),
}
"""Histories that break a check: of an app that tells nothing, and of one that tells."""


@pytest.mark.parametrize(("check", "histories"), UNTOLD.items())
def test_an_app_is_not_judged_by_what_it_never_tells(
    check: str, histories: tuple[History, History]
) -> None:
    violated = []
    for history in histories:
        judge = Judge(app=True)
        trace = Trace(judge.listeners)
        for record in history.trace.records:
            trace.append(record)
        judgement = judge.conclude()
        violated.append(check in [found.check for found in judgement.violations])
        assert violated[-1] is not (check in judgement.vacuous)
    assert violated == [False, True]


def test_the_owner_machine_is_judged_by_all_checks() -> None:
    judge = Judge()
    trace = Trace(judge.listeners)
    for record in History().opens("main").trace.records:
        trace.append(record)
    assert "follower_never_connects" in [found.check for found in judge.conclude().violations]
