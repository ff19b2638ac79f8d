"""A process of ours: started with a pipe, stopped, continued, ended, and told apart from one that
died by itself.

Rules: it is in a session of its own, so that a Ctrl-C ends this process alone, and its pipe ends
with us, so that it ends too. A process that is stopped cannot see that; `StoppedProcessGuard` sees
to those.
What it writes to standard error goes to a file that is read only when it died without being asked
to.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from oneroom.live.errors import Unavailable
from oneroom.live.process.pipe import Frame, Pipe
from oneroom.live.process.stopped_process_guard import StoppedProcessGuard

_READY_S = 60.0
_POLL_S = 0.0005
_STOPPED_S = 1.0
_REAPED_S = 0.2
_SAID_BYTES = 4_000


class Child:
    """One process that runs `module`. `start` returns when it is ready to be told what to do."""

    def __init__(self, module: str, guard: StoppedProcessGuard) -> None:
        self.module = module
        self.pid = 0
        self._guard = guard
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `end`, with the process

    async def start(self) -> None:
        """Raises Unavailable."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.module, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                env=_environment(),
            )
        self.pid = self._process.pid
        self._pipe = await Pipe.over(ours)
        self._frames = self._pipe.frames()
        try:
            first = await asyncio.wait_for(anext(self._frames, None), _READY_S)
        except TimeoutError:
            first = None
        if first is None:
            await asyncio.sleep(_REAPED_S)  # its pipe ends a moment before its exit code is known
            raise Unavailable(f"a process of {self.module} did not start: {self.last_words()}")

    def send(self, frame: Frame) -> None:
        """Tell it something."""
        self._pipe.send(frame)

    def frames(self) -> AsyncIterator[Frame]:
        """Frames from the process until it ends; those sent before a SIGKILL come as well."""
        return self._frames

    async def stop(self) -> None:
        """SIGSTOP; returns when it stands still."""
        self._guard.stopped(self.pid)
        os.kill(self.pid, signal.SIGSTOP)
        deadline_s = asyncio.get_running_loop().time() + _STOPPED_S
        while not self._stands_still() and asyncio.get_running_loop().time() < deadline_s:
            await asyncio.sleep(_POLL_S)

    def go_on(self) -> None:
        """SIGCONT."""
        if self._process.poll() is None:
            os.kill(self.pid, signal.SIGCONT)
        self._guard.runs(self.pid)

    def kill(self) -> None:
        """SIGKILL, stopped or not."""
        if self._process.poll() is None:
            self._process.kill()
        self._guard.runs(self.pid)

    async def ended(self) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        while (code := self._process.poll()) is None:
            await asyncio.sleep(_POLL_S * 10)
        return code

    def end(self) -> None:
        """End the process whatever it does; nothing of it is left."""
        if self.pid:
            self.kill()
            self._process.wait()
            self._pipe.close()
        if not self._said.closed:
            self._said.close()

    def last_words(self) -> str:
        """The last line that it wrote, and how it ended."""
        if self._said.closed:
            return ""
        size = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, size - _SAID_BYTES))
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        code = self._process.poll() if self.pid else None
        how = f"no word within {_READY_S:.0f} s" if code is None else f"exit code {code}"
        return f"{how}{': ' + lines[-1] if lines else ''}"

    def _stands_still(self) -> bool:
        state = Path(f"/proc/{self.pid}/stat")
        # not Linux: the signal has been sent, which is all that can be known
        if not state.exists():
            return True
        return state.read_text(errors="replace").rpartition(")")[2].split()[0] in "TtZX"


def _environment() -> dict[str, str]:
    """The environment of this process without any key of a server.

    Modules are found as here, those of the present folder as well.
    """
    path = os.pathsep.join([*(entry for entry in sys.path if entry), str(Path.cwd())])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEKIT_")}
    return {**kept, "PYTHONPATH": path}
