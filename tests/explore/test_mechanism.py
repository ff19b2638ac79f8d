"""Mechanisms: equal bugs have the same skeleton, other bugs another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from oneroom.checks.results import Bug, Finding, RunGroup
from oneroom.explore.bugs import bug_of
from oneroom.explore.fuzz import FailureDedup
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.mechanism import Mechanism, mechanism
from oneroom.explore.merged_groups import merged
from oneroom.explore.result_collector import ResultCollector
from oneroom.explore.shrink import shrink
from oneroom.report.text import bug_lines
from tests.explore.texts import scenario

TWO_BUGS = (Path(__file__).parent / "two-bugs-behind-one-check.yaml").read_text(encoding="utf-8")
POLICY = "tests.explore.two_bugs:TwoBugs"
CHECK = "fenced_actions"
NEWCOMER = "owner ← opened; then message posted"
SILENCE = "owner ← timer claim ← timer watch; then message posted"
SEEDS = range(1, 25)

# The owner is frozen for half a minute; a look at who owns that comes late is a bug of its own.
FROZEN = """\
scenario: an owner freezes
why: a test
policy: heartbeat
identity: window
bus: {delay: 1ms..2s}
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
  widget:  {kind: overlay, opens: 100ms}
steps:
  - {at: 2s, connect: {window: main, channel: lobby}}
  - {at: 5s, hide: {window: widget}}
  - {at: 10s, freeze: {window: main}}
  - {at: 11s, toggle_mute: {window: overlay}}
  - {at: 40s, resume: {window: main}}
  - {at: 41s, show: {window: widget}}
  - {at: 42s, heal: {}}
"""


def found_in(made: JudgedRun, check: str) -> Finding:
    return next(one for one in made.result.violations if one.check == check)


def of(made: JudgedRun, check: str) -> Mechanism:
    return mechanism(made.run.trace, found_in(made, check))


@pytest.fixture(scope="module")
def two() -> list[JudgedRun]:
    """Runs of a policy with two bugs."""
    return [run_judged(scenario(TWO_BUGS), POLICY, seed) for seed in SEEDS]


def collected(runs: list[JudgedRun]) -> RunGroup:
    collector = ResultCollector(scenario(TWO_BUGS), POLICY)
    for made in runs:
        collector.add(made.result)
    return collector.close()


def test_two_bugs_behind_one_check_are_two_failures(two: list[JudgedRun]) -> None:
    group = collected(two)
    told = {one.finding.mechanism: one for one in group.failures if one.finding.check == CHECK}
    assert set(told) == {NEWCOMER, SILENCE}
    assert sum(one.hits for one in told.values()) == len(SEEDS)
    assert len({one.id for one in told.values()}) == 2
    assert {bug.mechanism for bug in group.bugs} == {NEWCOMER, SILENCE}
    assert sum(bug.runs for bug in group.bugs) == len(SEEDS)


def test_a_merged_suite_tells_them_apart_as_well(two: list[JudgedRun]) -> None:
    halves = [collected(two[: len(two) // 2]), collected(two[len(two) // 2 :])]
    assert merged(halves)[0].bugs == collected(two).bugs
    assert len(merged(halves)[0].failures) == len(collected(two).failures)


def test_a_search_shrinks_each_of_them(two: list[JudgedRun]) -> None:
    dedup = FailureDedup()
    shrunk = [bug_of(made.result)[0] for made in two if dedup.worth_shrinking(made.result)]
    assert {bug.mechanism for bug in shrunk} == {NEWCOMER, SILENCE}
    assert len(shrunk) < len(two)


def test_it_is_the_same_under_other_names_and_another_schedule(two: list[JudgedRun]) -> None:
    renamed = TWO_BUGS.replace("main:", "a:").replace("window: main", "window: a")
    renamed = (
        renamed.replace("overlay: {", "z: {")
        .replace("  late:", "  b:")
        .replace("window: late", "window: b")
    )
    noisy = renamed.replace("windows:", "bus: {delay: 1ms..50ms}\nwindows:")
    for text in (renamed, noisy):
        cores = {of(run_judged(scenario(text), POLICY, seed), CHECK).core for seed in SEEDS}
        assert cores == {of(made, CHECK).core for made in two}


def test_a_bug_is_told_with_the_number_of_its_runs() -> None:
    bugs = (Bug("p", "single_room", "owner ← opened", 1_200), Bug("p", "elections", "settled", 7))
    assert bug_lines(bugs) == (
        "1,207 failing runs, 2 mechanisms:\n"
        "  1,200  single_room  owner ← opened\n"
        "      7  elections    settled"
    )
    assert not bug_lines(bugs[:1]), "its failure says all of it"


def test_shrinking_keeps_the_cause() -> None:
    """An owner that freezes and is taken for dead is no overlap of two that open together, which
    breaks the same check and is shorter.
    """
    first = next(
        made
        for made in (run_judged(scenario(FROZEN), "heartbeat", seed) for seed in range(1, 40))
        if any(one.check == "single_participant" for one in made.result.violations)
    )
    before = of(first, "single_participant")
    assert before.circumstances == ("other: frozen",)
    small = shrink(first, "single_participant").judged
    assert of(small, "single_participant") == before
    assert [step.name for step in small.run.scenario.steps] == ["connect", "freeze", "heal"]
