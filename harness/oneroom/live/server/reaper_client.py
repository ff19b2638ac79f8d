"""Our end of the reaper: what we say to the watchdog of a server."""

from __future__ import annotations

import subprocess
from pathlib import Path

from oneroom.live.process.watchdog import Watchdog
from oneroom.live.server import reaper

_LAST_S = 15.0
# Reapers that outlive their server's object. Python complains of a process that is forgotten while
# it runs.
_at_work: list[subprocess.Popen[bytes]] = []


class ReaperClient:
    """A reaper at work."""

    def __init__(self, kind: str, run: str, folder: Path, binary: str = "") -> None:
        self._watchdog = Watchdog(reaper.__file__, kind, run, str(folder), binary)

    def gone(self) -> str | None:
        """The exit code of the reaper in words, None while it runs.

        It ends when a native server has ended, or somebody kills it; nothing guards then.
        """
        code = self._watchdog.process.poll()
        return None if code is None else f"exit code {code}"

    def tell(self, word: str) -> None:
        """Have something done to the native server: a word of `reaper`."""
        self._watchdog.tell(word)

    def release(self) -> None:
        """We have cleaned up; a native server is ended by the reaper now."""
        self._watchdog.let_go(reaper.DONE.decode())
        self._watchdog.process.wait(_LAST_S)

    def leave_it_to_the_reaper(self) -> None:
        """We cannot know whether all is gone: the engine may still make what we asked it for. The
        reaper outlives us for as long as that takes.
        """
        self._watchdog.let_go()
        _at_work[:] = [one for one in _at_work if one.poll() is None]
        _at_work.append(self._watchdog.process)
