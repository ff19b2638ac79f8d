"""The folder of a run's files: `reports/runs/<stamp>-<pid>/`, and `reports/latest` for the newest.

Rules: a run never writes into another run's folder, and a reader of `latest` sees one whole run or
another, never half of one. Results are written line by line while the suite runs, so an interrupted
run leaves what it had. After a run that could not be filed there is no `latest`: it would be an
older one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import IO

import msgspec

from oneroom.checks.results import Result, RunGroup, Summary
from oneroom.report import json_lines, suite_file
from oneroom.report.progress_file import ProgressFile
from oneroom.report.suite_file import SuiteFile
from oneroom.scenario.shown_path import shown_path

VERSION = 1
PAGE = "index.html"
RESULTS = "results.ndjson"
# A line has about 1.5 kB: with 50,000 of them the file is as large as editors still open.
MOST_EXPECTED = 50_000
MOST_RUNS = 60_000


class Folder:
    """The folder of one run.

    Every method may raise OSError; the caller decides what a full or read-only disk means.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        make(root)
        self.path = _fresh(root / "runs")
        (self.path / "failures").mkdir()
        self._written = 0
        self._left_out = 0
        self._progress = ProgressFile(self.path)
        self._results: IO[str] = (self.path / RESULTS).open("w", encoding="utf-8")

    def abandon(self) -> None:
        """Close the files as they are, after an error of the disk."""
        with contextlib.suppress(OSError):
            self._progress.remove()
        with contextlib.suppress(OSError):
            self._results.close()  # what is still buffered cannot be written either

    @property
    def latest(self) -> str:
        """The path of this run's folder as reported to the user, `latest` if that name is free."""
        latest = self.root / "latest"
        taken = latest.is_dir() and not latest.is_symlink()
        return shown_path((self.path if taken else latest).as_posix())

    def progress(self, result: Result, *, failed: bool) -> None:
        """Count a finished run for those who follow this one."""
        self._progress.add(result, failed=failed)

    def result(self, result: Result) -> None:
        """Add a run; of very many those alone that are not as expected, and not all of them."""
        if self._written >= (MOST_EXPECTED if result.expected else MOST_RUNS):
            self._left_out += 1
            return
        self._written += 1
        self._results.write(json_lines.run_line(result) + "\n")

    def failure(self, failure_id: str, text: str) -> None:
        """File a failure's text with its timeline."""
        (self.path / "failures" / f"{failure_id}.txt").write_text(text + "\n", encoding="utf-8")

    def stored(self, failure_id: str, text: str, scenario: str = "") -> None:
        """File what `oneroom replay` takes, and the scenario of a failure that has its own."""
        folder = self.path / "failures"
        (folder / f"{failure_id}.json").write_text(text, encoding="utf-8")
        if scenario:
            (folder / f"{failure_id}.yaml").write_text(scenario, encoding="utf-8")

    def page(self, text: str) -> None:
        """Write the report for a browser."""
        write_page(self.path / PAGE, text)

    def transcript(self, name: str, text: str) -> None:
        """File a whole run."""
        folder = self.path / "transcripts"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")

    def take_over(self, other: Path) -> None:
        """Add the runs, failures and transcripts of another report."""
        with (other / RESULTS).open(encoding="utf-8") as lines:
            self._results.writelines(
                line for line in lines if not line.startswith(json_lines.SUMMARY_START)
            )
        for name in ("failures", "transcripts"):
            if (other / name).is_dir():
                shutil.copytree(other / name, self.path / name, dirs_exist_ok=True)

    def finish(
        self,
        summary: Summary,
        groups: Sequence[RunGroup],
        arguments: Sequence[str],
        junit: str = "",
        suite: SuiteFile | None = None,
    ) -> None:
        """Write what is only known at the end, `junit` unless it is "", and let `latest` point
        here.
        """
        if suite is not None:
            (self.path / suite_file.NAME).write_bytes(msgspec.json.encode(suite))
        shown = shown_path(self.path.as_posix())
        last = json_lines.summary_line(summary, tuple(groups), shown, self._left_out)
        self._results.write(f"{last}\n")
        self._results.close()
        if junit:
            (self.path / "junit.xml").write_text(junit, encoding="utf-8")
        facts = {
            "version": VERSION,
            "argv": [shown_path(argument) for argument in arguments],
            "seeds": summary.seeds,
            "verdict": summary.verdict,
            "exit_code": summary.exit_code,
            "runs": summary.runs,
            "troubles": list(summary.troubles),
            "versions": versions(),
        }
        (self.path / "run.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n"
        )
        self._progress.remove()
        _point(self.root, self.path)


def make(reports: Path) -> None:
    """Make the folder of reports unless it is there. One that oneroom has made is kept out of the
    user's commits.
    """
    if not reports.exists():
        reports.mkdir(parents=True)
        (reports / ".gitignore").write_text("*\n", encoding="utf-8")


def newest(reports: Path) -> Path:
    """The folder of the newest run below `reports`; it need not exist."""
    named = reports / "latest.txt"
    if named.is_file():
        return reports / named.read_text(encoding="utf-8").strip()
    return reports / "latest"


def write_page(file: Path, text: str) -> None:
    """Write a page: whole, or not at all. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def forget_latest(root: Path) -> str:
    """Let nothing below `root` pass for the newest run, which cannot be filed.

    Returns the name that still does, because the disk is read-only; "" if none.
    """
    for link in (root / "latest", root / "latest.txt"):
        if link.is_symlink() or link.is_file():
            try:
                link.unlink()
            except OSError:
                return link.as_posix()
    return ""


@cache
def versions() -> Mapping[str, str]:
    """Versions of everything that a run's outcome may depend on.

    A checkout that was never installed has no version of its own.
    """
    found = {"python": sys.version.split()[0]}
    for name in ("oneroom", "simpy", "msgspec", "pyyaml", "pydantic", "click"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _fresh(runs: Path) -> Path:
    """A new folder below `runs`.

    The process id tells two runs of one second apart, a count the containers that share one.
    """
    runs.mkdir(parents=True, exist_ok=True)
    stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    number = 1
    while True:
        path = runs / (stem if number == 1 else f"{stem}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path


def _point(root: Path, path: Path) -> None:
    """Swap `latest` in one step; `latest.txt` names the folder where symbolic links fail."""
    target = path.relative_to(root)
    fresh = root / f".latest-{os.getpid()}-{path.name}"
    try:
        fresh.symlink_to(target, target_is_directory=True)
        try:
            fresh.replace(root / "latest")
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    except OSError:
        fresh_text = root / f".latest-{os.getpid()}.txt"
        fresh_text.write_text(f"{target.as_posix()}\n", encoding="utf-8")
        fresh_text.replace(root / "latest.txt")
