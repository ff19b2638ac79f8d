"""Takes a LiveKit server along when its parent dies: a watchdog.

Standard input is a pipe that only the parent holds. `done` means that the parent has cleaned up
itself; the end of the pipe without it means that the parent is gone. Then the container is removed,
or the native server, a child of this process, is ended; the server's log is kept and the config
with its secret is deleted. On the way it does to a native server what it is told to, a word a line:
`kill`, `terminate`, `pause`, `unpause`, and `start` when it has ended by that.

Rules: run as a file (see `oneroom.live.process.watchdog`), standard library and `docker` alone, and
`docker` only when it is needed.
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
    """Wait for the end of the pipe, then clean up. Returns the exit code of a native server that
    ended by itself.
    """
    native = _Native(binary, folder) if kind == "native" else None
    heard, done = b"", False
    while not done:
        if native is not None and native.ended_by_itself():
            return native.child.returncode or 1
        if select.select([0], [], [], _POLL_S)[0]:
            read = os.read(0, 64)
            *lines, heard = (heard + read).split(b"\n")
            for line in lines:
                if native is not None and line != DONE:
                    native.obey(line.decode())
            done = DONE in lines
            if not read:
                break
    if native is not None:
        _end(native.child)
        (folder / LOG).write_bytes(cleaned((folder / LOG).read_bytes()))
    elif not done:
        _remove_containers(run, folder)
    (folder / CONFIG).unlink(missing_ok=True)
    return 0


class _Native:
    """A native server, our child."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._may_end = False
        self._start()

    def ended_by_itself(self) -> bool:
        """It is gone, and nobody has told it to."""
        return self.child.poll() is not None and not self._may_end

    def obey(self, word: str) -> None:
        """Do what we are told to do to it. To one that has ended nothing but a start is done."""
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


def cleaned(log: bytes) -> bytes:
    """A log without the tokens: LiveKit v1.13.5 writes down those that it refuses (seen)."""
    return re.sub(TOKEN.encode(), b"<token>", log)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGCONT)
    # LiveKit drains on the first SIGTERM and waits for its participants; the second one means it.
    child.terminate()
    time.sleep(_POLL_S)
    child.terminate()
    try:
        child.wait(_TERM_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _remove_containers(run: str, folder: Path) -> None:
    """And their networks, until none has been seen for a while: a busy engine may make, start or
    remove one long after it was asked to.
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
                    (folder / LOG).write_bytes(cleaned(container.logs()))
                container.remove(force=True, v=True)
            for network in client.networks.list(filters={"label": f"{RUN_LABEL}={run}"}):
                seen_s = now_s
                network.remove()
            client.close()
        except (docker.errors.DockerException, requests.exceptions.RequestException):
            # Somebody else is removing it, or the engine is busy; the next look tells.
            seen_s = now_s
        time.sleep(_POLL_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
