"""Events that a document gets when it is unloaded, and when it comes back from the cache.

Models Chromium 156 (seen; `pagehide` before `visibilitychange` is the order of the HTML standard
too, "unload a document"). A page whose process ends, one that is discarded and one whose main
thread is blocked get none.
"""

from __future__ import annotations

import enum

from oneroom.ports.page_event import PageEvent


class UnloadCause(enum.Enum):
    """Causes of a document's end."""

    CLOSED = enum.auto()  # by the user, who would be asked
    CLOSED_UNASKED = enum.auto()  # by the shell
    CLOSED_ITSELF = enum.auto()  # `window.close()`, opened with `noopener`: in a process of its own
    CLOSED_BESIDE_OPENER = enum.auto()  # `window.close()`, in its opener's process
    REPLACED = enum.auto()  # by a reload, or by another document where this one cannot be cached
    CACHED = enum.auto()  # by another document; it may come back


_UNLOAD_EVENTS = {
    UnloadCause.CLOSED: (
        PageEvent.BEFOREUNLOAD,
        PageEvent.PAGEHIDE,
        PageEvent.HIDDEN,
        PageEvent.UNLOAD,
    ),
    UnloadCause.CLOSED_UNASKED: (PageEvent.PAGEHIDE, PageEvent.HIDDEN, PageEvent.UNLOAD),
    UnloadCause.CLOSED_ITSELF: (PageEvent.BEFOREUNLOAD, PageEvent.HIDDEN),
    UnloadCause.CLOSED_BESIDE_OPENER: (
        PageEvent.BEFOREUNLOAD,
        PageEvent.HIDDEN,
        PageEvent.PAGEHIDE,
        PageEvent.UNLOAD,
    ),
    UnloadCause.REPLACED: (
        PageEvent.BEFOREUNLOAD,
        PageEvent.PAGEHIDE,
        PageEvent.HIDDEN,
        PageEvent.UNLOAD,
    ),
    UnloadCause.CACHED: (
        PageEvent.BEFOREUNLOAD,
        PageEvent.PAGEHIDE_PERSISTED,
        PageEvent.HIDDEN,
        PageEvent.FREEZE,
    ),
}
# A `pagehide` handler that takes longer is cut short.
PAGEHIDE_LIMIT_US = 500_000
# Events of a document that comes back from the back/forward cache.
RESTORE_EVENTS = (PageEvent.RESUME, PageEvent.VISIBLE, PageEvent.PAGESHOW_PERSISTED)


def unload_events(cause: UnloadCause, *, hidden: bool = False) -> tuple[PageEvent, ...]:
    """The last events of a document, in order; one that is `hidden` already gets no
    `visibilitychange`.
    """
    return tuple(
        event for event in _UNLOAD_EVENTS[cause] if not (hidden and event is PageEvent.HIDDEN)
    )
