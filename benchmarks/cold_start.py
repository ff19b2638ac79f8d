"""Time to the first output: `oneroom --help`, and one scenario.

Rules: whole processes, the way a user starts them, with Python's bytecode cache on; prints, asserts
nothing. Wall time is what a user feels; processor time, that of all processes of the command, is
less distorted by a busy machine. The bars are 150 ms for `--help` and 500 ms for one scenario, on a
quiet machine.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
ONEROOM = Path(sys.executable).with_name("oneroom")
TIMES = 10

# Containers often switch the cache off, to have smaller layers; then every start would compile the
# project.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def spent_ms(arguments: list[str]) -> tuple[float, float]:
    """Wall time and processor time of one call, in ms.

    Raises CalledProcessError when its exit code is not 0.
    """
    before_s, started_s = processor_s(), time.perf_counter()
    subprocess.run(
        [str(ONEROOM), *arguments],
        cwd=PROJECT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return (time.perf_counter() - started_s) * 1_000, (processor_s() - before_s) * 1_000


def processor_s() -> float:
    """Processor time in seconds of the finished child processes and their descendants."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def report(arguments: list[str], bar_ms: int) -> str:
    """One line of the table, or the reason why there is none."""
    command = " ".join(["oneroom", *arguments])
    try:
        # The first call is not counted: it may still have to write bytecode.
        calls = [spent_ms(arguments) for _ in range(TIMES + 1)][1:]
    except FileNotFoundError:
        return (
            f"{command}: left out, {ONEROOM.name} is not installed beside "
            f"{Path(sys.executable).name}"
        )
    except subprocess.CalledProcessError as failure:
        last = (failure.stderr or failure.stdout or "").strip().splitlines()[-1:]
        return f"{command}: left out, exit {failure.returncode}: {''.join(last)}"
    wall_ms, processor_ms = (sorted(times) for times in zip(*calls, strict=True))
    return (
        f"{command}: min {wall_ms[0]:.0f} ms, median {statistics.median(wall_ms):.0f} ms (bar "
        f"{bar_ms} ms); "
        f"processor time {statistics.median(processor_ms):.0f} ms"
    )


def main() -> int:
    print(f"cold start, {TIMES} calls")
    print(report(["--help"], 150))
    scenario = next(iter(sorted((PROJECT / "scenarios" / "stage1").glob("*.yaml"))), None)
    if scenario is None:
        print("one scenario: left out, there is none in scenarios/stage1")
    else:
        print(report(["run", scenario.relative_to(PROJECT).as_posix()], 500))
    return 0


if __name__ == "__main__":
    sys.exit(main())
