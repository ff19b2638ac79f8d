"""What a document is told of its own life, for every way in which it can go and come back.

Models Chromium 156 (seen; `pagehide` before `visibilitychange` is the order of the HTML standard
too, "unload a document"). Who is told nothing: a page whose process ends, one that is discarded,
one whose main thread stands still.
"""

from __future__ import annotations

import enum


class UnloadCause(enum.Enum):
    """How a document goes."""

    CLOSED = enum.auto()  # by the user, who would be asked
    CLOSED_UNASKED = enum.auto()  # by the shell
    CLOSED_ITSELF = enum.auto()  # `window.close()`, opened with `noopener`: in a process of its own
    CLOSED_BESIDE_OPENER = enum.auto()  # `window.close()`, in its opener's process
    REPLACED = enum.auto()  # by a reload, or by another document where this one cannot be cached
    CACHED = enum.auto()  # by another document; it may come back
    DISCARDED = enum.auto()
    CRASHED = enum.auto()


_HIDES = "visibilitychange to hidden"
_UNLOAD_EVENTS = {
    UnloadCause.CLOSED: ("beforeunload", "pagehide", _HIDES, "unload"),
    UnloadCause.CLOSED_UNASKED: ("pagehide", _HIDES, "unload"),
    UnloadCause.CLOSED_ITSELF: ("beforeunload", _HIDES),
    UnloadCause.CLOSED_BESIDE_OPENER: ("beforeunload", _HIDES, "pagehide", "unload"),
    UnloadCause.REPLACED: ("beforeunload", "pagehide", _HIDES, "unload"),
    UnloadCause.CACHED: ("beforeunload", "pagehide persisted", _HIDES, "freeze"),
    UnloadCause.DISCARDED: (),
    UnloadCause.CRASHED: (),
}
# A `pagehide` that takes longer is cut short.
PAGEHIDE_LIMIT_US = 500_000
# What a cached document is told when it comes back.
RESTORE_EVENTS = ("resume", "visibilitychange to visible", "pageshow persisted")


def unload_events(cause: UnloadCause, *, hidden: bool = False) -> tuple[str, ...]:
    """The last events of a document, in order; who is hidden already is not told so again."""
    return tuple(event for event in _UNLOAD_EVENTS[cause] if not (hidden and event == _HIDES))
