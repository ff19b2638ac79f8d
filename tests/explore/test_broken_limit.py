"""The moment at which a limit on the ledger is broken, and the record that led to it."""

from __future__ import annotations

import pytest

from oneroom.explore.broken_limit import Break, find
from oneroom.scenario import Limit
from oneroom.trace.records import CommandVerb, Life
from tests.histories import History


def in_call() -> History:
    """A call that is perfect from its first instant."""
    return History().owner("main").applies("main", CommandVerb.CONNECT).call("main")


def test_time_is_broken_when_it_is_used_up_and_not_when_somebody_looks() -> None:
    """Two seconds without an owner, the second of them in a second crash, 700 ms into it."""
    history = in_call().at(1_000).life("main", Life.CRASHED)
    history.at(2_300).owner("overlay", term=2).at(5_000).life("overlay", Life.CRASHED)
    crash = history.n
    history.settles()
    assert find(history.trace, Limit("no_owner_ms", "<=", 2_000)) == Break(5_700_000, crash)


def test_a_count_is_broken_by_the_record_that_was_counted() -> None:
    history = History().prompts("main").at(40).prompts("overlay")
    second = history.n
    history.prompts("main").settles()
    assert find(history.trace, Limit("prompts", "==", 1)) == Break(40_000, second)


def test_chat_is_late_from_the_message_on() -> None:
    history = History("main").chats("main").at(100).stores(1)
    stored = history.n
    history.settles()
    assert find(history.trace, Limit("chat_late_ms", "<=", 500)) == Break(600_000, stored)


@pytest.mark.parametrize("relation", [">=", "=="])
def test_what_never_came_is_missed_at_the_end(relation: str) -> None:
    history = History().prompts("main").settles()
    limit = Limit("prompts", ">=" if relation == ">=" else "==", 2)
    assert find(history.trace, limit) == Break(history.trace.now_us, history.n)
