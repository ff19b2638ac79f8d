"""Runs per second of JavaScript windows: an app in them, and the owner machine in TypeScript.

Rules: one scenario, with equal seeds; the arms take turns in one process, so that other load on the
machine affects all of them; processor time; ratios to the Python core are taken within a round.
Needs esbuild (`npm ci --prefix examples`, and in typescript/oneroom-core); what cannot be bundled
is left out. Prints, asserts nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

import oneroom
from oneroom.explore.judged_run import run_judged
from oneroom.javascript.bundler import NotBundled, bundled, bundled_core
from oneroom.policies.registry import RECOMMENDED
from oneroom.scenario import Scenario

PROJECT = Path(__file__).resolve().parents[1]
SCENARIO = PROJECT / "scenarios" / "stage1" / "main-crashes.yaml"
APP = PROJECT / "examples" / "voice-store" / "voice.ts"
PYTHON, STORE, TYPESCRIPT = "Python core", "examples/voice-store", "--core ts"
BAR_RUNS_PER_S = 200
BAR_TO_PYTHON = 0.5


def arms() -> tuple[dict[str, Scenario], dict[str, str]]:
    """The scenario of each arm, and why one is left out."""
    scenario = oneroom.load(SCENARIO)
    made, left_out = {PYTHON: scenario}, {}
    try:
        made[STORE] = scenario.with_bundle(bundled(APP))
    except NotBundled as error:
        left_out[STORE] = str(error)
    try:
        made[TYPESCRIPT] = scenario.with_core(bundled_core(PROJECT))
    except NotBundled as error:
        left_out[TYPESCRIPT] = str(error)
    return made, left_out


def measure(made: dict[str, Scenario], rounds: int, seeds: int) -> dict[str, list[float]]:
    """Seconds of processor time of a run, by arm, for each round."""
    for scenario in made.values():
        run_judged(scenario, RECOMMENDED, 1)  # what is made once is made
    spent_s: dict[str, list[float]] = {arm: [] for arm in made}
    for number in range(rounds):
        for arm, scenario in made.items():
            began_s = time.process_time()
            for seed in range(number * seeds, (number + 1) * seeds):
                run_judged(scenario, RECOMMENDED, seed)
            spent_s[arm].append((time.process_time() - began_s) / seeds)
    return spent_s


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.javascript")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seeds", type=int, default=20, help="seeds a round")
    options = parser.parse_args()
    made, left_out = arms()
    spent_s = measure(made, options.rounds, options.seeds)
    shown = SCENARIO.relative_to(PROJECT).as_posix()
    print(f"{shown}, {options.rounds} rounds of {options.seeds} seeds, runs/s of processor time")
    for arm, seconds in spent_s.items():
        ratios = [theirs / mine for theirs, mine in zip(spent_s[PYTHON], seconds, strict=True)]
        print(
            f"  {arm:22}{1 / statistics.median(seconds):6.0f}   {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f}..{max(ratios):.2f}) of the Python core"
        )
    for arm, why in left_out.items():
        print(f"  {arm}: left out, {why}")
    print(
        f"  bars: {STORE} at least {BAR_RUNS_PER_S} runs/s, {TYPESCRIPT} at least {BAR_TO_PYTHON} "
        "of the Python core"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
