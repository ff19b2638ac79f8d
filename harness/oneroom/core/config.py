"""Configuration of one window when its script starts."""

from __future__ import annotations

import msgspec

from oneroom.core.timings import Timings


class Config(msgspec.Struct, frozen=True, gc=False):
    """Configuration of one window.

    `instance_id` is new for every runtime (a reload is a new instance). `main` marks the window
    that policies prefer. `hidden` says that it opens in the background
    (`document.visibilityState`). `jitter_us` is this window's own constant stagger, drawn by the
    driver: the core draws nothing.
    """

    instance_id: str
    main: bool = False
    jitter_us: int = 0
    timings: Timings = Timings()
    hidden: bool = False
