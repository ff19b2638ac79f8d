"""One arm, measured in a process of its own: `python -m benchmarks.election.child ARM SECONDS`.

Rules: prints one line of JSON and nothing else. Measures processor time, not wall time, which a
busy machine distorts more. An arm that cannot run here is reported as such; an arm that did not do
the work is an error.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
import time
from types import ModuleType

from benchmarks.election.work import ArmUnavailableError, check

FIRST_SEEDS = 3
"""Runs before the clock starts; what they delivered is reported, so that arms can be compared run
by run.
"""


def load(name: str) -> ModuleType:
    """The arm's module. Raises ArmUnavailableError if its simulator is not installed."""
    try:
        return importlib.import_module(f"benchmarks.election.{name}")
    except ModuleNotFoundError as missing:
        raise ArmUnavailableError(f"{missing.name} is not installed") from missing


def measure(name: str, seconds: float) -> dict[str, object]:
    """Runs per second of processor time, over at least `seconds` of it. Raises WorkNotDoneError."""
    arm = load(name)
    # Most arms count while they run; what another one has to count afterwards is the bench's wish
    # and not its work.
    outcome = getattr(arm, "outcome", lambda counted: counted)
    delivered = [check(outcome(arm.run(seed))) for seed in range(FIRST_SEEDS)]
    runs = 0
    spent = 0.0
    result = None
    while spent < seconds:
        started = time.process_time()
        # What the run before has left is freed here, so within the clock.
        result = arm.run(FIRST_SEEDS + runs)
        spent += time.process_time() - started
        check(outcome(result))
        runs += 1
    return {"runs_per_s": runs / spent, "delivered": delivered, "python": platform.python_version()}


def main() -> int:
    name, seconds = sys.argv[1], float(sys.argv[2])
    try:
        answer = measure(name, seconds)
    except ArmUnavailableError as reason:
        answer = {"unavailable": str(reason)}
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
