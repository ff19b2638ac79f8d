"""A run that would not end by itself is given up, at the same point everywhere, and says why."""

from __future__ import annotations

import pytest

from oneroom.explore.judged_run import run_judged
from oneroom.explore.result_collector import ResultCollector
from oneroom.explore.vocabulary import vocabulary
from oneroom.report import json_lines, junit, text
from oneroom.scenario import parse
from oneroom.sim import budget

TEXT = """
scenario: two windows and a bus without delay
why: a test
bus: {delay: 0ms}
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 1s}
steps:
  - {at: 2s, connect: {window: main, channel: lobby}}
expect: {elections: 1}
"""
SCENARIO = parse(TEXT, vocabulary(), "two.yaml")
WHY = {
    "Echo": "time stands still at 1.",
    "Impatient": "time stands still at 0.000 s: 8,192 turns in that instant",
    "Restless": "time stands still at 0.012 s: 8,192 turns within 8.192 ms",
}


@pytest.fixture(autouse=True)
def _a_small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_IN_A_SECOND", 2 * budget.STRIDE)


@pytest.mark.parametrize("policy", WHY)
def test_it_is_inconclusive_with_the_reason_and_repeats_itself(policy: str) -> None:
    name = f"tests.ablation.endless:{policy}"
    first, again = (run_judged(SCENARIO, name, 1).result for _ in range(2))
    assert first.verdict == "inconclusive"
    assert not first.expected
    assert first.gave_up.startswith(WHY[policy])
    assert first.violations == (), "a limit on the ledger is not judged by half a run"
    assert (again.digest, again.gave_up) == (first.digest, first.gave_up)


def test_every_report_says_so() -> None:
    gathering = ResultCollector(SCENARIO, "tests.ablation.endless:Impatient")
    result, _ = gathering.add(run_judged(SCENARIO, "tests.ablation.endless:Impatient", 7).result)
    group = gathering.close()
    said = f"inconclusive: seed 7: {WHY['Impatient']}"
    assert group.verdict == "inconclusive"
    assert said in text.group_line(group, text.columns_for(["two.yaml"], ["x"], 1))
    assert f'"gave_up":"{WHY["Impatient"]}"' in json_lines.run_line(result)
    assert f'<failure message="seed 7: {WHY["Impatient"]}" type="inconclusive">' in junit.render(
        [group], {}
    )


def test_a_real_violation_is_not_hidden() -> None:
    """The run is given up, and two windows owned one term before that."""
    bad = run_judged(SCENARIO, "tests.ablation.endless:BothOwn", 1).result
    assert bad.gave_up
    assert bad.verdict == "violated"
    assert "one_owner_per_term" in bad.unexpected
