"""Output of the results of one call: standard output and its report folder.

Rules: results are on standard output whatever happens to files. The first file that cannot be
written (a disk that is full or read-only) ends the filing, and its error is reported once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from oneroom.checks.results import Result
from oneroom.report.folder import Folder, forget_latest
from oneroom.report.progress import Progress


class Output:
    """Prints and files results.

    `reports` is the folder of reports; `failed` is called with the first error of the disk, and
    with the path that names an older run's folder as the newest, "" if none does any more.
    """

    def __init__(
        self, reports: Path, progress: Progress, failed: Callable[[OSError, str], None]
    ) -> None:
        self.progress = progress
        self._reports = reports
        self._failed = failed
        self._folder: Folder | None = None
        try:
            self._folder = Folder(reports)
        except OSError as error:
            self.give_up(error)

    @property
    def folder(self) -> str:
        """The path of the newest report folder as reported to the user, "" if there is none."""
        return "" if self._folder is None else self._folder.latest

    def failure_file(self, failure_id: str) -> str:
        """The path of a failure's file as reported to the user, "" if there is no folder."""
        return f"{self.folder}/failures/{failure_id}.txt" if self.folder else ""

    def step(self, result: Result, *, failed: bool) -> None:
        """Count a finished run, on the terminal and for those who follow the folder."""
        self.progress.step(failed)
        self.file(lambda folder: folder.progress(result, failed=failed))

    def file(self, write: Callable[[Folder], None]) -> None:
        """Write to the folder, if there is one."""
        if self._folder is not None:
            try:
                write(self._folder)
            except OSError as error:
                self.give_up(error)

    def give_up(self, error: OSError) -> None:
        """Stop filing, and leave no older folder to be taken for this one."""
        if self._folder is not None:
            self._folder.abandon()
        self._folder = None
        self._failed(error, forget_latest(self._reports))

    def print(self, block: str) -> None:
        """Print to standard output, in the place of the progress line."""
        self.progress.wipe()
        sys.stdout.write(block + "\n")
