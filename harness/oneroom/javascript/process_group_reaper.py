"""Watchdog that kills the process groups its parent had started, once the parent is gone.

Standard input is a pipe that only the parent holds: `+PID` says that the group of that leader was
started, `-PID` that it has ended. When the pipe closes, the groups that are left are killed. Run as
a file, with the standard library only (see `oneroom.watchdog`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def main() -> None:
    """Read until the pipe closes, then kill."""
    groups: set[int] = set()
    for line in sys.stdin.buffer:
        pid = int(line[1:])
        if line.startswith(b"+"):
            groups.add(pid)
        else:
            groups.discard(pid)
    for pid in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
