"""Milliseconds of processor time until what-if has played a run again: `python -m
benchmarks.what_if`.

Every step, opening and arrival of the run is moved once, by 20 ms; what cannot be moved is left
out. The figures are of the simulation alone, without the page's data.
"""

from __future__ import annotations

import statistics
import time

from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.explore.what_if import Immovable, first_version, moved
from oneroom.scenario import load
from oneroom.trace.records import LifeChanged, MessageDelivered, StepTaken

CASES = (
    ("scenarios/negative/a-mute-dies-with-its-owner.yaml", "web-lock-lease", 4),
    ("scenarios/stage1/frozen-owner-crashes.yaml", "heartbeat", 1),
    ("scenarios/stage1/bus-loses-and-doubles.yaml", "web-lock-lease", 1),
)
BY_US = 20_000


def main() -> None:
    """Measure each case, a line each."""
    for path, policy, seed in CASES:
        scenario = load(path, vocabulary())
        tape = run_judged(scenario, policy, seed).run.tape
        version = first_version(scenario, policy, seed, tape)
        spent_ms = []
        for record in version.records:
            if not isinstance(record, StepTaken | LifeChanged | MessageDelivered):
                continue
            started_s = time.process_time()
            try:
                moved(version, record.n, record.at_us + BY_US)
            except Immovable:
                continue
            spent_ms.append(1_000 * (time.process_time() - started_s))
        print(
            f"{path} {policy}: {len(version.records)} records, {len(spent_ms)} moved, "
            f"median {statistics.median(spent_ms):.0f} ms, worst {max(spent_ms):.0f} ms"
        )


if __name__ == "__main__":
    main()
