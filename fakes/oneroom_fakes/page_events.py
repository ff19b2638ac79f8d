"""Events that a document gets when it is unloaded, and when it comes back from the cache.

Models Chromium 156 (seen; `pagehide` before `visibilitychange` is the order of the HTML standard
too, "unload a document"). A page whose process ends, one that is discarded and one whose main
thread is blocked get none. After `beforeunload` a document runs on, with timers, messages and
grants as ever, until the browser has its answer and, where another document comes, that one.
"""

from __future__ import annotations

import enum

from oneroom.ports.page_event import PageEvent
from oneroom_fakes.latency import Delays, quantiles


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
# From `beforeunload` to the next event: of a document whose window is closed, and of one that
# another document from a server nearby replaces (Chromium 156, seen: 15 to 20 ms on an idle
# machine; 40 documents on a busy one, median 54 ms).
_REPLACED_US = quantiles((0, 15_000), (500, 20_000), (900, 54_000), (990, 170_000), (1000, 250_000))
UNLOAD_US: dict[UnloadCause, Delays] = {
    UnloadCause.CLOSED: quantiles((0, 1_300), (500, 4_000), (900, 25_000), (1000, 71_000)),
    UnloadCause.REPLACED: _REPLACED_US,
    UnloadCause.CACHED: _REPLACED_US,
}
# A `pagehide` handler that takes longer is cut short.
PAGEHIDE_LIMIT_US = 500_000
# Events of a document that comes back from the back/forward cache.
RESTORE_EVENTS = (PageEvent.RESUME, PageEvent.VISIBLE, PageEvent.PAGESHOW_PERSISTED)


def unload_events(
    cause: UnloadCause, *, asked: bool = False, hidden: bool = False
) -> tuple[PageEvent, ...]:
    """The last events of a document, in order; one that was `asked` has got its `beforeunload`, one
    that is `hidden` already gets no `visibilitychange`.
    """
    spared = (asked and PageEvent.BEFOREUNLOAD, hidden and PageEvent.HIDDEN)
    return tuple(event for event in _UNLOAD_EVENTS[cause] if event not in spared)
