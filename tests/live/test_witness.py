"""The witness ends with the pipe of its harness, whatever becomes of the server."""

from __future__ import annotations

import socket
import subprocess
import sys

import msgspec
import pytest

pytestmark = pytest.mark.live


def test_the_witness_of_a_server_that_stays_away_ends_with_its_pipe() -> None:
    from oneroom.live.evidence.witness_process import WitnessSetup
    from oneroom.live.process.pipe import Frame

    # Bound and not listened to: whoever connects is refused, and the number is nobody else's.
    with socket.socket() as away:
        away.bind(("127.0.0.1", 0))
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(30)
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "oneroom.live.evidence.witness_process",
                    str(theirs.fileno()),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                theirs.close()
                assert ours.recv(1)  # it is ready
                told = WitnessSetup(0, f"ws://127.0.0.1:{away.getsockname()[1]}", ("token",))
                data = msgspec.msgpack.encode(Frame(0, -1, "begin", (msgspec.to_builtins(told),)))
                ours.sendall(len(data).to_bytes(4) + data)
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(2)  # it tries and tries
                ours.close()
                assert process.wait(30) == 0
            finally:
                process.kill()
                process.wait()
