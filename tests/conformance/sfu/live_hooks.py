"""The webhooks of one worker's server, heard on a loop of their own.

Rules: a rig's loop runs only while its case runs, and LiveKit tries again for half a minute when
nobody answers: so the receiver is on a thread. What it hears is a list that only grows.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from oneroom.live.server.credentials import Credentials
from oneroom.live.server.webhooks import WebhookNotice, Webhooks

Result = TypeVar("Result")


class LiveHooks:
    """A receiver. `notices` is (seconds on the monotonic clock, notice)."""

    def __init__(self) -> None:
        self.notices: list[tuple[float, WebhookNotice]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._hooks = self._do(
            Webhooks.start(lambda notice: self.notices.append((time.monotonic(), notice)))
        )
        self.url = self._hooks.url

    def trust(self, credentials: Credentials) -> None:
        self._loop.call_soon_threadsafe(self._hooks.trust, credentials)

    def end(self) -> None:
        self._do(self._hooks.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
