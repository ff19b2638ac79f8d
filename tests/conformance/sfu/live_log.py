"""A server's log of its sessions, read as it writes.

Rules: one thread a server follows its log, because asking for all of it again and again costs more
than the cases do. A server that is killed and started again goes on with the same log.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any

from oneroom.live.errors import Unavailable
from oneroom.live.server import docker_engine
from oneroom.live.server.livekit_server import LiveKit

_AGAIN_S = 0.1


class LiveLog:
    """The JSON lines of `server`'s log so far that name a room and a participant, in `lines`."""

    def __init__(self, server: LiveKit) -> None:
        self.lines: list[dict[str, Any]] = []
        self._server = server
        self._seen: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """The server is gone, and its log with it."""
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._over.is_set():
            # Unavailable: it is being removed.
            with contextlib.suppress(Unavailable):
                self._read()
            time.sleep(_AGAIN_S)

    def _read(self) -> None:
        if self._server.is_native:
            for line in self._server.log().splitlines():
                self._take(line)
            return
        with docker_engine.engine(timeout_s=None) as client:
            for container in docker_engine.containers(client, self._server.record.run):
                rest = b""
                for chunk in container.logs(stream=True, follow=True):
                    *whole, rest = (rest + chunk).split(b"\n")
                    for line in whole:
                        self._take(line.decode(errors="replace"))

    def _take(self, line: str) -> None:
        # Times in it are so exact that no two lines are alike.
        if line.startswith("{") and line not in self._seen:
            self._seen.add(line)
            said = json.loads(line)
            if "room" in said and "participant" in said:
                self.lines.append(said)
