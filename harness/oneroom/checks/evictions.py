"""Evictions of one running window by another, as checks follow them.

Rules: bookkeeping for checks, no judgement. The SFU removes the present holder of an identity first
and lists the newcomer then (LiveKit v1.13.5 roommanager.go StartSession), so the evicting window is
known only when the newcomer has joined. A window that replaces its own session by a full reconnect
evicts nobody; neither does one that replaces a ghost, or the session of a window that stands still.
Evictions that only a real server's webhooks report count as well.
"""

from __future__ import annotations

from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import Presence, PresenceChanged, Reason, WebhookHeard


class Evictions:
    """Finds the evicted window: `on` as the newcomer joins, `on_webhook` if a webhook alone says
    so.
    """

    def __init__(self) -> None:
        self._ghosts: dict[int, bool] = {}
        self._windows: dict[int, int] = {}  # sid -> window, of sessions whose end is not known
        self._newest: dict[int, int] = {}  # identity -> window that joined last
        self._removed: dict[int, int] = {}  # identity -> window whose session has just been removed

    def on(self, record: PresenceChanged, lifecycle: WindowLifecycle) -> int:
        """The window whose session another window's session replaced with this record, else -1."""
        if record.presence == Presence.GHOST:
            self._ghosts[record.sid] = True
        elif record.presence == Presence.RESUMED:
            self._ghosts.pop(record.sid, None)
            self._windows[record.sid] = record.window
        elif record.presence == Presence.LEFT:
            ghost = self._ghosts.pop(record.sid, False)
            self._windows.pop(record.sid, None)
            if (
                record.reason == Reason.DUPLICATE_IDENTITY
                and not ghost
                and lifecycle.runs(record.window)
            ):
                self._removed[record.identity] = record.window
        elif record.presence == Presence.JOINED:
            self._windows[record.sid] = self._newest[record.identity] = record.window
            removed = self._removed.pop(record.identity, record.window)
            if removed != record.window:
                return removed
        return -1

    def on_webhook(self, record: WebhookHeard, lifecycle: WindowLifecycle) -> int:
        """The window whose session was replaced, if this webhook is its first report, else -1."""
        window = self._windows.get(record.sid, -1)
        if record.reason != Reason.DUPLICATE_IDENTITY or window < 0:
            return -1
        del self._windows[record.sid]
        if (
            self._ghosts.pop(record.sid, False)
            or not lifecycle.runs(window)
            or self._newest[record.identity] == window
        ):
            return -1
        return window
