"""The kernel: one order of time for SimPy and the fast lane, and races that are draws."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.choices.replay import Replay
from oneroom.choices.seeded import Seeded
from oneroom.driver.endless import Endless
from oneroom.sim.budget import STRIDE, Budget
from oneroom.sim.kernel import Kernel, Steps
from oneroom.trace.records import Healed
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace
from tests.virtual_time import Drawn


def ties(*values: int) -> Drawn:
    """These values for ties, then 0."""
    return Drawn({Label.TIE: values})


def kernel(choices: Choices | None = None) -> Kernel:
    return Kernel(Trace(), choices or Drawn())


def test_the_two_lanes_are_one_order() -> None:
    k = kernel()
    ran: list[Any] = []

    def process() -> Steps:
        for at_us in (20, 40):
            yield k.sleep(at_us - k.now_us)
            ran.append(("process", k.now_us))

    k.at(30, lambda _: ran.append(("fast", k.now_us)), None)
    k.after(10, lambda _: ran.append(("slow", k.now_us)), None)
    k.process(process())
    k.at(25, lambda _: k.after(10, lambda _: ran.append(("slow from fast", k.now_us)), None), None)
    k.after(45, lambda _: k.at(47, lambda _: ran.append(("fast from slow", k.now_us)), None), None)
    k.run(100)
    assert ran == [
        ("slow", 10),
        ("process", 20),
        ("fast", 30),
        ("slow from fast", 35),
        ("process", 40),
        ("fast from slow", 47),
    ]


def test_in_one_instant_the_lanes_race_in_the_order_in_which_they_were_scheduled() -> None:
    k = kernel()
    ran: list[Any] = []

    def process() -> Steps:
        yield k.sleep(10)
        ran.append("process")

    k.at(10, ran.append, "fast")
    k.process(process())
    k.after(10, ran.append, "slow")
    k.at(10, ran.append, "fast again")
    k.run(11)
    assert ran == ["fast", "process", "slow", "fast again"]


def race(choices: Choices, racers: int) -> str:
    """The order in which the racers came; every other one takes the slow lane."""
    k = kernel(choices)
    ran: list[Any] = []
    for number in range(racers):
        if number % 2:
            k.after(5, ran.append, str(number))
        else:
            k.at(5, ran.append, str(number))
    k.run(6)
    return "".join(ran)


@pytest.mark.parametrize("racers", [1, 2, 3, 4])
def test_every_order_of_a_race_can_be_drawn(racers: int) -> None:
    draws: list[tuple[int, ...]] = [()]
    for bound in range(racers, 1, -1):
        draws = [(*before, value) for before in draws for value in range(bound)]
    orders = {race(ties(*values), racers) for values in draws}
    assert orders == {"".join(order) for order in permutations("0123"[:racers])}


def test_a_race_of_zeros_is_the_scheduled_order() -> None:
    assert race(ties(0, 0, 0), 4) == "0123"
    assert race(ties(3, 0, 0), 4) == "3012"


def test_a_race_draws_only_while_there_is_one() -> None:
    choices = ties()
    race(choices, 3)
    assert [(draw.label, draw.bound) for draw in choices.tape] == [(Label.TIE, 3), (Label.TIE, 2)]
    alone = ties()
    race(alone, 1)
    assert alone.tape == []


def test_the_end_of_a_process_takes_part_in_no_race() -> None:
    choices = ties()
    k = kernel(choices)
    ran: list[str] = []

    def process() -> Steps:
        yield k.sleep(5)
        ran.append("process")

    def never_sleeps() -> Steps:
        ran.append("at once")
        yield from ()

    k.process(process())
    k.at(0, lambda _: k.process(never_sleeps()), None)
    k.at(0, ran.append, "beside it")
    k.at(5, ran.append, "fast")
    k.run(6)
    assert ran == ["at once", "beside it", "process", "fast"]
    assert [draw.bound for draw in choices.tape] == [2, 2]


def test_a_newcomer_joins_the_race_of_its_instant() -> None:
    k = kernel(ties(0, 1))
    ran: list[Any] = []

    def first(_: None) -> None:
        ran.append("first")
        k.at(5, ran.append, "newcomer")

    k.at(5, first, None)
    k.at(5, ran.append, "second")
    k.run(6)
    assert ran == ["first", "newcomer", "second"]


def test_a_seed_is_one_order_and_its_tape_the_same() -> None:
    orders = {race(Seeded(seed), 4) for seed in range(50)}
    assert len(orders) > 10
    seeded = Seeded(3)
    order = race(seeded, 4)
    assert race(Seeded(3), 4) == order
    assert race(Replay(seeded.tape), 4) == order


def test_run_stops_before_its_end_and_goes_on_from_there() -> None:
    k = kernel()
    ran: list[Any] = []
    for at_us in (9, 10, 11):
        k.at(at_us, ran.append, at_us)
    k.run(10)
    assert (ran, k.now_us, k.trace.now_us) == ([9], 10, 10)
    k.run(12)
    assert (ran, k.now_us) == ([9, 10, 11], 12)


def test_a_process_starts_at_once_and_takes_its_time() -> None:
    k = kernel()
    ran: list[Any] = []

    def process(name: str) -> Steps:
        ran.append((name, k.now_us))
        yield k.sleep(0)
        ran.append((name, k.now_us))
        yield k.sleep(7)
        ran.append((name, k.now_us))

    k.process(process("a"))
    assert ran == [("a", 0)]
    k.at(3, lambda _: k.process(process("b")), None)
    k.run(100)
    assert ran == [("a", 0), ("a", 0), ("b", 3), ("b", 3), ("a", 7), ("b", 10)]


def test_a_callback_has_the_cause_of_the_moment_in_which_it_was_scheduled() -> None:
    k = kernel()
    trace, causes = k.trace, []

    def process() -> Steps:
        yield k.sleep(20)
        causes.append(trace.cause)

    def act(_: None) -> None:
        trace.act_on(Healed(trace.n, trace.now_us, WORLD, trace.cause, 0))
        k.at(10, lambda _: causes.append(trace.cause), None)
        k.after(10, lambda _: causes.append(trace.cause), None)
        k.process(process())

    k.at(5, act, None)
    k.at(6, lambda _: causes.append(trace.cause), None)
    k.run(100)
    assert causes == [NO_CAUSE, 0, 0, 0]
    assert trace.cause == NO_CAUSE


def test_after_clear_nothing_happens_any_more() -> None:
    k = kernel()
    ran: list[Any] = []
    k.at(5, ran.append, "fast")
    k.after(5, ran.append, "slow")
    k.clear()
    k.run(100)
    assert ran == []


def test_a_run_whose_time_stands_still_is_given_up_at_the_limit_and_not_before() -> None:
    k = Kernel(Trace(), Drawn(), Budget(most_in_a_second=2 * STRIDE))
    turns = 0

    def again(at_us: int) -> None:
        nonlocal turns
        turns += 1
        k.at(at_us, again, at_us)

    k.at(1_500_000, again, 1_500_000)
    with pytest.raises(
        Endless, match=r"^time stands still at 1\.500 s: 8,192 turns in that instant$"
    ):
        k.run(2_000_000)
    assert turns == 3 * STRIDE, "the first stride tells since when, two more fill the budget"


@pytest.mark.parametrize(("pause_us", "given_up"), [(120, True), (123, False)])
def test_a_second_has_a_budget(pause_us: int, given_up: bool) -> None:
    k = Kernel(Trace(), Drawn(), Budget(most_in_a_second=2 * STRIDE))

    def later(_: None) -> None:
        k.at(k.now_us + pause_us, later, None)

    k.at(0, later, None)
    if given_up:
        with pytest.raises(Endless, match=r"8,192 turns within 983\.040 ms"):
            k.run(4_000_000)
    else:
        k.run(4_000_000)


def test_a_run_has_a_budget_however_slowly_it_goes() -> None:
    k = Kernel(Trace(), Drawn(), Budget(most=4 * STRIDE))

    def later(_: None) -> None:
        k.at(k.now_us + 1_000_000, later, None)

    k.at(0, later, None)
    with pytest.raises(Endless, match=r"no end in sight: 16,384 turns, and only 16,383 s are over"):
        k.run(10**12)
