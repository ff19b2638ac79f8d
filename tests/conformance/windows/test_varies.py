"""Where Chromium does now this and now that: what is allowed, and that the fakes do all of it and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.conformance.windows.fake_rig import FakeRig
from tests.conformance.windows.rig import MILLISECOND, SECOND, Rig, log, told, until, windows
from tests.conformance.windows.steps import channel, fill, lock, post, put, react, read, timer


def first_of_two_requests(rig: Rig) -> str:
    """Two windows ask for one lock in the same instant: who gets it?"""
    pair = windows(rig, "a", "b")
    for window in pair:
        window.start(lock(window.name))
    until(rig, lambda: any(log(window, f"{window.name} granted") for window in pair))
    rig.run_for(50 * MILLISECOND)
    [holder] = [window.name for window in pair if log(window, f"{window.name} granted")]
    return holder


def value_when_rung(rig: Rig) -> str:
    """A window writes and then posts: what does the reader that is rung find?"""
    a, b = windows(rig, "a", "b")
    a.do(channel("a"), put("k", "old"))
    b.do(channel("b"), react("b hears", read("k")))
    until(rig, lambda: "storage k: null to old" in log(b))
    a.do(put("k", "new"), post("a", "rung"))
    until(rig, lambda: log(b, "k is") != [])
    return log(b, "k is")[0].removeprefix("k is ")


def last_of_two_writes(rig: Rig) -> str:
    """Two windows write one key in the same instant: what is there in the end?"""
    a, b = windows(rig, "a", "b")
    for window in (a, b):
        window.start(put("k", window.name))
    rig.run_for(300 * MILLISECOND)
    for window in (a, b):
        window.do(read("k"))
    assert log(a, "k is")[-1] == log(b, "k is")[-1]
    return log(a, "k is")[-1].removeprefix("k is ")


def loser_of_the_last_room(rig: Rig) -> str:
    """Two windows write what has no room together: whose write vanishes?"""
    a, b = windows(rig, "a", "b")
    for window in (a, b):
        window.do(read("a"))
    for window in (a, b):
        window.start(fill(window.name, 3_500_000, "語"))
    until(rig, lambda: len(log(a, "storage") + log(b, "storage")) == 1, 10 * SECOND)
    return "b" if log(b, "storage") else "a"


def order_of_two_senders(rig: Rig) -> str:
    """Two windows post in the same instant: whom does a third one hear first?"""
    a, b, c = windows(rig, "a", "b", "c")
    for window in (a, b, c):
        window.do(channel(window.name))
    for window in (a, b):
        window.start(post(window.name, window.name))
    told(rig, c, "c hears a")
    told(rig, c, "c hears b")
    return " ".join(line.removeprefix("c hears ") for line in log(c, "c hears"))


def message_or_timer_after_a_stall(rig: Rig) -> str:
    """Both became due during a long task, the message before the timer. Who is first?"""
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), timer(300, "t"))
    b.stall(600 * MILLISECOND)
    a.do(post("a", 1))
    told(rig, b, "b hears 1")
    told(rig, b, "timer t")
    until(rig, lambda: len(log(b)) == 4)
    return " ".join(line for line in log(b) if line in ("b hears 1", "timer t"))


class Varying(NamedTuple):
    """A question and its possible answers."""

    ask: Callable[[Rig], str]
    allowed: frozenset[str]
    seeds: int = 40


VARYING = [
    Varying(first_of_two_requests, frozenset({"a", "b"})),
    Varying(value_when_rung, frozenset({"old", "new"})),
    Varying(last_of_two_writes, frozenset({"a", "b"})),
    Varying(loser_of_the_last_room, frozenset({"a", "b"}), seeds=6),
    Varying(order_of_two_senders, frozenset({"a b", "b a"})),
    Varying(message_or_timer_after_a_stall, frozenset({"b hears 1 timer t"})),
]
IDS = [case.ask.__name__ for case in VARYING]


@pytest.mark.parametrize("case", VARYING, ids=IDS)
def test_nothing_happens_that_is_not_allowed(rig: Rig, case: Varying) -> None:
    assert case.ask(rig) in case.allowed


@pytest.mark.parametrize("case", VARYING, ids=IDS)
def test_the_fakes_do_all_that_is_allowed_and_nothing_else(case: Varying) -> None:
    assert {case.ask(FakeRig(seed)) for seed in range(case.seeds)} == case.allowed
