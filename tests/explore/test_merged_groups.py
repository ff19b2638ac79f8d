"""Groups of several calls as one: equal to the group of one call that makes all the runs."""

from __future__ import annotations

import msgspec
import pytest

from oneroom.checks.results import RunGroup
from oneroom.explore.judged_run import run_judged
from oneroom.explore.merged_groups import Overlap, merged
from oneroom.explore.result_collector import ResultCollector
from tests.explore.texts import HELD, TWO_ROOMS, expecting, scenario


def group(text: str, policy: str, seeds: range, complete: bool = True) -> RunGroup:
    one = scenario(text)
    collector = ResultCollector(one, policy)
    for seed in seeds:
        collector.add(run_judged(one, policy, seed).result)
    return collector.close(complete)


def timeless(one: RunGroup) -> RunGroup:
    """Without wall times, and with the seeds of failures alone: a run's own are another call's."""
    failures = tuple(
        msgspec.structs.replace(
            failure, result=msgspec.structs.replace(failure.result, wall_ms=0.0)
        )
        for failure in one.failures
    )
    return msgspec.structs.replace(one, wall_ms=0.0, failures=failures)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        (HELD, "web-lock-lease"),
        (TWO_ROOMS, "naive"),
        (expecting(HELD, "violated: [single_room]"), "web-lock-lease"),
        (expecting(HELD, "held: [no_eviction_loop]"), "web-lock-lease"),
        (expecting(HELD, 'no_room_ms: "<= 170"'), "web-lock-lease"),
    ],
)
def test_the_parts_are_the_whole(text: str, policy: str) -> None:
    whole = group(text, policy, range(1, 7))
    parts = [group(text, policy, seeds, complete=False) for seeds in (range(4, 7), range(1, 4))]
    (joined,) = merged(parts)
    assert timeless(joined) == timeless(whole)
    assert joined.seed_ranges == "1..6"


def test_a_check_that_broke_in_one_part_alone_was_violated() -> None:
    text = expecting(HELD, "violated: [single_room]")
    never = group(text, "web-lock-lease", range(1, 3))
    assert never.shortfalls
    seen = msgspec.structs.replace(
        group(text, "web-lock-lease", range(3, 5), complete=False),
        violated={"single_room": 1},
        verdicts={"held": 1, "violated": 1},
        excused=1,
    )
    (joined,) = merged([never, seen])
    assert (joined.shortfalls, joined.verdict) == ((), "held")


def test_seeds_that_are_not_beside_each_other_stay_apart() -> None:
    (joined,) = merged([group(HELD, "naive", range(7, 9)), group(HELD, "naive", range(1, 3))])
    assert (joined.seed_ranges, joined.seeds) == ("1..2,7..8", 4)


def test_a_run_is_never_counted_twice() -> None:
    with pytest.raises(Overlap, match=r"test\.yaml under naive has seed 2 twice"):
        merged([group(HELD, "naive", range(1, 3)), group(HELD, "naive", range(2, 5))])
