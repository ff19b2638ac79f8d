"""A child process: started with a pipe, stopped, continued and ended.

Rules: the child has its own session, so a Ctrl-C ends only this process. Its pipe closes with this
process, and the child ends when the pipe does. A stopped child cannot notice that;
`StoppedProcessGuard` handles those. Its standard error goes to a file that is read only if it died
without being asked to.
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
_OUTPUT_BYTES = 4_000


class Child:
    """One process that runs `module`. It takes frames as soon as `start` has returned."""

    def __init__(self, module: str, guard: StoppedProcessGuard) -> None:
        self.module = module
        self.pid = 0
        self._guard = guard
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `end`, with the process

    async def start(self) -> None:
        """Start the process and wait until it is ready. Raises Unavailable."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.module, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                env=_environment(),
            )
        self.pid = self._process.pid
        self._pipe = await Pipe.open(ours)
        self._frames = self._pipe.frames()
        try:
            first = await asyncio.wait_for(anext(self._frames, None), _READY_S)
        except TimeoutError:
            first = None
        if first is None:
            await asyncio.sleep(_REAPED_S)  # the pipe closes shortly before the exit code is known
            raise Unavailable(f"a process of {self.module} did not start: {self.exit_summary()}")

    def send(self, frame: Frame) -> None:
        """Send a frame to the process."""
        self._pipe.send(frame)

    def frames(self) -> AsyncIterator[Frame]:
        """The frames it sends, until it ends; those sent before a SIGKILL are included."""
        return self._frames

    async def stop(self) -> None:
        """Send SIGSTOP; returns when the process is stopped."""
        self._guard.stopped(self.pid)
        os.kill(self.pid, signal.SIGSTOP)
        deadline_s = asyncio.get_running_loop().time() + _STOPPED_S
        while not self._is_stopped() and asyncio.get_running_loop().time() < deadline_s:
            await asyncio.sleep(_POLL_S)

    def go_on(self) -> None:
        """Send SIGCONT."""
        if self._process.poll() is None:
            os.kill(self.pid, signal.SIGCONT)
        self._guard.runs(self.pid)

    def kill(self) -> None:
        """Send SIGKILL, whether it is stopped or not."""
        if self._process.poll() is None:
            self._process.kill()
        self._guard.runs(self.pid)

    async def ended(self) -> int:
        """Wait for its end. Returns the exit code, negative for a signal."""
        while (code := self._process.poll()) is None:
            await asyncio.sleep(_POLL_S * 10)
        return code

    def end(self) -> None:
        """Kill the process, wait for it, and free its pipe and its output file."""
        if self.pid:
            self.kill()
            self._process.wait()
            self._pipe.close()
        if not self._output.closed:
            self._output.close()

    def exit_summary(self) -> str:
        """The last line that it wrote, and how it ended."""
        if self._output.closed:
            return ""
        size = self._output.seek(0, os.SEEK_END)
        self._output.seek(max(0, size - _OUTPUT_BYTES))
        lines = self._output.read().decode(errors="replace").strip().splitlines()
        code = self._process.poll() if self.pid else None
        how = f"no word within {_READY_S:.0f} s" if code is None else f"exit code {code}"
        return f"{how}{': ' + lines[-1] if lines else ''}"

    def _is_stopped(self) -> bool:
        state = Path(f"/proc/{self.pid}/stat")
        # not Linux: only known is that the signal was sent
        if not state.exists():
            return True
        return state.read_text(errors="replace").rpartition(")")[2].split()[0] in "TtZX"


def _environment() -> dict[str, str]:
    """The child's environment: this process's module path and current folder, no server keys."""
    path = os.pathsep.join([*(entry for entry in sys.path if entry), str(Path.cwd())])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEKIT_")}
    return {**kept, "PYTHONPATH": path}
