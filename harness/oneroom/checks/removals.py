"""Removals of the user from the call: decisions of somebody else, and bugs of the app's own server.

Rules: bookkeeping for checks, no judgement. LiveKit has one reason for both (PARTICIPANT_REMOVED);
who called RoomService is known from `RemovalRequested` alone.
"""

from __future__ import annotations

from oneroom.trace.people_records import RemovalRequested
from oneroom.trace.records import Presence, PresenceChanged, Reason, RoomChanged, RoomState

# What LiveKit says to a participant who is sent out of a room.
REMOVALS: tuple[int, ...] = (
    Reason.PARTICIPANT_REMOVED,
    Reason.ROOM_DELETED,
    Reason.ROOM_CLOSED,
)


class Removals:
    """Follows who asked for the last removal."""

    def __init__(self) -> None:
        self._by_app = False
        # windows whose session the app removed, and whose SDK has not said so yet
        self._removed_by_app: dict[int, bool] = {}

    def on(self, record: RemovalRequested) -> None:
        """Follow a request to RoomService."""
        self._by_app = record.by_app

    def decided(self, record: PresenceChanged | RoomChanged) -> bool:
        """True if `record` is the end of a session or Room that somebody other than the app
        decided.
        """
        if record.reason not in REMOVALS:
            return False
        if isinstance(record, PresenceChanged):
            return record.presence == Presence.LEFT and not self._left(record)
        return record.state == RoomState.ENDED and not self._ended(record)

    def _left(self, record: PresenceChanged) -> bool:
        """Return whether the app removed this session."""
        by_app = self._by_app and record.reason == Reason.PARTICIPANT_REMOVED
        if by_app:
            self._removed_by_app[record.window] = True
        else:
            self._removed_by_app.pop(record.window, None)
        return by_app

    def _ended(self, record: RoomChanged) -> bool:
        """Return whether the window is told of a removal by the app."""
        if record.reason != Reason.PARTICIPANT_REMOVED:
            return False
        return self._removed_by_app.pop(record.where, False) or self._by_app
