"""Runs and processor time of a search until it finds each planted bug, by strategy.

Every row of `tests/ablation/bugs.py` that a check catches, and every policy of the field, is
searched for from one scenario that knows nothing of it. Found is the first failure *of that cause*:
the run breaks a check, and the same drawn scenario with the same tape and without the bug does not.

    python -m benchmarks.time_to_bug --repetitions 20 --budget 20
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.markdown import table
from oneroom.checks.registry import KEYS
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.explore.fuzz import fuzz_once, fuzz_result
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.strategies.registry import AUTO, NAMES, make_strategy, parse_strategies
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies import registry
from oneroom.policies.registry import RECOMMENDED
from oneroom.scenario import Scenario, parse
from tests.ablation.bugs import SAFEGUARDS

GENERIC = """\
scenario: three windows and one connect
why: the ground of a search; nothing else happens by itself
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
  widget: {kind: overlay, opens: 0s}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
"""
# A search draws steps of the chat where there is one already.
CHAT = f"{GENERIC}  - {{at: 2s, chat_arrives: {{text: hello}}}}\n"
# What nothing is known to be wrong with.
_GOOD = ("main-only", RECOMMENDED)


class Bug(NamedTuple):
    """A bug that is searched for: lost protections of `policy`, or the policy itself."""

    name: str
    policy: str
    base: Scenario

    def caused(self, made: JudgedRun) -> bool:
        """True if a failing run is this bug's doing: without the bug it does not fail."""
        found = {finding.check for finding in made.result.violations}
        healthy = made.run.scenario.model_copy(update={"without": ()})
        policy = self.policy if self.base.without else RECOMMENDED
        twin = run_judged(healthy, policy, made.result.seed, ReplayByLabel(made.run.tape))
        return bool(found - {finding.check for finding in twin.result.violations})


class Search(NamedTuple):
    """One repetition of the search for one bug."""

    runs: int
    cpu_s: float
    found: bool


def bugs(only: Sequence[str]) -> Iterator[Bug]:
    """All bugs, or those that are named."""
    generic, chat = (parse(text, vocabulary(), "generic.yaml") for text in (GENERIC, CHAT))
    for row in SAFEGUARDS:
        if row.caught_by not in KEYS:
            ground = chat if row.name.startswith("chat_") else generic
            base = ground.model_copy(update={"without": (row.name,)})
            if not only or row.name in only:
                yield Bug(row.name, row.control, base)
    for policy in registry.NAMES:
        if policy not in _GOOD and (not only or policy in only):
            yield Bug(f"policy {policy}", policy, generic)


def searched(bug: Bug, turns: Sequence[str], first_seed: int, budget_s: float) -> Search:
    """A search for `bug` of at most `budget_s` of processor time, with an empty corpus."""
    strategy = make_strategy(turns)
    started_s = time.process_time()
    runs = 0
    while (spent_s := time.process_time() - started_s) < budget_s:
        seed = first_seed + runs
        recipe = strategy.recipe(seed)
        result = fuzz_result(bug.base, bug.policy, seed, recipe=recipe)
        strategy.learn(recipe, result)
        runs += 1
        failing = result.violations and bug.caused(
            fuzz_once(bug.base, bug.policy, seed, recipe=recipe)
        )
        if failing:
            return Search(runs, time.process_time() - started_s, True)
    return Search(runs, spent_s, False)


def cell(searches: Sequence[Search]) -> str:
    """`12 runs (3–40), 0.2 s`: the median and the range; `1 of 3` where some found nothing."""
    found = [one for one in searches if one.found]
    if not found:
        return f"no, {round(statistics.median(one.runs for one in searches)):,} runs"
    runs = [one.runs for one in found]
    middle = f"{round(statistics.median(runs)):,} ({min(runs):,}–{max(runs):,})"
    told = f"{middle}, {statistics.median(one.cpu_s for one in found):.1f} s"
    return told if len(found) == len(searches) else f"{len(found)} of {len(searches)}: {told}"


def last_row(columns: Sequence[Sequence[Sequence[Search]]]) -> list[str]:
    """For each strategy: bugs found in most repetitions, and the median time of all its finds."""
    told = []
    for column in columns:
        most = sum(2 * sum(one.found for one in searches) > len(searches) for searches in column)
        times_s = [one.cpu_s for searches in column for one in searches if one.found]
        middle = f", {statistics.median(times_s):.1f} s" if times_s else ""
        told.append(f"{most} of {len(column)}{middle}")
    return told


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.time_to_bug", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=20, metavar="R")
    parser.add_argument("--budget", type=float, default=20.0, metavar="S", help="CPU seconds each")
    parser.add_argument("--strategies", nargs="*", default=[*NAMES, AUTO], metavar="NAME")
    parser.add_argument("--only", nargs="*", default=[], metavar="BUG")
    wanted = parser.parse_args()
    names = wanted.strategies
    rows: list[list[str]] = []
    columns: list[list[list[Search]]] = [[] for _ in names]
    for bug in bugs(wanted.only):
        for name, column in zip(names, columns, strict=True):
            column.append(
                [
                    searched(bug, parse_strategies(name), 1 + 1_000_000 * number, wanted.budget)
                    for number in range(wanted.repetitions)
                ]
            )
        rows.append([f"`{bug.name}`", *(cell(column[-1]) for column in columns)])
        print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
    rows.append(["found in most repetitions, and the median time", *last_row(columns)])
    print(table(["bug", *names], rows, (0,)))


if __name__ == "__main__":
    main()
