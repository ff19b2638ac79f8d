"""A LiveKit server of our own: started, controlled and stopped.

Rules: on 127.0.0.1 alone, with free ports and fresh credentials. `LiveKit` is a context manager for
a server that must not outlive this process (its reaper ensures that); `start` and `stop` are for a
server that a user starts with one command and stops with another.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from oneroom.live.errors import Unavailable
from oneroom.live.server import docker_engine, registry
from oneroom.live.server.config import config_text
from oneroom.live.server.credentials import Credentials
from oneroom.live.server.free_ports import ServerPorts, free_ports
from oneroom.live.server.readiness import wait_ready
from oneroom.live.server.reaper import CONFIG, LOG, RUN_LABEL, redacted
from oneroom.live.server.reaper_client import ReaperClient
from oneroom.live.server.registry import ServerRecord

_PROGRAM = "livekit-server"
# A free port can be taken by somebody else before our server has it.
_ATTEMPTS = 3
# A native server obeys a signal within milliseconds.
_POLLS, _POLL_S = 500, 0.02

# Native servers that this process has started and that may outlive it; it waits for those that it
# ends itself.
_children: dict[int, subprocess.Popen[bytes]] = {}


class LiveKit:
    """A server that lives as long as its `with` block, or as this process if that is shorter.

    It runs in a container, or natively when `binary` names a LiveKit executable. `record` says how
    to reach it. With `webhook_url` it sends webhooks there; its container is then on the host's
    network, because the receiver listens on 127.0.0.1. With `own_network` it can be unplugged, and
    sends no webhooks. Its log is in `folder` afterwards. Raises `Unavailable`.
    """

    def __init__(
        self, parent: Path, binary: str = "", webhook_url: str = "", own_network: bool = False
    ) -> None:
        self._parent = parent
        self._binary = binary
        self._webhook_url = "" if own_network else webhook_url
        self._own_network = own_network

    def __enter__(self) -> LiveKit:
        for attempt in range(1, _ATTEMPTS + 1):
            run = registry.fresh_run()
            self.folder = registry.make_folder(self._parent, run)
            self.record = _record(run, free_ports(), Credentials.fresh())
            if self._binary:
                _write_config(self.folder, self.record, self._webhook_url)
            self._guard = ReaperClient(
                "native" if self._binary else "container", run, self.folder, self._binary
            )
            try:
                self._start()
            except Unavailable:
                self._stop(started=False)
                if attempt == _ATTEMPTS:
                    raise
            except BaseException:
                self._stop(started=False)
                raise
            else:
                return self
        raise AssertionError("the last attempt either returns or raises")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop(started=True)

    @property
    def is_native(self) -> bool:
        return bool(self._binary)

    def log(self) -> str:
        """The server's log so far."""
        if self._binary:
            return redacted((self.folder / LOG).read_bytes()).decode(errors="replace")
        with docker_engine.engine() as client:
            logs = [one.logs() for one in docker_engine.containers(client, self.record.run)]
        return redacted(b"".join(logs)).decode(errors="replace")

    # What may be done to it.

    def kill(self) -> None:
        """Send SIGKILL: the server says goodbye to nobody."""
        if self._binary:
            self._tell("kill", lambda state: state == "")
            return
        self._each(lambda container: container.kill())

    def terminate(self) -> None:
        """Send SIGTERM. The first makes it drain (wait until all have left), the second ends it."""
        if self._binary:
            self._guard.tell("terminate")
            return
        self._each(lambda container: container.kill(signal="SIGTERM"))

    def pause(self) -> None:
        """Pause the process: requests are neither answered nor refused."""
        if self._binary:
            self._tell("pause", lambda state: state.startswith("T"))
            return
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._each(lambda container: container.pause())
            except Unavailable:
                # A busy engine sometimes fails to freeze at once (docker.io 20.10 on cgroup v1,
                # seen).
                if attempt == _ATTEMPTS:
                    raise
            else:
                return

    def unpause(self) -> None:
        """Continue after `pause`."""
        if self._binary:
            self._tell("unpause", lambda state: not state.startswith("T"))
            return
        self._each(lambda container: container.unpause())

    def unplug(self) -> None:
        """Disconnect it from its own network (`own_network`): no packet gets through, and it runs
        on.
        """
        if not self._own_network:
            raise Unavailable("a server that shares our network cannot be taken off it")
        self._each(docker_engine.unplug)

    def plug_in(self) -> None:
        """Reconnect it after `unplug`, under its old address and on the same ports, which were
        pinned.
        """
        with docker_engine.engine() as client:
            for container in docker_engine.containers(client, self.record.run):
                docker_engine.plug_in(client, container, self.record.run)

    def start_again(self) -> None:
        """Start it after its end, with the same ports and credentials and no memory.

        Returns when it answers.
        """
        if self._binary:
            self._guard.tell("start")
        self._each(lambda container: container.start())
        wait_ready(self.record.http, self._guard.gone)

    def runs(self) -> bool:
        """Return whether its process exists, paused or not."""
        if self._binary:
            return bool(_native_state(self.folder))
        with docker_engine.engine() as client:
            return any(
                docker_engine.ended(container) is None
                for container in docker_engine.containers(client, self.record.run)
            )

    def ended(self) -> str | None:
        """Its last output if its process is gone, None otherwise."""
        if self._binary:
            return None if self.runs() else _reason("it is gone", self.folder)
        with docker_engine.engine() as client:
            found = docker_engine.containers(client, self.record.run)
            return docker_engine.ended(found[0]) if found else "its container is gone"

    def _tell(self, word: str, obeyed: Callable[[str], bool]) -> None:
        """Have the reaper do something to a native server, and wait until it is done."""
        self._guard.tell(word)
        for _ in range(_POLLS):
            if obeyed(_native_state(self.folder)):
                return
            time.sleep(_POLL_S)
        raise Unavailable(f"the LiveKit server does not obey: {word}")

    def _each(self, act: Callable[[Any], None]) -> None:
        if self._binary:
            return
        with docker_engine.engine() as client:
            for container in docker_engine.containers(client, self.record.run):
                act(container)

    def _start(self) -> None:
        if self._binary:
            wait_ready(self.record.http, lambda: _reason(self._guard.gone(), self.folder))
            return
        _start_container(self.record, self._guard.gone, self._webhook_url, self._own_network)

    def _stop(self, started: bool) -> None:
        """Stop the server.

        The engine may still create a server that has not `started` after we have looked for it.
        """
        sure = False
        try:
            if not self._binary:
                _remove_containers(self.record.run, self.folder)
            sure = started
        except Unavailable:
            # The reaper keeps trying.
            pass
        finally:
            if sure:
                self._guard.release()
            else:
                self._guard.hand_over()


