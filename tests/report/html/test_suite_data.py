"""The data of the suite page say what came of the runs, and keep little of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from oneroom.checks.results import Result, Summary
from oneroom.explore.judged_run import run_judged
from oneroom.explore.result_collector import ResultCollector
from oneroom.report.html.distribution import Distribution, quantiles_of
from oneroom.report.html.suite_data import SuiteData
from oneroom.scenario import Scenario
from tests.explore.texts import HELD, TWO_ROOMS
from tests.explore.texts import scenario as parsed

SEEDS = range(1, 6)


def results_of(scenario: Scenario, policy: str) -> list[Result]:
    return [run_judged(scenario, policy, seed).result for seed in SEEDS]


def data_of(*cells: tuple[Scenario, str]) -> dict[str, Any]:
    suite = SuiteData("run")
    for scenario, policy in cells:
        collector = ResultCollector(scenario, policy)
        for result in results_of(scenario, policy):
            suite.add(result)
            collector.add(result)
        suite.group(collector.close(), collector.results, scenario.expect.limits, scenario.tags)
    runs = len(cells) * len(SEEDS)
    summary = Summary(runs, 1, (), "1..5", 0, {}, 0, (), (), "held", 0, 12.5)
    found: dict[str, Any] = json.loads(suite.json(summary, ("run", "it's.yaml"), {}))
    return found


def test_a_quantile_is_the_smallest_value_that_enough_runs_are_not_above() -> None:
    assert quantiles_of([1, 2, 3, 4]) == [2, 4, 4]
    assert quantiles_of([7]) == [7, 7, 7]


def test_a_distribution_is_exact_for_small_values_and_close_for_large_ones() -> None:
    values = [*range(1, 201), *range(10_000, 90_000, 400)]
    told = Distribution()
    for seed, value in enumerate(values):
        told.add(value, "a.yaml", seed)
    exact = quantiles_of(sorted([0] * 100 + values))
    for value, true in zip(told.quantiles(len(values) + 100), exact, strict=True):
        assert true * (1 - 1 / 128) <= value <= true
    assert told.quantiles(len(values) + 100)[0] == exact[0] <= 255
    assert (told.highest, told.seed) == (89_600, len(values) - 1)


def test_the_memory_of_a_distribution_does_not_grow_with_its_values() -> None:
    told = Distribution()
    for value in range(1, 3_000_000, 7):
        told.add(value, "", 0)
    assert len(told.counts) < 128 * 23
    assert len(told.curve(1_000_000)) <= 402


def test_a_curve_begins_with_the_share_of_zero_and_ends_at_the_maximum() -> None:
    told = Distribution()
    for value in (5, 5, 1_000):
        told.add(value, "", 0)
    assert told.curve(4) == [[0, 0.25], [5, 0.75], [1_000, 1]]


def test_a_cell_tells_rate_interval_failures_and_ledger_of_its_runs() -> None:
    two = parsed(TWO_ROOMS, "two.yaml")
    data = data_of((two, "naive"))
    (cell,) = data["cells"]
    hits, low, high = cell["unexpected"]
    assert (hits, high) == (5, 1)
    assert low == pytest.approx(0.5655, abs=1e-4)  # Wilson's bound of 5 of 5
    assert {failure["check"] for failure in data["failures"]} == set(cell["violated"])
    results = results_of(two, "naive")
    highest = max(result.ledger["two_rooms_ms"] for result in results)
    *_, told, seed = cell["ledger"]["two_rooms_ms"]
    assert told == highest
    assert results[SEEDS.index(seed)].ledger["two_rooms_ms"] == highest
    assert [one["key"] for one in data["ledger"]].count("two_rooms_ms") == 1


def test_scenarios_are_rows_policies_are_columns_and_words_survive_a_shell() -> None:
    held, two = parsed(HELD, "a/held.yaml"), parsed(TWO_ROOMS, "a/two.yaml")
    data = data_of((held, "web-lock"), (held, "web-lock-lease"), (two, "web-lock"))
    assert [row["name"] for row in data["rows"]] == ["held", "two"]
    assert {row["folder"] for row in data["rows"]} == {"a"}
    assert data["policies"] == ["web-lock", "web-lock-lease"]
    assert [(cell["row"], cell["policy"]) for cell in data["cells"]] == [
        (0, "web-lock"),
        (0, "web-lock-lease"),
        (1, "web-lock"),
    ]
    assert data["line"] == """oneroom run 'it'"'"'s.yaml'"""
    assert data["cells"][0]["show"] == "oneroom show a/held.yaml --policy web-lock --seed "
