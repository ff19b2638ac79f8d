"""Kills the processes that its parent had stopped, when its parent is gone: a watchdog.

Standard input is a pipe that only the parent holds: `+PID` says that a process is stopped, `-PID`
that it runs again or has ended. When the pipe ends, what is still stopped is killed. Run as a file,
standard library alone (see `watchdog`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


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
