"""Our end of the reaper's pipe.

Rules: held by this process alone. Python opens pipes that programs started later do not inherit; a
plain `fork` would inherit it and keep the server alive, so nothing in this package forks.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from oneroom.live.server import reaper

_LAST_S = 15.0
# Reapers that outlive their server's object. Python complains of a process that is forgotten while
# it runs.
_at_work: list[subprocess.Popen[bytes]] = []


class ReaperClient:
    """A reaper at work."""

    def __init__(self, kind: str, run: str, folder: Path, binary: str = "") -> None:
        # `-P`: started as a file, it must not find this package's modules in the place of the
        # library's.
        self._process = subprocess.Popen(
            [sys.executable, "-P", reaper.__file__, kind, run, str(folder), binary],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def gone(self) -> str | None:
        """Why nobody guards any more: a native server ended, or somebody killed the reaper."""
        code = self._process.poll()
        return None if code is None else f"exit code {code}"

    def tell(self, word: str) -> None:
        """Have something done to the native server: a word of `reaper`."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{word}\n".encode())
            self._process.stdin.flush()

    def release(self) -> None:
        """We have cleaned up; a native server is ended by the reaper now."""
        self._let_go(reaper.DONE + b"\n")
        self._process.wait(_LAST_S)

    def leave_it_to_the_reaper(self) -> None:
        """We cannot know whether all is gone: the engine may still make what we asked it for. The
        reaper outlives us for as long as that takes.
        """
        self._let_go(b"")
        _at_work[:] = [one for one in _at_work if one.poll() is None]
        _at_work.append(self._process)

    def _let_go(self, last_word: bytes) -> None:
        pipe = self._process.stdin
        if pipe is not None and not pipe.closed:
            try:
                pipe.write(last_word)
                pipe.close()
            except BrokenPipeError:
                # It has gone before us, with its server.
                pass
