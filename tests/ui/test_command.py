"""`oneroom ui` as a process: it prints its address, serves, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from oneroom.cli.main import invoke
from tests.project import ROOT


@contextmanager
def started(
    folder: Path, *arguments: str, command: str = "ui"
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address that it has printed."""
    path = os.pathsep.join([str(ROOT / "harness"), str(ROOT / "fakes")])
    with subprocess.Popen(
        [sys.executable, "-m", "oneroom", command, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip() if command == "ui" else ""
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_what_it_prints_until_it_is_told_to_end(
    folder: Path, number: signal.Signals
) -> None:
    with started(folder) as (process, address):
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert b"connect-src 'self'" in answer.read()
        process.send_signal(number)
        assert process.wait(60) == 0
        parts = urlsplit(address)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((parts.hostname, parts.port), timeout=5)
    assert not (folder / "reports").exists()
    assert not (folder / ".oneroom").exists()


def test_a_port_that_is_taken_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert invoke(("ui", "--port", str(port))) == 2
    assert f"port {port} of 127.0.0.1" in capsys.readouterr().err
