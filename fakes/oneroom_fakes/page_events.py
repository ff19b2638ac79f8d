"""Events that a document gets when it is unloaded, and when it comes back from the cache.

Models Chromium 156 (seen; `pagehide` before `visibilitychange` is the order of the HTML standard
too, "unload a document"). A page whose process ends, one that is discarded and one whose main
thread is blocked get none.
"""

from __future__ import annotations

import enum


class UnloadCause(enum.Enum):
    """Causes of a document's end."""

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
# A `pagehide` handler that takes longer is cut short.
PAGEHIDE_LIMIT_US = 500_000
# Events of a document that comes back from the back/forward cache.
RESTORE_EVENTS = ("resume", "visibilitychange to visible", "pageshow persisted")


def unload_events(cause: UnloadCause, *, hidden: bool = False) -> tuple[str, ...]:
    """The last events of a document, in order; one that is `hidden` already gets no
    `visibilitychange`.
    """
    return tuple(event for event in _UNLOAD_EVENTS[cause] if not (hidden and event == _HIDES))
