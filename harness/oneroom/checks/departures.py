"""Sessions whose client is gone, and how long the SFU may still list them.

Rules: bookkeeping for checks, no judgement. A Leave is acted on at once, so a session whose window
has closed its Room may stay for `LEAVE_US`: the way of the Leave, which the SDK waits for (250 ms
at most). A client that dies, or whose Leave is lost (a ghost), is noticed by its silence: removed
21.0 s after its last packet, and one that had not answered yet after 60 s (LiveKit v1.13.5, seen).
Faults of the world, as a server that stands still, stop these clocks.
"""

from __future__ import annotations

from typing import Final

from oneroom.checks.sessions import Sessions
from oneroom.trace.records import FaultChanged, Presence, PresenceChanged, RoomChanged, RoomState
from oneroom.trace.trace import WORLD

LEAVE_US: Final = 1_000_000
LOST_US: Final = 22_000_000
UNANSWERED_US: Final = 61_000_000


class Departures:
    """`until_us` maps the sid of each listed session whose client is gone to the time from which
    the SFU must have noticed.
    """

    def __init__(self, sessions: Sessions) -> None:
        self.until_us: dict[int, int] = {}
        self._sessions = sessions
        # window and epoch of a Room -> the sessions that it had as it was closed
        self._closing: dict[tuple[int, int], tuple[int, ...]] = {}
        self._faults: dict[int, int] = {}  # the world or a window -> faults that are on
        self._stopped_us = 0

    def room(self, record: RoomChanged) -> tuple[int, ...]:
        """Follow a window's own SDK: it has done what it can when the closed Room has ended. Return
        the sids whose Room the window has closed or lost with this record.
        """
        room = (record.where, record.epoch)
        if record.state == RoomState.ENDED and room in self._closing:
            for sid in self._closing.pop(room):
                if sid in self._sessions.listed:
                    self._gone(sid, record.at_us + LEAVE_US)
            return ()
        if record.state <= RoomState.HEALED:
            return ()
        found = tuple(
            [
                sid
                for sid, session in self._sessions.listed.items()
                if session.window == record.where
            ]
        )
        if record.state == RoomState.CLOSING:
            self._closing[room] = found
        return found

    def presence(self, record: PresenceChanged) -> None:
        """Follow a session, after `Sessions.presence` has."""
        if record.presence == Presence.GHOST:
            session = self._sessions.listed.get(record.sid)
            if session is not None:
                limit_us = LOST_US if session.active else UNANSWERED_US
                self._gone(record.sid, record.at_us + limit_us)
        elif record.presence == Presence.RESUMED or record.presence == Presence.LEFT:
            self.until_us.pop(record.sid, None)

    def fault(self, record: FaultChanged) -> None:
        """Follow the faults of the world and of windows."""
        before = self._faults.get(record.where, 0)
        self._faults[record.where] = before + (1 if record.on else -1)
        if record.where != WORLD:
            return
        if record.on and not before:
            self._stopped_us = record.at_us
        elif not record.on and before == 1:
            for sid in self.until_us:
                self.until_us[sid] += record.at_us - self._stopped_us

    def broken(self, window: int) -> bool:
        """True if a fault is on that may keep a Leave of the window from the SFU."""
        return self._faults.get(WORLD, 0) > 0 or self._faults.get(window, 0) > 0

    def overdue(self, at_us: int) -> list[int]:
        """The sids that the SFU should list no longer, in the order of joining."""
        if self._faults.get(WORLD, 0):
            return []
        return [sid for sid, until_us in self.until_us.items() if at_us > until_us]

    def _gone(self, sid: int, until_us: int) -> None:
        self.until_us[sid] = max(until_us, self.until_us.get(sid, 0))