def native_program() -> str:
    """The LiveKit executable on PATH. Raises `Unavailable` if there is none."""
    found = shutil.which(_PROGRAM)
    if found is None:
        raise Unavailable(f"there is no {_PROGRAM} on PATH, which livekit:native wants")
    return found


def start(parent: Path, binary: str = "") -> ServerRecord:
    """Start a server that keeps running after this process.

    Raises `Unavailable`; then nothing is left of it.
    """
    run = registry.fresh_run()
    folder = registry.make_folder(parent, run)
    record = _record(run, free_ports(), Credentials.fresh())
    try:
        if binary:
            _write_config(folder, record)
            process = _spawn(binary, folder)
            _children[process.pid] = process
            record = _record(run, record.ports, record.credentials, process.pid)
            registry.keep(folder, record)
            wait_ready(record.http, lambda: _reason(_exit(process), folder))
        else:
            registry.keep(folder, record)
            _start_container(record, lambda: None)
    except BaseException:
        with contextlib.suppress(Unavailable):
            stop(record, parent)
        raise
    return record


def stop(record: ServerRecord, parent: Path) -> None:
    """Stop a server that `start` has started, and delete its records."""
    if record.pid:
        _end_native(record, parent / record.run)
    else:
        _remove_containers(record.run, None)
    registry.forget(record.run, parent)


