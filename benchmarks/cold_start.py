"""How long a user waits for the first word: `oneroom --help`, and one scenario.

Rules: wall time of whole processes, the way a user starts them; prints, asserts nothing. The bars are 150 ms for
`--help` and 500 ms for one scenario, on a quiet machine.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
ONEROOM = Path(sys.executable).with_name("oneroom")
TIMES = 10


def wall_ms(arguments: list[str]) -> float:
    """Milliseconds of one call. Raises CalledProcessError when it exits with anything but 0."""
    started = time.perf_counter()
    subprocess.run([str(ONEROOM), *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
    return (time.perf_counter() - started) * 1_000


def report(arguments: list[str], bar_ms: int) -> str:
    """One line of the table, or why there is none."""
    command = " ".join(["oneroom", *arguments])
    try:
        # The first call is not counted: it may still have to write bytecode.
        spent_ms = [wall_ms(arguments) for _ in range(TIMES + 1)][1:]
    except FileNotFoundError:
        return f"{command}: left out, {ONEROOM.name} is not installed beside {Path(sys.executable).name}"
    except subprocess.CalledProcessError as failure:
        last = (failure.stderr or failure.stdout or "").strip().splitlines()[-1:]
        return f"{command}: left out, exit {failure.returncode}: {''.join(last)}"
    return f"{command}: min {min(spent_ms):.0f} ms, median {statistics.median(spent_ms):.0f} ms (bar {bar_ms} ms)"


def main() -> int:
    print(f"cold start, wall time of {TIMES} calls")
    print(report(["--help"], 150))
    scenario = next(iter(sorted((PROJECT / "scenarios" / "stage1").glob("*.yaml"))), None)
    if scenario is None:
        print("one scenario: left out, there is none in scenarios/stage1")
    else:
        print(report(["run", scenario.relative_to(PROJECT).as_posix()], 500))
    return 0


if __name__ == "__main__":
    sys.exit(main())
