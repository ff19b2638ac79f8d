"""Milliseconds of processor time of a run of the catalogue: all scenarios of stage1 to stage4.

Rules: each scenario is read once and run under the recommended policy, one seed after the other, in
a process of its own below this one. `--beside FOLDER` measures another checkout in turns with this
one, over the scenarios that both have; prints, asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
STAGES = ("stage1", "stage2", "stage3", "stage4")
NAMED = 5


def measure(seeds: int) -> dict[str, float]:
    """The milliseconds of a run, by scenario, in the checkout of the present folder."""
    import oneroom
    from oneroom.explore.judged_run import run_judged
    from oneroom.policies.registry import RECOMMENDED

    spent_ms = {}
    for file in sorted(
        file for stage in STAGES for file in Path("scenarios", stage).glob("*.yaml")
    ):
        scenario = oneroom.load(file)
        run_judged(scenario, RECOMMENDED, seeds + 1)  # what is made once is made
        began_s = time.process_time()
        for seed in range(1, seeds + 1):
            run_judged(scenario, RECOMMENDED, seed)
        spent_ms[f"{file}"] = (time.process_time() - began_s) * 1_000 / seeds
    return spent_ms


def measured(checkout: Path, seeds: int) -> dict[str, float]:
    """The same of `checkout`, in a process of its own."""
    child = subprocess.run(
        [sys.executable, __file__, "--child", "--seeds", f"{seeds}"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": f"{checkout / 'harness'}{os.pathsep}{checkout / 'fakes'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    spent_ms: dict[str, float] = json.loads(child.stdout)
    return spent_ms


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.catalogue")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--beside", type=Path, metavar="FOLDER")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        json.dump(measure(options.seeds), sys.stdout)
        return 0
    own: list[dict[str, float]] = []
    ratios: list[float] = []
    for _ in range(options.rounds):
        own.append(measured(PROJECT, options.seeds))
        if options.beside is not None:
            other = measured(options.beside.resolve(), options.seeds)
            both = own[-1].keys() & other.keys()
            ratios.append(sum(other[one] for one in both) / sum(own[-1][one] for one in both))
    best_ms = {one: min(spent_ms[one] for spent_ms in own) for one in own[0]}
    print(f"catalogue, {len(best_ms)} scenarios, {options.rounds} rounds of {options.seeds} seeds")
    print(f"{statistics.mean(best_ms.values()):.1f} ms a run on average; most in")
    for one in sorted(best_ms, key=lambda one: -best_ms[one])[:NAMED]:
        print(f"  {best_ms[one]:5.1f} ms  {one}")
    if ratios:
        print(
            f"{options.beside} takes {statistics.median(ratios):.2f} times as long "
            f"({min(ratios):.2f} to {max(ratios):.2f})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
