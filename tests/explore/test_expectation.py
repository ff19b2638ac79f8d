"""Evaluation of `expect` for a run and for all seeds."""

from __future__ import annotations

import pytest

from oneroom.checks.registry import KEYS, NAMES
from oneroom.checks.results import RunGroup
from oneroom.explore.expectation import _INSIDE, _INSIDE_LIMITS, rank
from oneroom.explore.judged_run import run_judged
from oneroom.explore.result_collector import ResultCollector
from tests.explore.texts import HELD, TWO_ROOMS, expecting, scenario

ALL = (
    "violated: [single_room, single_participant, one_owner_per_term, owner_elected, "
    "mirrors_converge]"
)


def gathered(text: str, policy: str, seeds: int = 2) -> RunGroup:
    one = scenario(text)
    gathering = ResultCollector(one, policy)
    for seed in range(1, seeds + 1):
        gathering.add(run_judged(one, policy, seed).result)
    return gathering.close()


def test_without_expectation_every_check_must_hold() -> None:
    assert gathered(HELD, "web-lock-lease").verdict == "held"
    broken = gathered(TWO_ROOMS, "naive")
    assert broken.verdict == "violated"
    assert broken.failures[0].finding.check == "single_room", (
        "the check that says most is told first"
    )
    assert broken.failures[0].hits == 2


def test_a_known_bad_baseline_is_green_while_it_is_bad() -> None:
    violated = gathered(TWO_ROOMS, "naive").violated
    group = gathered(expecting(TWO_ROOMS, f"violated: [{', '.join(violated)}]"), "naive")
    assert (group.verdict, group.failures, group.shortfalls) == ("held", (), ())
    assert group.verdicts == {"violated": 2}
    assert group.excused == 2


def test_a_baseline_may_violate_only_what_is_listed() -> None:
    group = gathered(expecting(TWO_ROOMS, "violated: [single_participant]"), "naive")
    assert group.verdict == "violated"
    assert "single_participant" not in [case.finding.check for case in group.failures]
    assert group.failures[0].finding.check == "single_room"


def test_what_may_be_violated_is_excused_and_not_asked_for() -> None:
    violated = gathered(TWO_ROOMS, "naive").violated
    listed = f"may_violate: [{', '.join(violated)}]"
    group = gathered(expecting(TWO_ROOMS, listed), "naive")
    assert (group.verdict, group.excused, group.shortfalls) == ("held", 2, ())
    assert gathered(expecting(HELD, listed), "web-lock-lease").verdict == "held", (
        "nothing of it has to happen"
    )
    of_another = expecting(TWO_ROOMS, listed).replace("policy: naive", "policy: web-lock")
    assert gathered(of_another, "naive").verdict == "violated", (
        "it excuses the scenario's own policy alone"
    )


def test_a_baseline_that_stopped_being_bad_is_news() -> None:
    group = gathered(expecting(HELD, "violated: [single_room]"), "web-lock-lease", seeds=3)
    assert group.verdict == "violated"
    assert group.failures == ()
    assert group.shortfalls == ("expected single_room to be violated, it never was in 3 seeds",)


def test_under_another_policy_nothing_has_to_be_violated_and_nothing_is_excused() -> None:
    text = expecting(TWO_ROOMS, ALL)
    assert gathered(text, "web-lock-lease").verdict == "held"
    own_is_sound = expecting(HELD, "violated: [single_room]").replace(
        "steps:", "identity: window\nsteps:"
    )
    two_joins = own_is_sound.replace(
        "  - {at: 5s", "  - {at: 3s, connect: {window: main, channel: lobby}}\n  - {at: 5s"
    )
    assert "single_room" in [case.finding.check for case in gathered(two_joins, "naive").failures]


def test_a_planted_bug_excuses_under_every_policy() -> None:
    text = expecting(TWO_ROOMS, ALL).replace(
        "policy: naive\n", "policy: web-lock\nwithout: [term_check]\n"
    )
    group = gathered(text, "naive")
    assert "single_room" not in [case.finding.check for case in group.failures]


