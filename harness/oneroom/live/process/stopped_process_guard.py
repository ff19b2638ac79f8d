"""Keeps processes that we have stopped from outliving us: a stopped process sees no end of a pipe.

Rules: its watchdog is started with the first stop. A number is taken off the list before its
process is waited for, so it cannot have been given to somebody else.
"""

from __future__ import annotations

import contextlib

from oneroom.live.process import stopped_process_reaper
from oneroom.live.process.watchdog import Watchdog


class StoppedProcessGuard:
    """One serves all runs of a suite."""

    def __init__(self) -> None:
        self._watchdog: Watchdog | None = None
        self._stopped: set[int] = set()

    def stopped(self, pid: int) -> None:
        """`pid` is about to be stopped."""
        if self._watchdog is None:
            self._watchdog = Watchdog(stopped_process_reaper.__file__)
        self._stopped.add(pid)
        self._say(f"+{pid}")

    def runs(self, pid: int) -> None:
        """`pid` runs again, or is ended; harmless if it was not stopped."""
        if pid in self._stopped:
            self._stopped.discard(pid)
            self._say(f"-{pid}")

    def end(self) -> None:
        """There is nothing to watch any more."""
        if self._watchdog is not None:
            self._watchdog.let_go()
            self._watchdog.process.wait()

    def _say(self, line: str) -> None:
        assert self._watchdog is not None
        with contextlib.suppress(BrokenPipeError):
            self._watchdog.tell(line)
