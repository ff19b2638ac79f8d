"""Events that the browser dispatches in a document, by the words of the HTML standard, Page
Lifecycle and Media Capture.

Which of them a document gets when it goes or comes back, and in what order, is in
`oneroom_fakes.page_events`.
"""

from __future__ import annotations

import enum


class PageEvent(enum.Enum):
    """One event. The value is its type, and what a listener reads of it."""

    PAGESHOW = "pageshow"
    PAGESHOW_PERSISTED = "pageshow persisted"  # out of the back/forward cache
    VISIBLE = "visibilitychange to visible"
    HIDDEN = "visibilitychange to hidden"
    FOCUS = "focus"
    BLUR = "blur"
    FREEZE = "freeze"
    RESUME = "resume"
    BEFOREUNLOAD = "beforeunload"
    PAGEHIDE = "pagehide"
    PAGEHIDE_PERSISTED = "pagehide persisted"  # into the back/forward cache
    UNLOAD = "unload"
    ONLINE = "online"
    OFFLINE = "offline"
    DEVICECHANGE = "devicechange"


# The events by which a document hears that it is left.
LEAVES = frozenset({PageEvent.PAGEHIDE, PageEvent.PAGEHIDE_PERSISTED})
