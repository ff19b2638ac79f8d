"""A run: the same again from the same draws, nothing left behind, open to the user's own policies
and checks.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oneroom.checks.check import Check
from oneroom.choices.replay import Replay
from oneroom.choices.seeded import Seeded
from oneroom.driver.run import Run
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.heartbeat import HeartbeatTimeout
from oneroom.policies.registry import UnknownPolicy
from oneroom.scenario import Scenario, discover, load
from oneroom.sim.run import simulate
from oneroom.trace import records as r
from oneroom.trace.digest import digest
from tests.project import SCENARIOS
from tests.sim.played import steps
from tests.units import SECOND

COMMITTED = [found.path for found in discover([SCENARIOS])]

JOIN = "at: 2s, connect: {window: overlay, channel: lobby}"
CALL = steps(JOIN, "at: 4s..6s, crash: {window: main}")

# What no committed scenario does: ends while pages are frozen or hidden, or after the room was
# deleted, or was never.
LOOSE_ENDS = [
    steps(JOIN, "at: 4s, freeze: {window: main}"),
    steps(JOIN, "at: 4s, freeze: {window: overlay}", "at: 5s, hide: {window: main}"),
    steps(
        JOIN, "at: 4s, delete_room: {}", "at: 4s, restart_server: {}", "at: 5s, restart_server: {}"
    ),
    steps(
        JOIN, "at: 4s, drop_network: {window: main, path: both}", "at: 5s, close: {window: main}"
    ),
    steps(JOIN, "at: 4s, stall: {window: main, lasts: 9s}", "at: 5s, crash: {window: main}"),
    steps("at: 2s, gesture: {window: main}"),
]


class OwnPolicy(HeartbeatTimeout):
    """A user's own policy."""

    name = "own"


class OwnCheck(Check):
    """A user's own check: nobody may ever be muted."""

    name = "nobody_is_muted"
    reads = (r.CommandApplied,)

    def on(self, record: r.Record) -> None:
        if isinstance(record, r.CommandApplied) and record.verb == r.CommandVerb.TOGGLE_MUTE:
            self.violate(record, (record.where,))


def run(scenario: Scenario, seed: int) -> Run:
    return simulate(scenario, scenario.policies[0], Seeded(seed))


@contextmanager
def garbage() -> Iterator[list[object]]:
    """What only the garbage collector can free of all that was made inside."""
    found: list[object] = []
    gc.collect()
    collects = gc.isenabled()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found.extend(gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        if collects:
            gc.enable()


def kinds(objects: list[object]) -> list[str]:
    return sorted({type(one).__name__ for one in objects})


def test_garbage_is_found() -> None:
    with garbage() as found:
        knot: list[object] = []
        knot.append(knot)
        del knot
    assert len(found) == 1


@pytest.mark.parametrize("path", COMMITTED, ids=[path.stem for path in COMMITTED])
def test_a_committed_scenario_leaves_no_reference_cycle(path: Path) -> None:
    scenario = load(path, vocabulary())
    for policy in scenario.policies:
        simulate(scenario, policy, Seeded(1))  # what is made once and kept: imports, caches
        with garbage() as found:
            digest(simulate(scenario, policy, Seeded(2)).trace)
        assert kinds(found) == []


@pytest.mark.parametrize("scenario", LOOSE_ENDS)
def test_loose_ends_leave_no_reference_cycle(scenario: Scenario) -> None:
    for policy in ("web-lock-lease", "heartbeat", "naive"):
        simulate(scenario, policy, Seeded(1))
        with garbage() as found:
            simulate(scenario, policy, Seeded(2))
        assert kinds(found) == []


@pytest.mark.parametrize("enabled", [True, False])
def test_a_run_leaves_the_garbage_collector_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        run(CALL, 1)
        assert gc.isenabled() is enabled
        with pytest.raises(UnknownPolicy):
            simulate(CALL, "no-such-policy", Seeded(1))
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_the_same_seed_is_the_same_run() -> None:
    first, second = run(CALL, 7), run(CALL, 7)
    assert digest(first.trace) == digest(second.trace)
    assert first.tape == second.tape


def test_another_seed_is_another_run() -> None:
    assert len({digest(run(CALL, seed).trace) for seed in range(20)}) == 20


def test_a_tape_is_the_same_run() -> None:
    for seed in range(5):
        seeded = run(CALL, seed)
        tape = Replay(seeded.tape)
        again = simulate(CALL, CALL.policies[0], tape)
        assert digest(again.trace) == digest(seeded.trace)
        assert tape.stale_at == -1
        assert tape.tape == seeded.tape


def test_a_stale_tape_is_noticed_where_it_parts() -> None:
    tape = run(CALL, 1).tape
    short = Replay(tape[:10])
    simulate(CALL, CALL.policies[0], short)
    assert short.stale_at == 10
    other = Replay(tape)
    simulate(steps(JOIN, "at: 4s..7s, crash: {window: main}"), CALL.policies[0], other)
    assert 0 <= other.stale_at < len(tape)


def test_a_run_ends_with_its_bound() -> None:
    records = run(CALL, 1).trace.records
    healed, settled = records[-1], records[-1]
    for record in records:
        if isinstance(record, r.Healed):
            healed = record
    assert isinstance(settled, r.Settled)
    assert settled.at_us - healed.at_us == settled.waited_us


def test_a_scenario_can_last_longer() -> None:
    longer = CALL.model_copy(update={"lasts_us": 600 * SECOND})
    assert run(longer, 1).trace.records[-1].at_us == 600 * SECOND


def test_a_users_own_policy_is_named_by_its_place() -> None:
    own = simulate(CALL, "tests.sim.test_run:OwnPolicy", Seeded(1))
    shipped = simulate(CALL, "heartbeat", Seeded(1))
    assert digest(own.trace) == digest(shipped.trace)
    assert own.policy == "tests.sim.test_run:OwnPolicy"


def test_a_users_own_check_is_asked() -> None:
    muting = steps(JOIN, "at: 4s, toggle_mute: {window: overlay}")
    for scenario, violations in ((CALL, 0), (muting, 1)):
        judgement = simulate(scenario, "web-lock-lease", Seeded(1), [OwnCheck]).judgement
        assert [one.check for one in judgement.violations] == ["nobody_is_muted"] * violations


@pytest.mark.parametrize("scenario", LOOSE_ENDS)
def test_a_record_names_an_earlier_one_as_its_cause(scenario: Scenario) -> None:
    for place, record in enumerate(run(scenario, 3).trace.records):
        assert record.n == place
        assert -1 <= record.cause < record.n
