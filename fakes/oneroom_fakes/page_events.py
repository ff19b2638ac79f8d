"""What a document is told of its own life, for every way in which it can go and come back.

Models Chromium 156 (seen; `pagehide` before `visibilitychange` is the order of the HTML standard
too, "unload a document"). Who is told nothing: a page whose process ends, one that is discarded,
one whose main thread stands still.
"""

from __future__ import annotations

import enum


class Departure(enum.Enum):
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
_FAREWELLS = {
    Departure.CLOSED: ("beforeunload", "pagehide", _HIDES, "unload"),
    Departure.CLOSED_UNASKED: ("pagehide", _HIDES, "unload"),
    Departure.CLOSED_ITSELF: ("beforeunload", _HIDES),
    Departure.CLOSED_BESIDE_OPENER: ("beforeunload", _HIDES, "pagehide", "unload"),
    Departure.REPLACED: ("beforeunload", "pagehide", _HIDES, "unload"),
    Departure.CACHED: ("beforeunload", "pagehide persisted", _HIDES, "freeze"),
    Departure.DISCARDED: (),
    Departure.CRASHED: (),
}
# A `pagehide` that takes longer is cut short.
PATIENCE_US = 500_000
# What a cached document is told when it comes back.
RETURN = ("resume", "visibilitychange to visible", "pageshow persisted")


def farewell(way: Departure, *, hidden: bool = False) -> tuple[str, ...]:
    """The last events of a document, in order; who is hidden already is not told so again."""
    return tuple(event for event in _FAREWELLS[way] if not (hidden and event == _HIDES))
