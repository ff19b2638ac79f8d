"""Detection of life in a track: a tone from silence, a moving picture from a frozen one.

Rules: a track is alive from the first sound or change of picture on, and no more when there was
none for `_STILL_S`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from livekit import rtc

_STILL_S = 0.5
_POLL_S = 0.1
_RATE_HZ = 8_000
# Of 32,767. The tone that is published has 8,000; what a codec makes of silence stays below 100.
_LOUD = 500


class MediaProbe:
    """One track. `sensed(alive)` is called when it comes to life, and when it goes still."""

    def __init__(self, track: Any, sensed: Callable[[bool], None]) -> None:
        self._sensed = sensed
        self._alive = False
        self._last_s = 0.0
        self._loop = asyncio.get_running_loop()
        feel = self._listen if track.kind == rtc.TrackKind.KIND_AUDIO else self._look
        self._tasks = [asyncio.ensure_future(feel(track)), asyncio.ensure_future(self._wait())]

    def end(self) -> None:
        """The track is gone."""
        for task in self._tasks:
            task.cancel()
        if self._alive:
            self._alive = False
            self._sensed(False)

    async def _listen(self, track: Any) -> None:
        async for event in rtc.AudioStream(track, sample_rate=_RATE_HZ, num_channels=1):
            if max(event.frame.data) > _LOUD:
                self._stirs()

    async def _look(self, track: Any) -> None:
        before = b""
        async for event in rtc.VideoStream(track):
            # The brightness of the picture's middle.
            data = bytes(event.frame.data)
            now = data[len(data) // 3 : len(data) // 3 + 1]
            if now != before:
                before = now
                self._stirs()

    def _stirs(self) -> None:
        self._last_s = self._loop.time()
        if not self._alive:
            self._alive = True
            self._sensed(True)

    async def _wait(self) -> None:
        while True:
            await asyncio.sleep(_POLL_S)
            if self._alive and self._loop.time() > self._last_s + _STILL_S:
                self._alive = False
                self._sensed(False)
