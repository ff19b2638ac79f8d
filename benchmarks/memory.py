"""Memory of a run that goes on for hours: `python -m benchmarks.memory [HOURS...]`.

One process for each length, so that none inherits the peak of another. The scenario is
`idle-day.yaml`, cut or stretched. Resident memory is the system's own figure (`getrusage`), the
interpreter and all imports included.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse

DAY = Path(__file__).with_name("idle-day.yaml")
_HOURS = (1, 4, 24, 96)


def peak_mb(hours: int) -> float:
    """Peak resident memory of a fresh process that plays `hours` of it, in MB.

    Raises CalledProcessError.
    """
    asked = [sys.executable, "-m", "benchmarks.memory", "--play", str(hours)]
    return float(
        subprocess.run(asked, check=True, capture_output=True, text=True, cwd=DAY.parents[1]).stdout
    )


def _play(hours: int) -> None:
    text = DAY.read_text(encoding="utf-8").replace("lasts: 24h", f"lasts: {hours}h")
    result = run_judged(parse(text, vocabulary(), DAY.name), "web-lock-lease", 1).result
    assert result.verdict == "held", result
    unit = 1_000 if sys.platform == "darwin" else 1  # bytes there, kibibytes elsewhere
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit / 1_024:.1f}\n")


def main(arguments: list[str]) -> None:
    """See the top of this file."""
    if arguments[:1] == ["--play"]:
        _play(int(arguments[1]))
        return
    for hours in [int(argument) for argument in arguments] or _HOURS:
        sys.stdout.write(f"{hours:>4} h  {peak_mb(hours):6.1f} MB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
