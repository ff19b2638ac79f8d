"""Client of a watchdog: a process that briefly outlives this one and cleans up, even after SIGKILL.

A watchdog reads a pipe whose other end only this process holds, so the end of the pipe tells it.
Python opens pipes that programs started later do not inherit; a plain `fork` would inherit it and
keep the watchdog waiting, so nothing in this package forks.

Rules: a watchdog is run as a file of the standard library alone, so that it starts in milliseconds,
and in a session of its own: a Ctrl-C that ends this process must not end the watchdog.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection


class Watchdog:
    """A watchdog process that runs `file` with these arguments."""

    def __init__(self, file: str, *arguments: str, pass_fds: Collection[int] = ()) -> None:
        # `-P`: started as a file, it must not find the modules beside it in the place of the
        # library's.
        self.process = subprocess.Popen(
            [sys.executable, "-P", file, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=pass_fds,
            start_new_session=True,
        )
        assert self.process.stdin is not None
        self._pipe = self.process.stdin

    def tell(self, line: str) -> None:
        """Send a line. Raises BrokenPipeError if the watchdog has ended."""
        self._pipe.write(f"{line}\n".encode())
        self._pipe.flush()

    def release(self, last_line: str = "") -> None:
        """Close the pipe, after `last_line` if there is one.

        Harmless if the watchdog has ended or was released before.
        """
        if self._pipe.closed:
            return
        try:
            if last_line:
                self.tell(last_line)
            self._pipe.close()
        except BrokenPipeError:
            pass
