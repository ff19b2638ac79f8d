"""Detection of live media in a track: sound, not silence; a moving picture, not a frozen one.

Rules: a track is live from the first sound or change of picture on, until there was none for
`_STILL_S`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from livekit import rtc

_STILL_S = 0.5
_POLL_S = 0.1
_RATE_HZ = 8_000
# Out of 32,767. The published tone has 8,000; decoded silence stays below 100.
_LOUD = 500


class MediaProbe:
    """The probe of one track. `on_change(alive)` is called when the track becomes live or still."""

    def __init__(self, track: Any, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change
        self._alive = False
        self._last_s = 0.0
        self._loop = asyncio.get_running_loop()
        watch = self._listen if track.kind == rtc.TrackKind.KIND_AUDIO else self._watch
        self._tasks = [
            asyncio.ensure_future(watch(track)),
            asyncio.ensure_future(self._detect_still()),
        ]

    def end(self) -> None:
        """Stop probing, because the track is gone."""
        for task in self._tasks:
            task.cancel()
        if self._alive:
            self._alive = False
            self._on_change(False)

    async def _listen(self, track: Any) -> None:
        async for event in rtc.AudioStream(track, sample_rate=_RATE_HZ, num_channels=1):
            if max(event.frame.data) > _LOUD:
                self._mark_live()

    async def _watch(self, track: Any) -> None:
        before = b""
        async for event in rtc.VideoStream(track):
            # The brightness of the picture's middle.
            data = bytes(event.frame.data)
            now = data[len(data) // 3 : len(data) // 3 + 1]
            if now != before:
                before = now
                self._mark_live()

    def _mark_live(self) -> None:
        self._last_s = self._loop.time()
        if not self._alive:
            self._alive = True
            self._on_change(True)

    async def _detect_still(self) -> None:
        while True:
            await asyncio.sleep(_POLL_S)
            if self._alive and self._loop.time() > self._last_s + _STILL_S:
                self._alive = False
                self._on_change(False)
