"""The end of a run: early where only heartbeats are left, never before what is still to come."""

from __future__ import annotations

import pytest

from oneroom.checks.judge import Judge
from oneroom.choices.seeded import Seeded
from oneroom.driver import script
from oneroom.policies.registry import RECOMMENDED, load
from oneroom.scenario import Scenario
from oneroom.sim.run import simulate
from oneroom.sim.settling import settle
from oneroom.sim.world import World
from oneroom.trace import records as r
from oneroom.trace.trace import WORLD, Trace
from tests.sim.played import steps
from tests.units import SECOND

JOIN = "at: 2s, connect: {window: overlay, channel: lobby}"
CALL = steps(JOIN)
POLICY = load(RECOMMENDED)
BOUND_US = POLICY.settle_us(POLICY.timings_with({}))


def records(scenario: Scenario) -> list[r.Record]:
    return list(simulate(scenario, RECOMMENDED, Seeded(1)).trace.records)


def waited_us(scenario: Scenario) -> int:
    settled = records(scenario)[-1]
    assert isinstance(settled, r.Settled)
    return settled.waited_us


def test_a_call_that_goes_well_ends_before_its_bound() -> None:
    assert waited_us(CALL) < BOUND_US


def test_it_is_the_beginning_of_the_run_that_goes_on() -> None:
    short = records(CALL)
    long = records(CALL.model_copy(update={"lasts_us": 120 * SECOND}))
    assert len(long) > len(short)
    assert long[: len(short) - 1] == short[:-1]


@pytest.mark.parametrize(
    "last",
    [
        ("at: 6s, drop_network: {window: overlay, path: both}",),  # a fault that nobody heals
        ("at: 6s, crash: {window: main}", "at: 6s, crash: {window: overlay}"),  # nobody owns
    ],
)
def test_what_is_not_as_it_should_be_is_watched_to_the_bound(last: tuple[str, ...]) -> None:
    assert waited_us(steps(JOIN, *last)) >= BOUND_US


def played() -> tuple[World, Judge]:
    """The call after its last step."""
    judge = script.judge(CALL, POLICY)
    world = World(CALL, POLICY, Seeded(1), Trace(judge.listeners))
    world.begin()
    world.kernel.run(world.last_step_us + 1)
    return world, judge


def test_a_time_out_that_was_set_before_is_waited_for() -> None:
    world, judge = played()
    fired: list[int] = []
    world.kernel.after(30 * SECOND, fired.append, 30)
    settle(world, judge.ledger)
    world.end()
    assert fired == [30]


def test_what_a_silent_time_out_begins_is_waited_for() -> None:
    world, judge = played()
    fired: list[int] = []
    kernel = world.kernel
    kernel.after(30 * SECOND, lambda _: kernel.after(2 * SECOND, fired.append, 32), None)
    settle(world, judge.ledger)
    world.end()
    assert fired == [32]


def test_what_is_recorded_again_and_again_is_watched_to_the_bound() -> None:
    world, judge = played()
    kernel, trace = world.kernel, world.trace

    def note(text: int) -> None:
        trace.append(r.Noted(trace.n, trace.now_us, WORLD, trace.cause, text))
        kernel.after(SECOND, note, text)

    note(trace.intern("still at work"))
    settle(world, judge.ledger)
    world.end()
    assert kernel.now_us - world.last_step_us > BOUND_US
