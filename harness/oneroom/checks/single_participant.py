"""Safety check: the SFU never lists the user twice.

Promise: at no record does the SFU list two sessions of the user's windows, in whatever room and
         under whatever identity. Where a real server was asked, RoomService does not list two
         either, for longer than its store lags behind (0.5 s).
Exempt:  a ghost, a session whose client is gone and which the SFU has not noticed: it died, or its
         window closed the Room and was told that this is done, and the Leave is still on its way
         (the SDK waits 250 ms at most) or lost. It counts all the same if its window's last
         ownership ended in a planned handoff, which must leave none, unless the user had left that
         Room before.
Vacuous: the SFU never listed a session of the user.

The witness is told late about those who publish nothing (up to 3 s, LiveKit v1.13.5), so what it
saw is in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, duration_suffix, join_names
from oneroom.checks.room_service_list import LAG_US, RoomServiceList
from oneroom.checks.sessions import Sessions, TrackedSession
from oneroom.checks.violation import Violation
from oneroom.trace.records import (
    PresenceChanged,
    Record,
    Role,
    RoleChanged,
    RoomChanged,
    RoomState,
    ServiceListed,
    Settled,
)

_HANDING_OVER, _OWNER = Role.HANDING_OVER, Role.OWNER  # bound once, see window_lifecycle


class SingleParticipant(Check):
    """Follows sessions, Rooms and handoffs.

    `windows` of a violation are those whose sessions are listed, one entry a session. `details`: 1
    if RoomService lists them.
    """

    name = "single_participant"
    promise = "the SFU never lists the user twice"
    reads: tuple[type[Record], ...] = (
        PresenceChanged,
        RoleChanged,
        RoomChanged,
        ServiceListed,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.sessions = Sessions()
        # window -> its last ownership ended in a planned handoff
        self.planned: dict[int, bool] = {}
        # window and epoch -> whose Room it is closing
        self.leaving: dict[tuple[int, int], list[TrackedSession]] = {}
        self.left: dict[TrackedSession, bool] = {}  # ghosts that the user has left, no handoff
        self.twice = False
        self.listing = RoomServiceList()
        self.windows: dict[int, int] = {}  # sid -> window, also of sessions that have ended
        self.listed_twice_us = -1  # since when RoomService lists two
        self.listed_twice: tuple[int, ...] = ()

    def on(self, record: Record) -> None:
        if self.listed_twice_us >= 0 and record.at_us > self.listed_twice_us + LAG_US:
            self.violate(record, self.listed_twice, (1,), self.listed_twice_us)
            self.listed_twice_us = -1
        match record:
            case RoleChanged(where=window, role=role):
                if role == _HANDING_OVER:
                    self.planned[window] = True
                    self._judge(record)
                elif role == _OWNER:
                    self.planned[window] = False
            case PresenceChanged():
                self.seen = True
                self.sessions.presence(record)
                self.windows[record.sid] = record.window
                self._judge(record)
                self._judge_list(record)
            case RoomChanged():
                self._room(record)
            case ServiceListed():
                self.listing.on(record)
                self._judge_list(record)
            case Settled():
                self.ceased(record.at_us)

    def _room(self, record: RoomChanged) -> None:
        if record.state == RoomState.CLOSING:
            own = [
                session
                for session in self.sessions.listed.values()
                if session.window == record.where
            ]
            self.leaving[record.where, record.epoch] = own
            if not self.planned.get(record.where, False):
                self.left.update(dict.fromkeys(own, True))
        elif record.state == RoomState.ENDED:
            for session in self.leaving.pop((record.where, record.epoch), ()):
                session.ghost = True
            self._judge(record)

    def _judge(self, record: Record) -> None:
        counted = []
        for session in self.sessions.listed.values():
            if self._counts(session):
                counted.append(session.window)
        if len(counted) < 2:
            if self.twice:
                self.twice = False
                self.ceased(record.at_us)
        elif not self.twice:
            self.twice = True
            self.violate(record, tuple(counted))

    def _counts(self, session: TrackedSession) -> bool:
        return not session.ghost or (
            self.planned.get(session.window, False) and session not in self.left
        )

    def _judge_list(self, record: Record) -> None:
        """Judge RoomService's list alone.

        A session that has ended counts for as long as it is listed, a ghost as in the promise.
        """
        counted = []
        for sid in self.listing.sids:
            session = self.sessions.listed.get(sid)
            window = self.windows.get(sid)
            if window is not None and (session is None or self._counts(session)):
                counted.append(window)
        if len(counted) < 2:
            self.listed_twice_us = -1
        elif self.listed_twice_us < 0:
            self.listed_twice_us, self.listed_twice = record.at_us, tuple(counted)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        if violation.details:
            return f"RoomService lists the user twice, for {join_names(violation.windows, names)}"
        return (
            "the SFU lists the user twice, for "
            f"{join_names(violation.windows, names)}{duration_suffix(violation)}"
        )