def prune(parent: Path) -> list[str]:
    """Remove every server of ours, whichever process started it. Returns their names.

    Raises `Unavailable`.
    """
    removed = [record.run for record in registry.read_all(parent)]
    for record in registry.read_all(parent):
        if record.pid:
            stop(record, parent)
    with docker_engine.engine() as client:
        for container in docker_engine.containers(client):
            removed.append(container.labels[RUN_LABEL])
            container.remove(force=True, v=True)
        for network in docker_engine.networks(client):
            network.remove()
    for run in removed:
        registry.forget(run, parent)
    return list(dict.fromkeys(removed))


def _record(run: str, ports: ServerPorts, credentials: Credentials, pid: int = 0) -> ServerRecord:
    return ServerRecord(
        run, ports.http, ports.ice_tcp, ports.ice_udp, credentials.key, credentials.secret, pid
    )


def _write_config(folder: Path, record: ServerRecord, webhook_url: str = "") -> None:
    text = config_text(record.ports, record.credentials, loopback=True, webhook_url=webhook_url)
    registry.write_private(folder / CONFIG, text)


def _start_container(
    record: ServerRecord,
    unguarded: Callable[[], str | None],
    webhook_url: str = "",
    own_network: bool = False,
) -> None:
    loopback = bool(webhook_url)
    config = config_text(record.ports, record.credentials, loopback, webhook_url)
    with docker_engine.engine() as client:
        container = docker_engine.start(
            client, record.run, str(os.getpid()), record.ports, config, loopback, own_network
        )
        wait_ready(record.http, lambda: unguarded() or docker_engine.ended(container))


def _remove_containers(run: str, folder: Path | None) -> None:
    with docker_engine.engine() as client:
        for container in docker_engine.containers(client, run):
            if folder is not None:
                (folder / LOG).write_bytes(redacted(container.logs()))
            container.remove(force=True, v=True)
        for network in docker_engine.networks(client, run):
            network.remove()


def _spawn(binary: str, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / LOG).open("wb") as log:
        try:
            return subprocess.Popen(
                [binary, "--config", str(folder / CONFIG)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        except OSError as error:
            raise Unavailable(f"{binary} cannot be started: {error.strerror}") from error


def _exit(process: subprocess.Popen[bytes]) -> str | None:
    code = process.poll()
    return None if code is None else f"exit code {code}"


def _reason(gone: str | None, folder: Path) -> str | None:
    """The last line of the log, which says more than an exit code; else `gone`."""
    log = folder / LOG
    lines = log.read_text(errors="replace").strip().splitlines() if gone and log.is_file() else []
    return lines[-1] if lines else gone


def _native_state(folder: Path) -> str:
    """The `ps` state of the native server of `folder`, "" if there is none."""
    shown = subprocess.run(
        ["ps", "-ww", "-eo", "stat=,args="], capture_output=True, text=True, check=False
    ).stdout
    wanted = f"--config {folder.absolute() / CONFIG}"
    states = [line.split(maxsplit=1)[0] for line in shown.splitlines() if line.endswith(wanted)]
    return next((state for state in states if not state.startswith("Z")), "")


def _end_native(record: ServerRecord, folder: Path) -> None:
    """Send SIGTERM until it ends: LiveKit drains on the first, and ends on the second."""
    for _ in range(50):
        if not runs(record, folder):
            break
        os.kill(record.pid, signal.SIGTERM)
        time.sleep(0.1)
    else:
        os.kill(record.pid, signal.SIGKILL)
    child = _children.pop(record.pid, None)
    if child is not None:
        child.wait()


def runs(record: ServerRecord, folder: Path) -> bool:
    """Return whether a native server's pid is still that server: pids are reused."""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=,args=", "-p", str(record.pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return str(folder.absolute() / CONFIG) in shown and not shown.startswith("Z")
