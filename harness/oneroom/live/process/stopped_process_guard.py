"""Keeps processes that we have stopped from outliving us: a stopped process sees no end of a pipe.

A process of its own, started with the first stop, reads a pipe that only we hold: `+PID` says that
a process is stopped, `-PID` that it runs again or has ended. When the pipe ends, what is still
stopped is killed.

Rules: run as a file (`python -P warden.py`), standard library alone, in a session of its own. A
number is taken off the list before its process is waited for, so it cannot have been given to
somebody else.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys


class StoppedProcessGuard:
    """Our end. One serves all runs of a suite."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped: set[int] = set()

    def stopped(self, pid: int) -> None:
        """`pid` is about to be stopped."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._stopped.add(pid)
        self._say(f"+{pid}\n")

    def runs(self, pid: int) -> None:
        """`pid` runs again, or is ended; harmless if it was not stopped."""
        if pid in self._stopped:
            self._stopped.discard(pid)
            self._say(f"-{pid}\n")

    def end(self) -> None:
        """There is nothing to watch any more."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()

    def _say(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()


def main() -> None:
    """Read until the end, then kill."""
    stopped: set[int] = set()
    for line in sys.stdin.buffer:
        pid = int(line[1:])
        if line.startswith(b"+"):
            stopped.add(pid)
        else:
            stopped.discard(pid)
    for pid in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
