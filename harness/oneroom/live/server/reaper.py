"""Watchdog that removes a LiveKit server when its parent dies.

Standard input is a pipe that only the parent holds. `done` means that the parent has redacted up
itself; the end of the pipe without it means that the parent is gone. Then the container is removed,
or the native server, a child of this process, is ended; the server's log is kept and the config
with its secret is deleted. Until then it obeys commands for a native server, one word a line:
`kill`, `terminate`, `pause`, `unpause`, and `start` after its end.

Rules: run as a file (see `oneroom.watchdog`), with the standard library and `docker`
alone, and `docker` only when it is needed.
"""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

RUN_LABEL = "oneroom.run"
DONE = b"done"
SIGNALS = {
    "kill": signal.SIGKILL,
    "terminate": signal.SIGTERM,
    "pause": signal.SIGSTOP,
    "unpause": signal.SIGCONT,
}
CONFIG = "livekit.yaml"
LOG = "server.log"
# Header and claims of a JSON Web Token begin with `{"` (RFC 7519, in base64).
TOKEN = r"eyJ[\w-]+(?:\.[\w-]+)*"
_TERM_S = 3.0
# The engine may still be working on a request that we sent before we died.
_SETTLE_S = 5.0
_GIVE_UP_S = 120.0
_POLL_S = 0.2


def main(kind: str, run: str, folder: Path, binary: str) -> int:
    """Wait for the end of the pipe, then clean up.

    Returns the exit code of a native server that ended by itself.
    """
    native = _Native(binary, folder) if kind == "native" else None
    buffer, done = b"", False
    while not done:
        if native is not None and native.ended_by_itself():
            return native.child.returncode or 1
        if select.select([0], [], [], _POLL_S)[0]:
            read = os.read(0, 64)
            *lines, buffer = (buffer + read).split(b"\n")
            for line in lines:
                if native is not None and line != DONE:
                    native.obey(line.decode())
            done = DONE in lines
            if not read:
                break
    if native is not None:
        _end(native.child)
        (folder / LOG).write_bytes(redacted((folder / LOG).read_bytes()))
    elif not done:
        _remove_containers(run, folder)
    (folder / CONFIG).unlink(missing_ok=True)
    return 0


class _Native:
    """A native server, a child of this process."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._may_end = False
        self._start()

    def ended_by_itself(self) -> bool:
        """Return whether it is gone without having been told to end."""
        return self.child.poll() is not None and not self._may_end

    def obey(self, word: str) -> None:
        """Execute one command. If the server has ended, only `start` has an effect."""
        if word != "start":
            self._may_end = self._may_end or word in ("kill", "terminate")
            self.child.send_signal(SIGNALS[word])
        elif self.child.poll() is not None:
            self._start()

    def _start(self) -> None:
        self._may_end = False
        with (self._folder / LOG).open("ab") as log:
            self.child = subprocess.Popen(
                [self._binary, "--config", str(self._folder / CONFIG)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def redacted(log: bytes) -> bytes:
    """A log with its tokens redacted: LiveKit v1.13.5 logs the tokens that it refuses (seen)."""
    return re.sub(TOKEN.encode(), b"<token>", log)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGCONT)
    # LiveKit drains on the first SIGTERM (it waits for its participants) and ends on the second.
    child.terminate()
    time.sleep(_POLL_S)
    child.terminate()
    try:
        child.wait(_TERM_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _remove_containers(run: str, folder: Path) -> None:
    """Remove containers and networks until none has appeared for a while.

    A busy engine may create, start or remove one long after the request.
    """
    import docker.errors
    import requests.exceptions

    began_s = seen_s = time.monotonic()
    while (now_s := time.monotonic()) - seen_s < _SETTLE_S and now_s - began_s < _GIVE_UP_S:
        try:
            client = docker.from_env()
            for container in client.containers.list(
                all=True, filters={"label": f"{RUN_LABEL}={run}"}
            ):
                seen_s = now_s
                if folder.is_dir():
                    (folder / LOG).write_bytes(redacted(container.logs()))
                container.remove(force=True, v=True)
            for network in client.networks.list(filters={"label": f"{RUN_LABEL}={run}"}):
                seen_s = now_s
                network.remove()
            client.close()
        except (docker.errors.DockerException, requests.exceptions.RequestException):
            # Another process is removing it, or the engine is busy: the next pass will show.
            seen_s = now_s
        time.sleep(_POLL_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