@pytest.mark.parametrize(("limit", "verdict"), [('"<= 100000"', "held"), ('">= 1"', "violated")])
def test_limits_on_the_ledger_are_kept_or_broken(limit: str, verdict: str) -> None:
    group = gathered(expecting(HELD, f"two_rooms_ms: {limit}"), "web-lock-lease")
    assert group.verdict == verdict
    if verdict == "violated":
        finding = group.failures[0].finding
        assert finding.message == "two_rooms_ms is 0, expected >= 1"
        assert finding.line == HELD.count("\n") + 2, "the line of the limit"


def test_a_broken_limit_tells_its_worst_seed() -> None:
    """It is the seed that is furthest from the limit, whichever broke it first."""
    one = scenario(expecting(HELD, "no_room_ms: 0"))
    gathering = ResultCollector(one, "web-lock-lease")
    costs = {}
    for seed in range(1, 7):
        result = run_judged(one, "web-lock-lease", seed).result
        costs[seed] = result.ledger["no_room_ms"]
        gathering.add(result)
    (failure,) = gathering.close().failures
    worst = max(costs, key=lambda seed: costs[seed])
    assert worst != failure.result.seed == 1
    assert (failure.worst, failure.worst_seed) == (costs[worst], worst)
    assert failure.finding.at_us < 3_000_000, "when it was broken, not when the run ended"


def test_an_offer_that_never_came_is_missed() -> None:
    group = gathered(expecting(HELD, "share: offered_again"), "web-lock-lease")
    assert [case.finding.check for case in group.failures] == ["share"]


def test_held_means_that_there_was_something_to_guard() -> None:
    assert gathered(expecting(HELD, "held: [single_room]"), "web-lock-lease").verdict == "held"
    group = gathered(expecting(HELD, "held: [no_eviction_loop]"), "web-lock-lease")
    assert group.verdict == "vacuous"
    assert group.shortfalls == (
        "expected no_eviction_loop to hold, it had nothing to guard in 2 seeds",
    )


def test_a_fault_that_is_never_healed_leaves_a_run_inconclusive() -> None:
    text = HELD.replace(
        "{at: 5s, gesture: {window: main}}", "{at: 5s, partition: {window: overlay}}"
    )
    group = gathered(text, "web-lock-lease")
    assert group.verdict == "inconclusive"
    assert group.failures == ()


def test_an_interrupted_group_is_not_asked_for_what_it_had_no_time_to_show() -> None:
    one = scenario(expecting(HELD, "violated: [single_room]"))
    gathering = ResultCollector(one, "web-lock-lease")
    gathering.add(run_judged(one, "web-lock-lease", 1).result)
    assert gathering.close(complete=False).verdict == "held"


def test_one_failure_is_kept_for_each_check_and_the_rest_are_counted() -> None:
    one = scenario(TWO_ROOMS)
    gathering = ResultCollector(one, "naive")
    first, fresh = gathering.add(run_judged(one, "naive", 1).result)
    again, more = gathering.add(run_judged(one, "naive", 2).result)
    assert len(fresh) == len(first.unexpected)
    assert more == ()
    assert first.id == fresh[0].id
    assert first.repro == "oneroom run test.yaml --policy naive --seed 1"
    assert again.repro == "oneroom run test.yaml --policy naive --seed 2"


def test_what_is_not_kept_is_repeated_by_its_seed() -> None:
    one = scenario(TWO_ROOMS)
    gathering = ResultCollector(one, "naive", room=1)
    _, fresh = gathering.add(run_judged(one, "naive", 1).result)
    assert [case.stored for case in fresh] == [True] + [False] * (len(fresh) - 1)
    gathering.forget(fresh[0])
    assert {case.repro for case in gathering.close().failures} == {
        "oneroom run test.yaml --policy naive --seed 1"
    }
    assert not any(case.stored for case in gathering.close().failures)


def test_what_the_user_complains_of_leads() -> None:
    told = ["elections", "one_owner_per_term", "no_owner_ms", "no_eviction_loop", "single_room"]
    assert sorted([*told, "policy_raised"], key=rank) == ["policy_raised", *reversed(told)]
    assert set(_INSIDE) <= set(NAMES)
    assert set(_INSIDE_LIMITS) <= set(KEYS)
