"""When one running window was pushed out of the call by another.

Rules: bookkeeping for checks, no judgement. The SFU removes the present holder of an identity first
and lists the newcomer then (LiveKit v1.13.5 roommanager.go StartSession), so who pushed is known
only when the newcomer has joined. A window that replaces its own session by a full reconnect pushes
nobody out, and neither does who replaces a ghost or a window that stands still. A real server's
webhooks tell of evictions, too: they count where its sessions did not.
"""

from __future__ import annotations

from oneroom.checks.lives import WindowLives
from oneroom.trace.records import Presence, PresenceChanged, Reason, WebhookHeard


class Evictions:
    """`on` says who was pushed out, at the record of the newcomer's joining; `heard`, whom only a
    webhook tells of.
    """

    def __init__(self) -> None:
        self._ghosts: dict[int, bool] = {}
        self._windows: dict[int, int] = {}  # sid -> window, of sessions whose end is not known
        self._newest: dict[int, int] = {}  # identity -> window that joined last
        self._removed: dict[int, int] = {}  # identity -> window whose session has just been removed

    def on(self, record: PresenceChanged, lives: WindowLives) -> int:
        """The window that another one's session replaced with this record, else -1."""
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
                and lives.runs(record.window)
            ):
                self._removed[record.identity] = record.window
        elif record.presence == Presence.JOINED:
            self._windows[record.sid] = self._newest[record.identity] = record.window
            removed = self._removed.pop(record.identity, record.window)
            if removed != record.window:
                return removed
        return -1

    def heard(self, record: WebhookHeard, lives: WindowLives) -> int:
        """The window whose session another one's has replaced, as this webhook says and nothing
        else did, else -1.
        """
        window = self._windows.get(record.sid, -1)
        if record.reason != Reason.DUPLICATE_IDENTITY or window < 0:
            return -1
        del self._windows[record.sid]
        if (
            self._ghosts.pop(record.sid, False)
            or not lives.runs(window)
            or self._newest[record.identity] == window
        ):
            return -1
        return window
