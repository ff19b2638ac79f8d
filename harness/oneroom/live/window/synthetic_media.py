"""Synthetic media in place of microphone, camera and screen.

Rules: no device is opened. A tone and a moving picture, so that a subscriber can distinguish them
from silence and from a frozen frame. Both are small: a test machine has two cores.
"""

from __future__ import annotations

import asyncio
import math
from array import array

from livekit import rtc

from oneroom.core.state import Source

_RATE_HZ = 48_000
_TONE_HZ = 440
_FRAME_MS = 20
_WIDTH, _HEIGHT = 64, 48
_PICTURES_PER_S = 10
_NAMES = {Source.CAMERA: "camera", Source.MICROPHONE: "microphone", Source.SCREEN_SHARE: "screen"}


class Capture:
    """The capture of one source, from `start` until `stop`.

    `sid` is that of its publication once it is published; `muted` is the wanted state, which the
    track may not have yet.
    """

    def __init__(self, source: Source) -> None:
        self.sid = ""
        self.muted = False
        self.stopped = False
        self._feeding: asyncio.Task[None] | None = None
        name = _NAMES[source]
        if source is Source.MICROPHONE:
            audio = rtc.AudioSource(_RATE_HZ, 1)
            self.track = rtc.LocalAudioTrack.create_audio_track(name, audio)
            self._feed = _play_tone(audio)
        else:
            video = rtc.VideoSource(_WIDTH, _HEIGHT, is_screencast=source is Source.SCREEN_SHARE)
            self.track = rtc.LocalVideoTrack.create_video_track(name, video)
            self._feed = _play_picture(video)

    @property
    def running(self) -> bool:
        """True after `start` and before `stop`."""
        return self._feeding is not None and not self.stopped

    def start(self) -> None:
        """Start capturing."""
        self._feeding = asyncio.ensure_future(self._feed)

    def stop(self) -> None:
        """Stop capturing."""
        self.stopped = True
        if self._feeding is None:
            self._feed.close()
        else:
            self._feeding.cancel()


async def _play_tone(source: rtc.AudioSource) -> None:
    samples = _RATE_HZ * _FRAME_MS // 1_000
    # 20 ms hold a whole number of waves of no tone in general; the click between frames is no
    # matter.
    wave = array(
        "h", (int(8_000 * math.sin(2 * math.pi * _TONE_HZ * n / _RATE_HZ)) for n in range(samples))
    )
    frame = rtc.AudioFrame(wave.tobytes(), _RATE_HZ, 1, samples)
    while True:
        # Waits while the source's own queue is full, which keeps the pace.
        await source.capture_frame(frame)


async def _play_picture(source: rtc.VideoSource) -> None:
    number = 0
    while True:
        picture = bytes((number * 16 % 256,)) * (_WIDTH * _HEIGHT * 3 // 2)
        source.capture_frame(rtc.VideoFrame(_WIDTH, _HEIGHT, rtc.VideoBufferType.I420, picture))
        number += 1
        await asyncio.sleep(1 / _PICTURES_PER_S)
