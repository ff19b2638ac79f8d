"""What each policy costs and how it dies, in figures: writes docs/policies.md (`make policies`).

Every policy runs every scenario of `scenarios/stage1` and `scenarios/field` with its published time-outs, whatever the
file says about policy, time-outs and planted bugs. The figures are of the simulator: they compare policies, and say
nothing about how often a user meets what a scenario sets up.
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

from harness.checks.registry import NAMES as CHECKS
from harness.explore.trial import trial
from harness.explore.vocabulary import vocabulary
from harness.policies import registry
from harness.scenario import Scenario, parse
from harness.trace.records import MessagePosted

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "policies.md"
SEEDS = range(1, 21)
FOLDERS = ("stage1", "field")
# The owner's end, noticed and unnoticed: what a failover takes.
ENDS = ("stage1/main-crashes.yaml", "stage1/main-closes-failover.yaml")
END_SEEDS = range(1, 101)
CALL_S = 120
CALL = f"""
scenario: three windows, one call, nothing happens
why: what a policy says on the bus when all is well
windows:
  main: {{kind: main, opens: 0s}}
  overlay: {{kind: overlay, opens: 500ms}}
  widget: {{kind: overlay, opens: 1s}}
steps:
  - {{at: 2s, connect: {{window: main, channel: lobby}}}}
lasts: {CALL_S + 5}s
"""


class Figures(NamedTuple):
    """Of one policy. `broken` counts runs with a violated check, by folder; `violated` runs by check, of both."""

    name: str
    runs: dict[str, int]
    broken: dict[str, int]
    violated: Counter[str]
    ledger: Counter[str]
    failover_ms: list[int]
    never: int
    messages: int


def scenarios(folder: str) -> list[Scenario]:
    """The scenarios of a folder, with nothing in them that is meant for one policy."""
    files = sorted((ROOT / "scenarios" / folder).glob("*.yaml"))
    return [_plain(f"{folder}/{file.name}") for file in files]


def _plain(path: str) -> Scenario:
    scenario = parse((ROOT / "scenarios" / path).read_text(), vocabulary(), path)
    return scenario.model_copy(update={"without": (), "timings_us": {}})


def measure(name: str) -> Figures:
    """All figures of one policy."""
    figures = Figures(name, {}, {}, Counter(), Counter(), *_failover(name), _messages(name))
    for folder in FOLDERS:
        figures.runs[folder] = figures.broken[folder] = 0
        for scenario in scenarios(folder):
            for seed in SEEDS:
                result = trial(scenario, name, seed).result
                found = {finding.check for finding in result.violations} & set(CHECKS)
                figures.runs[folder] += 1
                figures.broken[folder] += bool(found)
                figures.violated.update(found)
                figures.ledger.update(result.ledger)
    return figures


def _failover(name: str) -> tuple[list[int], int]:
    """How long nobody owned after the owner's end, and in how many runs nobody did any more."""
    lasted_ms, never = [], 0
    for path in ENDS:
        scenario = _plain(path)
        for seed in END_SEEDS:
            result = trial(scenario, name, seed).result
            if any(finding.check == "owner_elected" for finding in result.violations):
                never += 1
            else:
                lasted_ms.append(result.ledger["no_owner_ms"])
    return lasted_ms, never


def _messages(name: str) -> int:
    """Bus messages a minute in a call in which nothing happens."""
    trace = trial(parse(CALL, vocabulary(), "call.yaml"), name, 1).run.trace
    since_us, until_us = 4_000_000, 4_000_000 + CALL_S * 1_000_000
    posted = [one for one in trace.records if isinstance(one, MessagePosted) and since_us <= one.at_us < until_us]
    return round(len(posted) * 60 / CALL_S)


# -- the page ----------------------------------------------------------------------------------------------------------


def per_thousand(count: int, runs: int) -> str:
    """0 means never; what is rare stays visible."""
    rate = 1_000 * count / runs
    return f"{rate:.0f}" if rate >= 1 or not count else "<1"


def costs(all_figures: Iterable[Figures]) -> str:
    """The first table."""
    lines = [
        "| policy | broken, stage1 | broken, field | failover, median | failover, longest | messages a minute "
        "| elections a run | handoffs a run | flaps a run |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in all_figures:
        runs = sum(one.runs.values())
        cells = [
            f"`{one.name}`",
            *[per_thousand(one.broken[folder], one.runs[folder]) for folder in FOLDERS],
            f"{statistics.median(one.failover_ms):,.0f} ms" if one.failover_ms else "never",
            "never" if one.never else f"{max(one.failover_ms):,} ms",
            f"{one.messages:,}",
            *[f"{one.ledger[key] / runs:.2f}" for key in ("elections", "handoffs", "flaps")],
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def deaths(all_figures: list[Figures]) -> str:
    """The second table: runs in a thousand that violate a check."""
    checks = [check for check in CHECKS if any(one.violated[check] for one in all_figures)]
    lines = [f"| policy | {' | '.join(f'`{check}`' for check in checks)} |", f"|---|{'---:|' * len(checks)}"]
    for one in all_figures:
        runs = sum(one.runs.values())
        cells = [per_thousand(one.violated[check], runs) if one.violated[check] else "" for check in checks]
        lines.append(f"| `{one.name}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def portrait(name: str) -> str:
    """A policy in the words of its own file."""
    policy = registry.load(name)
    module = inspect.getmodule(policy)
    told = inspect.getdoc(
        module if policy.__base__ is None or policy.__base__.__module__ != policy.__module__ else policy
    )
    lacks = f"\n\nWithout: {', '.join(f'`{one}`' for one in policy.without)}." if policy.without else ""
    return f"### `{name}`\n\n{told}{lacks}"


def page(all_figures: list[Figures]) -> str:
    """docs/policies.md."""
    by_name = {one.name: one for one in all_figures}
    runs = sum(all_figures[0].runs.values())
    best = by_name[registry.RECOMMENDED]
    clean = [one for one in all_figures if not sum(one.broken.values())]
    text = (Path(__file__).parent / "policies.md").read_text()
    return text.format(
        runs=f"{runs:,}",
        seeds=len(SEEDS),
        scenarios=runs // len(SEEDS),
        ends=len(END_SEEDS),
        costs=costs(all_figures),
        deaths=deaths(all_figures),
        recommended=registry.RECOMMENDED,
        clean=", ".join(f"`{one.name}`" for one in clean) or "none",
        longest=f"{max(best.failover_ms):,}",
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
                f"{figures.name}: {sum(figures.broken.values())} of {sum(figures.runs.values())} runs", file=sys.stderr
            )
    PAGE.write_text(page(all_figures))
    print(f"{PAGE.relative_to(ROOT)} written after {time.monotonic() - started_s:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
