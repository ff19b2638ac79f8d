"""Client of the reaper, the watchdog of a server."""

from __future__ import annotations

import subprocess
from pathlib import Path

from oneroom.live.server import reaper
from oneroom.watchdog import Watchdog

_LAST_S = 15.0
# Reapers that outlive their ReaperClient. Python warns of a process object that is collected while
# it runs.
_outliving: list[subprocess.Popen[bytes]] = []


class ReaperClient:
    """A running reaper."""

    def __init__(self, kind: str, run: str, folder: Path, binary: str = "") -> None:
        self._watchdog = Watchdog(reaper.__file__, kind, run, str(folder), binary)

    def gone(self) -> str | None:
        """The reason why the reaper has ended: its native server ended, or it was killed. None if
        it runs.
        """
        code = self._watchdog.process.poll()
        return None if code is None else f"exit code {code}"

    def tell(self, word: str) -> None:
        """Send a command for the native server: a word of `reaper`."""
        self._watchdog.tell(word)

    def release(self) -> None:
        """Tell it that we have cleaned up, and wait while it ends a native server."""
        self._watchdog.release(reaper.DONE.decode())
        self._watchdog.process.wait(_LAST_S)

    def hand_over(self) -> None:
        """Leave the cleaning up to the reaper, because the engine may still create what we asked
        for.

        The reaper outlives this process for as long as that takes.
        """
        self._watchdog.release()
        _outliving[:] = [one for one in _outliving if one.poll() is None]
        _outliving.append(self._watchdog.process)
