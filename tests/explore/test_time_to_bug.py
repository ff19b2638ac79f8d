"""The benchmark of strategies: a find is a failure that is gone without the bug."""

from __future__ import annotations

from benchmarks.time_to_bug import Search, bugs, cell, last_row, searched
from oneroom.explore.fuzz import fuzz_once
from oneroom.policies.registry import RECOMMENDED

ENOUGH_S = 60.0


def test_a_bug_is_found_and_one_that_is_not_there_is_not() -> None:
    (bug,) = bugs(["naive"])
    found = searched(bug, ("swarm",), 1, ENOUGH_S)
    assert found.found
    healthy = bug._replace(policy=RECOMMENDED)
    assert not searched(healthy, ("swarm",), 1, 0.5).found


def test_a_failure_that_stays_without_the_bug_is_not_of_that_cause() -> None:
    (bug,) = bugs(["term_check"])
    first = searched(bug, ("swarm",), 1, ENOUGH_S)
    made = fuzz_once(bug.base, bug.policy, first.runs)
    assert made.result.violations
    assert bug.caused(made)
    unchanged = bug._replace(base=bug.base.model_copy(update={"without": ()}), policy="naive")
    (naive,) = bugs(["naive"])
    kicked = fuzz_once(naive.base, "naive", searched(naive, ("swarm",), 1, ENOUGH_S).runs)
    assert unchanged.caused(kicked), "the recommended policy does not fail"
    same = kicked.run.scenario.model_copy(update={"without": ("term_check",)})
    assert not bug._replace(policy="naive", base=same).caused(kicked), "naive fails without it, too"


def test_every_kind_of_bug_has_its_ground() -> None:
    every = {bug.name: bug for bug in bugs([])}
    assert len(every) > 50
    assert any(step.verb.chats for step in every["chat_dedupe"].base.steps)
    assert not any(step.verb.chats for step in every["term_check"].base.steps)
    assert f"policy {RECOMMENDED}" not in every


def test_a_cell_says_how_many_searches_found_it() -> None:
    found, other = Search(3, 0.25, True), Search(9, 0.75, True)
    lost = Search(40, 5.0, False)
    assert cell([found, other, found]) == "3 (3–9), 0.2 s"
    assert cell([found, lost, lost]) == "1 of 3: 3 (3–3), 0.2 s"
    assert cell([lost]) == "no, 40 runs"
    assert last_row([[[found, found, lost], [lost, lost, lost]]]) == ["1 of 2, 0.2 s"]
