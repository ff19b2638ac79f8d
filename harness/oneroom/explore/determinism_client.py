"""The worker process that repeats runs, seen from outside.

It is started early, asked later, and always ended.

Rules: this module is imported before anything heavy, so that both processes start up at the same
time. Its answers go to temporary files: neither side ever waits for the other's pipe to be read.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO

# With the hash seed of this process the order of a set would be the same in both.
_HASH_SEEDS = ("1", "2")


class DeterminismWorkerFailed(Exception):
    """The worker ended with an error; `args` are one sentence, and its last output."""


class DeterminismClient:
    """One process of `oneroom.explore.determinism_worker`, waiting for its request.

    Use it in a `with` statement.
    """

    def __init__(self) -> None:
        self._out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `end`, with the process
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `end`, with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "oneroom.explore.determinism_worker"],
            stdin=subprocess.PIPE,
            stdout=self._out,
            stderr=self._said,
            env=_environment(),
            # Ctrl-C is for the process that the user started; it ends this one.
            start_new_session=True,
        )

    def __enter__(self) -> DeterminismClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def ask(self, request: bytes) -> None:
        """Hand over the request.

        Errors show in `answer`, even if the worker has ended already.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(request + b"\n")
            self._process.stdin.flush()  # it stays open as long as this process lives
        except BrokenPipeError:
            return

    def answer(self) -> bytes:
        """Everything the worker wrote. Waits for its end. Raises DeterminismWorkerFailed."""
        code = self._process.wait()
        if code != 0:
            said = _read(self._said).decode(errors="replace").strip()
            raise DeterminismWorkerFailed(f"the process that repeats runs ended with {code}", said)
        return _read(self._out)

    def end(self) -> None:
        """End the worker, if it has not ended, and close its files. May be called again."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for file in (self._process.stdin, self._out, self._said):
            if file is not None and not file.closed:
                with contextlib.suppress(BrokenPipeError):
                    file.close()  # a request that the worker did not live to read


def _environment() -> dict[str, str]:
    """The environment of this process with another hash seed.

    Modules are found as here, those of the present folder as well.
    """
    own = os.environ.get("PYTHONHASHSEED", "")
    other = next(seed for seed in _HASH_SEEDS if seed != own)
    path = os.pathsep.join([*(entry for entry in sys.path if entry), str(Path.cwd())])
    return {**os.environ, "PYTHONHASHSEED": other, "PYTHONPATH": path}


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
