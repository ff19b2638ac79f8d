"""A process of the user's own program, which reads a line and answers with a line.

Rules: it leads a process group, which is killed at its end, also when this process was killed. What
it writes to standard error is shown as its own when it has ended; the last line of that says why,
if it ended by itself. Waiting is bounded by real time, of which nothing but an error depends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import shlex
import signal
import subprocess
import sys
import tempfile
from functools import lru_cache

from oneroom.javascript import process_group_reaper
from oneroom.scenario.diagnostic import printable
from oneroom.watchdog import Watchdog

START_SECONDS = 30.0
ANSWER_SECONDS = 10.0
# Time for what a program does when its standard input has ended.
END_SECONDS = 2.0
LINE_BYTES = 64 << 20
_CHUNK_BYTES = 1 << 16
_SHOWN_BYTES = 16_000


class ProgramFailed(Exception):
    """A program has not answered; its text is one line."""


class ProgramProcess:
    """One process that runs `command`. Raises ProgramFailed if it cannot be started."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.name = shlex.join(command)
        self._rest = b""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `end`
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for this process
            )
        except OSError as error:
            self._errors.close()
            raise ProgramFailed(f"{command[0]} cannot be run: {error.strerror}") from error
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._in, self._out = self._child.stdin.fileno(), self._child.stdout.fileno()
        os.set_blocking(self._in, False)
        self._tell_reaper("+")
        atexit.register(self.end)

    def ask(self, line: bytes, seconds: float = ANSWER_SECONDS) -> bytes:
        """The line that answers `line`. Raises ProgramFailed."""
        unsent = memoryview(line + b"\n")
        found, self._rest = bytearray(self._rest), b""
        end = found.find(b"\n")
        while unsent or end < 0:
            writing = [self._in] if unsent else []
            readable, writable, _ = select.select([self._out], writing, [], seconds)
            if not readable and not writable:
                raise ProgramFailed(f"has not answered for {seconds:g} s")
            if writable:
                try:
                    unsent = unsent[os.write(self._in, unsent[:_CHUNK_BYTES]) :]
                except BrokenPipeError:
                    unsent = unsent[:0]  # it may have answered before it ended
            if readable:
                read = os.read(self._out, _CHUNK_BYTES)
                if not read:
                    raise ProgramFailed(self._how_it_ended())
                found += read
                end = found.find(b"\n", len(found) - len(read)) if end < 0 else end
                if len(found) > LINE_BYTES:
                    raise ProgramFailed(f"has written more than {LINE_BYTES >> 20} MB as one line")
        self._rest = bytes(found[end + 1 :])
        return bytes(found[:end])

    def end(self) -> None:
        """End it: its input first, then its group. Harmless if it has ended."""
        if self._errors.closed:
            return
        atexit.unregister(self.end)
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with contextlib.suppress(OSError):
            self._child.stdin.close()
        self._wait_for_end()
        self._tell_reaper("-")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._child.stdout.close()
        self._show(self._written())
        self._errors.close()

    def _wait_for_end(self) -> None:
        """Until its standard output ends: not reaped yet, so its number stays its own."""
        for _ in range(LINE_BYTES // _CHUNK_BYTES):
            readable, _, _ = select.select([self._out], [], [], END_SECONDS)
            if not readable or not os.read(self._out, _CHUNK_BYTES):
                return

    def _how_it_ended(self) -> str:
        try:
            code = self._child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return "has closed its standard output"
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        *_, last = ("", *self._written().split("\n"))
        return f"has ended, {how}{': ' if last else ''}{printable(last)}"

    def _written(self) -> str:
        """The end of what it has written to standard error."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _SHOWN_BYTES))
        return self._errors.read().decode(errors="replace").strip()

    def _show(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
            for line in text.splitlines():
                sys.stderr.write(f"{self.name} | {printable(line)}\n")

    def _tell_reaper(self, sign: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            _reaper(os.getpid()).tell(f"{sign}{self._child.pid}")


@lru_cache(maxsize=1)
def _reaper(_pid: int) -> Watchdog:
    watchdog = Watchdog(process_group_reaper.__file__)
    atexit.register(watchdog.process.wait)
    atexit.register(watchdog.release)
    return watchdog
