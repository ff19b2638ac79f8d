"""The progress of a run while it goes on, as a file in its folder for whoever follows it.

Rules: written whole or not at all, now and then, and gone when the run is over. Its size grows with
scenarios and policies, not with runs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from oneroom.checks.results import Result
from oneroom.scenario.shown_path import quoted, shown_path

NAME = "progress.json"
_EVERY_S = 0.5


class ProgressCell(msgspec.Struct):
    """The runs of a scenario under a policy so far; `failed` were not as expected."""

    scenario: str
    policy: str
    runs: int = 0
    failed: int = 0


class RunProgress(msgspec.Struct, frozen=True):
    """The file: the process that runs, its command line, and what it has done since `started_s`, in
    seconds since 1970.
    """

    pid: int
    line: str
    started_s: float
    now_s: float
    runs: int
    failed: int
    cells: Sequence[ProgressCell]


class ProgressFile:
    """Counts runs, and writes them to a file in `folder`. Every method may raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._started_s = time.time()
        self._next_s = time.monotonic() + _EVERY_S
        self._cells: dict[tuple[str, str], ProgressCell] = {}

    def add(self, result: Result, *, failed: bool) -> None:
        """Count a finished run."""
        key = result.scenario, result.policy
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = ProgressCell(*key)
        cell.runs += 1
        cell.failed += failed
        now_s = time.monotonic()
        if now_s >= self._next_s:
            self._next_s = now_s + _EVERY_S
            self._write()

    def remove(self) -> None:
        """The run is over."""
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        cells = list(self._cells.values())
        line = ["oneroom", *(quoted(shown_path(one)) for one in sys.argv[1:])]
        said = RunProgress(
            os.getpid(),
            " ".join(line),
            self._started_s,
            time.time(),
            sum(cell.runs for cell in cells),
            sum(cell.failed for cell in cells),
            cells,
        )
        fresh = self._path.with_name(f".{NAME}")
        fresh.write_bytes(msgspec.json.encode(said))
        fresh.replace(self._path)


def running(reports: Path) -> RunProgress | None:
    """The progress of the newest run below `reports` that goes on, None if there is none."""
    found = []
    for path in reports.glob(f"runs/*/{NAME}"):
        try:
            said = msgspec.json.decode(path.read_bytes(), type=RunProgress)
            os.kill(said.pid, 0)
        except (OSError, msgspec.DecodeError, OverflowError):
            continue  # gone by now, or cut off by a SIGKILL
        found.append(said)
    return max(found, key=lambda said: said.started_s, default=None)
