"""Watchdog that kills the processes its parent had stopped, once the parent is gone.

Standard input is a pipe that only the parent holds: `+PID` says that a process is stopped, `-PID`
that it runs again or has ended. When the pipe closes, processes that are still stopped are killed.
Run as a file, with the standard library only (see `watchdog`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def main() -> None:
    """Read until the pipe closes, then kill."""
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
