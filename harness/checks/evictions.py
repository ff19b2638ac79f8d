"""When one running window was pushed out of the call by another.

Rules: bookkeeping for checks, no judgement. The SFU removes the present holder of an identity first and lists the
newcomer then (LiveKit v1.13.5 roommanager.go StartSession), so who pushed is known only when the newcomer has joined.
A window that replaces its own session by a full reconnect pushes nobody out, and neither does who replaces a ghost or
a window that stands still.
"""

from __future__ import annotations

from harness.checks.lives import Lives
from harness.trace.records import Presence, PresenceChanged, Reason


class Evictions:
    """`on` says who was pushed out, at the record of the newcomer's joining."""

    def __init__(self) -> None:
        self._ghosts: dict[int, bool] = {}
        self._removed: dict[int, int] = {}  # identity -> window whose session has just been removed

    def on(self, record: PresenceChanged, lives: Lives) -> int:
        """The window that another one's session replaced with this record, else -1."""
        if record.presence == Presence.GHOST:
            self._ghosts[record.sid] = True
        elif record.presence == Presence.RESUMED:
            self._ghosts.pop(record.sid, None)
        elif record.presence == Presence.LEFT:
            ghost = self._ghosts.pop(record.sid, False)
            if record.reason == Reason.DUPLICATE_IDENTITY and not ghost and lives.runs(record.window):
                self._removed[record.identity] = record.window
        elif record.presence == Presence.JOINED:
            removed = self._removed.pop(record.identity, record.window)
            if removed != record.window:
                return removed
        return -1
