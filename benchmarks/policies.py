"""Costs and failure modes of each policy, in figures: writes docs/policies.md (`make policies`).

Every policy runs every scenario of `scenarios/stage1` and `scenarios/field` with its published
time-outs, whatever the file says about policy, time-outs and planted bugs. The figures are of the
simulator: they compare policies, and do not say how often users meet such situations.
"""

from __future__ import annotations

import inspect
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks import markdown, timings
from benchmarks.faults import SEEDS as FAULT_SEEDS
from benchmarks.faults import WINDOWS, call, lost, messages, spell_ms, succeeded_ms
from oneroom.checks.registry import NAMES as CHECKS
from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies import registry
from oneroom.scenario import Scenario, parse

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "policies.md"
SEEDS = range(1, 21)
FOLDERS = ("stage1", "field")
# What happens to the owner of a call, and how that is told of one window.
FAULTS = {
    "crash": "crash: {window: WINDOW}",
    "close": "close: {window: WINDOW}",
    "stop": "stop: {window: WINDOW, lasts: 60s}",
    "freeze": "freeze: {window: WINDOW}",
}


NO_TERMS = """

Without terms: no message is too late to have its effect, and an owner that stood still goes on."""


class Figures(NamedTuple):
    """The figures of one policy.

    `broken` counts runs with a violated check, by folder; `violated` runs by check, in both
    folders.
    """

    name: str
    runs: dict[str, int]
    broken: dict[str, int]
    violated: Counter[str]
    ledger: Counter[str]
    succeeded_ms: dict[str, list[int]]
    messages: int


def scenarios(folder: str) -> list[Scenario]:
    """The scenarios of a folder, without settings that are meant for one policy."""
    return [
        story.model_copy(update={"without": (), "timings_us": {}}) for story in _stories(folder)
    ]


def _stories(folder: str) -> list[Scenario]:
    """The scenarios of a folder, but those that no policy can help: the file itself expects a
    violation under the recommended one, and says why.
    """
    files = sorted((ROOT / "scenarios" / folder).glob("*.yaml"))
    stories = [parse(file.read_text(), vocabulary(), f"{folder}/{file.name}") for file in files]
    return [
        story
        for story in stories
        if not (registry.RECOMMENDED in story.policies and story.expect.violated)
    ]


def measure(name: str) -> Figures:
    """All figures of one policy."""
    figures = Figures(name, {}, {}, Counter(), Counter(), {}, messages(name))
    for folder in FOLDERS:
        figures.runs[folder] = figures.broken[folder] = 0
        for scenario in scenarios(folder):
            for seed in SEEDS:
                result = run_judged(scenario, name, seed).result
                found = {finding.check for finding in result.violations} & set(CHECKS)
                figures.runs[folder] += 1
                figures.broken[folder] += bool(found)
                figures.violated.update(found)
                figures.ledger.update(result.ledger)
    for fault in FAULTS:
        figures.succeeded_ms[fault] = _after(name, fault)
    return figures


def _after(name: str, fault: str) -> list[int]:
    """The time until another window owned after this happened to the only owner."""
    step = f"at: 6s..8s, {FAULTS[fault]}"
    return succeeded_ms(name, {window: call(step.replace("WINDOW", window)) for window in WINDOWS})


# -- the page ------------------------------------------------------------------------------------


def per_thousand(count: int, runs: int) -> str:
    """A rate per thousand in which rare events stay visible: 0 means never."""
    rate = 1_000 * count / runs
    return f"{rate:.0f}" if rate >= 1 or not count else "<1"


def failover(one: Figures, fault: str) -> list[str]:
    """The median and the longest time."""
    lasted_ms = one.succeeded_ms[fault]
    if not lasted_ms:
        return ["", ""]
    return [spell_ms(round(statistics.median(lasted_ms))), spell_ms(max(lasted_ms))]


