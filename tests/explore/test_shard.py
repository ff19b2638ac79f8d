"""Shards: every run in exactly one of them, pieces of equal length, the same cut everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneroom.explore.plan import Plan
from oneroom.explore.shard import Shard, cut, estimated_ms
from tests.explore.texts import HELD, TWO_ROOMS, scenario

LENGTHS = st.lists(st.floats(min_value=0.01, max_value=1_000), min_size=1, max_size=200)


@given(LENGTHS, st.integers(min_value=1, max_value=12))
def test_every_item_is_in_exactly_one_shard(lengths: list[float], of: int) -> None:
    items = list(range(len(lengths)))
    pieces = [cut(items, lengths, Shard(number, of)) for number in range(1, of + 1)]
    assert [item for piece in pieces for item in piece] == items


@given(LENGTHS, st.integers(min_value=2, max_value=12))
def test_a_piece_is_longer_than_its_share_by_one_item_at_most(
    lengths: list[float], of: int
) -> None:
    items = list(range(len(lengths)))
    share = sum(lengths) / of
    for number in range(1, of + 1):
        piece = sum(lengths[item] for item in cut(items, lengths, Shard(number, of)))
        assert piece <= share + max(lengths) + 1e-6


def plan(shard: Shard | None, run_ms: dict[tuple[str, str], float] | None = None) -> Plan:
    chosen = (scenario(HELD, "held.yaml"), scenario(TWO_ROOMS, "two.yaml"))
    return Plan(chosen, ("naive", "web-lock"), range(1, 11), shard=shard, run_ms=run_ms or {})


def test_the_shards_of_a_plan_are_its_runs() -> None:
    whole = list(plan(None).jobs())
    parts = [list(plan(Shard(number, 3)).jobs()) for number in (1, 2, 3)]
    assert [job for part in parts for job in part] == whole
    assert len({job.seed for job in whole}) == 10
    assert max(map(len, parts)) - min(map(len, parts)) <= 2


def test_known_times_move_the_cut() -> None:
    slow = {("held.yaml", "naive"): 900.0, ("held.yaml", "web-lock"): 1.0}
    first = plan(Shard(1, 2), slow).jobs()
    assert {(job.scenario, job.policy) for job in first} == {(0, "naive")}
    assert len(first) == 5, "half of the time is half of the slow runs"


def test_shards_of_one_plan_have_one_fingerprint() -> None:
    one = plan(Shard(1, 3))
    assert one.fingerprint() == plan(Shard(3, 3)).fingerprint()
    others = [plan(Shard(1, 4)), plan(Shard(1, 3), {("two.yaml", "naive"): 9.0}), plan(None)]
    assert len({one.fingerprint(), *(other.fingerprint() for other in others)}) == 4


def test_a_longer_scenario_with_more_windows_is_estimated_to_take_longer() -> None:
    short = scenario(HELD)
    more = scenario(HELD.replace("windows:\n", "windows:\n  third: {kind: overlay, opens: 0s}\n"))
    longer = scenario(f"{HELD}lasts: 10m\n")
    assert estimated_ms(short) < estimated_ms(more) < estimated_ms(longer)


@pytest.mark.parametrize("of", [1, 7])
def test_more_shards_than_runs_leave_some_empty(of: int) -> None:
    pieces = [cut(["one"], [5.0], Shard(number, of)) for number in range(1, of + 1)]
    assert sorted(map(len, pieces)) == [0] * (of - 1) + [1]
