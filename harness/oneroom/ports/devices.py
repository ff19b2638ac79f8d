"""Microphone, camera and screen, with the browser's permission prompts in front of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oneroom.core.state import Source


class Devices(Protocol):
    """`getUserMedia` and `getDisplayMedia` for all windows of one user."""

    def capture(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        """Ask for `source` in `window`.

        `done(granted)` is called once, as a task of its page, unless it is released before.
        """

    def release(self, window: str, source: Source) -> None:
        """Stop capturing `source` in `window`, or waiting for it; harmless if it does neither."""

    def is_default(self, window: str, source: Source) -> bool:
        """True if `window` captures `source` from the device that is the default one now."""
