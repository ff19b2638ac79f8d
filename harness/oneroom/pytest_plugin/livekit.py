"""The LiveKit server of the fixture `oneroom_livekit`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True)
class LiveKitServer:
    """A server that answers at `url` (ws://…)."""

    url: str
    api_key: str
    api_secret: str = field(repr=False)


@contextmanager
def server(wanted: str, folders: pytest.TempPathFactory) -> Iterator[LiveKitServer]:
    """The server that `wanted` names, for as long as the `with` block runs.

    It skips the test, or fails it in CI, if there is none.
    """
    with ExitStack() as after:
        try:
            running = _enter(after, wanted, folders)
        except ImportError as error:
            _missing(f"{error.name} is not installed: pip install 'oneroom[live]'")
        except _unavailable() as error:
            _missing(f"{error}")
        yield running


def _enter(after: ExitStack, wanted: str, folders: pytest.TempPathFactory) -> LiveKitServer:
    from oneroom.live.server.livekit_server import LiveKit, native_program
    from oneroom.live.server.target import Target

    if not wanted.startswith("livekit"):
        target = Target.external(wanted)
        return LiveKitServer(wanted, target.credentials.key, target.credentials.secret)
    binary = native_program() if wanted == "livekit:native" else ""
    folder = folders.mktemp("oneroom-livekit")
    after.callback(shutil.rmtree, folder, ignore_errors=True)  # its configuration holds the secret
    record = after.enter_context(LiveKit(folder, binary)).record
    return LiveKitServer(record.url, record.credentials.key, record.credentials.secret)


def _unavailable() -> type[Exception]:
    from oneroom.live.errors import Unavailable

    return Unavailable


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"oneroom_livekit: {reason}", pytrace=False)
    pytest.skip(f"oneroom_livekit: {reason}")