def costs(all_figures: Iterable[Figures]) -> str:
    """The first table."""
    head = (
        *("policy", "broken, stage1", "broken, field", "messages a minute"),
        *("elections a run", "handoffs a run", "flaps a run"),
    )
    rows = []
    for one in all_figures:
        runs = sum(one.runs.values())
        broken = [per_thousand(one.broken[folder], one.runs[folder]) for folder in FOLDERS]
        events = [f"{one.ledger[key] / runs:.2f}" for key in ("elections", "handoffs", "flaps")]
        rows.append([f"`{one.name}`", *broken, f"{one.messages:,}", *events])
    return markdown.table(head, rows, text_columns=(0,))


def failovers(all_figures: Iterable[Figures]) -> str:
    """The second table."""
    head = (
        *("policy", "crashes: median", "longest", "is closed: median", "longest"),
        *("stands still: median", "longest", "frozen: loses its call"),
    )
    rows = [
        [
            f"`{one.name}`",
            *failover(one, "crash"),
            *failover(one, "close"),
            *failover(one, "stop"),
            lost(one.succeeded_ms["freeze"]),
        ]
        for one in all_figures
    ]
    return markdown.table(head, rows, text_columns=(0,))


def deaths(all_figures: list[Figures]) -> str:
    """The third table: runs in a thousand that violate a check."""
    checks = [check for check in CHECKS if any(one.violated[check] for one in all_figures)]
    rows = []
    for one in all_figures:
        runs = sum(one.runs.values())
        cells = [
            per_thousand(one.violated[check], runs) if one.violated[check] else ""
            for check in checks
        ]
        rows.append([f"`{one.name}`", *cells])
    head = ("policy", *(f"`{check}`" for check in checks))
    return markdown.table(head, rows, text_columns=(0,))


def portrait(name: str) -> str:
    """The description of a policy from its own module."""
    policy = registry.load(name)
    module = inspect.getmodule(policy)
    told = inspect.getdoc(
        module
        if policy.__base__ is None or policy.__base__.__module__ != policy.__module__
        else policy
    )
    lacks = "" if policy.has_terms else NO_TERMS
    return f"### `{name}`\n\n{told}{lacks}"


def page(all_figures: list[Figures], cells: list[timings.Cell]) -> str:
    """The text of docs/policies.md."""
    by_name = {one.name: one for one in all_figures}
    runs = sum(all_figures[0].runs.values())
    best = by_name[registry.RECOMMENDED]
    clean = [one for one in all_figures if not sum(one.broken.values())]
    text = (Path(__file__).parent / "policies.md").read_text()
    return text.format(
        runs=f"{runs:,}",
        seeds=len(SEEDS),
        scenarios=runs // len(SEEDS),
        ends=len(FAULT_SEEDS),
        costs=costs(all_figures),
        failovers=failovers(all_figures),
        deaths=deaths(all_figures),
        recommended=registry.RECOMMENDED,
        clean=", ".join(f"`{one.name}`" for one in clean) or "none",
        crash=failover(best, "crash")[1],
        stop=failover(best, "stop")[1],
        frozen=lost(best.succeeded_ms["freeze"]),
        sweep=timings.table(cells),
        sweep_seeds=len(timings.SEEDS),
        **timings.words(cells),
        portraits="\n\n".join(portrait(name) for name in registry.NAMES),
    )


def main() -> None:
    """Measure all policies, two at a time, and write the page."""
    started_s = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        all_figures = []
        for figures in pool.map(measure, registry.NAMES):
            all_figures.append(figures)
            print(
                f"{figures.name}: {sum(figures.broken.values())} of {sum(figures.runs.values())} "
                "runs",
                file=sys.stderr,
            )
        cells = []
        for cell in pool.map(timings.measure, timings.jobs(_stories("stage1"))):
            cells.append(cell)
            print(
                f"{cell.policy} {cell.timings}: {cell.broken} of {cell.runs} runs", file=sys.stderr
            )
    PAGE.write_text(page(all_figures, cells))
    print(
        f"{PAGE.relative_to(ROOT)} written after {time.monotonic() - started_s:.0f} s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
