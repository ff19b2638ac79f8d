"""Guard for stopped processes: it kills those that would outlive this process.

A stopped process cannot see that its pipe has closed.

Rules: the guard's watchdog is started with the first stop. A process id is taken off the list
before its process is waited for, so it cannot have been reused.
"""

from __future__ import annotations

import contextlib

from oneroom.live.process import stopped_process_reaper
from oneroom.watchdog import Watchdog


class StoppedProcessGuard:
    """The guard of all runs of a suite."""

    def __init__(self) -> None:
        self._watchdog: Watchdog | None = None
        self._stopped: set[int] = set()

    def stopped(self, pid: int) -> None:
        """Note that `pid` is about to be stopped."""
        if self._watchdog is None:
            self._watchdog = Watchdog(stopped_process_reaper.__file__)
        self._stopped.add(pid)
        self._tell(f"+{pid}")

    def runs(self, pid: int) -> None:
        """Note that `pid` runs again or was ended. Harmless if it was not stopped."""
        if pid in self._stopped:
            self._stopped.discard(pid)
            self._tell(f"-{pid}")

    def end(self) -> None:
        """Release the watchdog and wait for its end."""
        if self._watchdog is not None:
            self._watchdog.release()
            self._watchdog.process.wait()

    def _tell(self, line: str) -> None:
        assert self._watchdog is not None
        with contextlib.suppress(BrokenPipeError):
            self._watchdog.tell(line)
