"""Safety check: the SFU never lists the user twice.

Promise: the user's other people never see the user in two rooms at once, nor twice in one: at no
         record does the SFU list two sessions of the user's windows, in whatever rooms and under
         whatever identities. Where a real server was asked, RoomService does not list two either,
         for longer than its store lags behind (0.5 s).
Exempt:  a session whose client is gone, for as long as LiveKit needs to notice (`departures`): a
         Leave is seen at once, a lost client 21 s after its last packet. It counts all the same if
         its window's last ownership ended in a planned handoff, which must leave none, unless the
         window had closed or lost that Room before, or while a fault was on. `listed_twice_ms` of
         the ledger has what is exempt, too.
Vacuous: the SFU never listed a session of the user.

The witness is told late about those who publish nothing (up to 3 s, LiveKit v1.13.5), so what it
saw is in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.checks.check import Check, duration_suffix, join_names
from oneroom.checks.departures import Departures
from oneroom.checks.room_service_list import LAG_US, RoomServiceList
from oneroom.checks.sessions import Sessions
from oneroom.checks.violation import Violation
from oneroom.trace.people_records import RoomJoined
from oneroom.trace.records import (
    FaultChanged,
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
    if RoomService lists them, else 0; then the rooms of the sessions, where all are known.
    """

    name = "single_participant"
    promise = "the SFU never lists the user twice"
    reads: tuple[type[Record], ...] = (
        PresenceChanged,
        RoomJoined,
        RoleChanged,
        RoomChanged,
        FaultChanged,
        ServiceListed,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.sessions = Sessions()
        self.departures = Departures(self.sessions)
        # window -> its last ownership ended in a planned handoff
        self.planned: dict[int, bool] = {}
        # sids whose Room was over before any handoff, or closed while something was broken
        self.excused: dict[int, bool] = {}
        self.twice: tuple[int, ...] = ()  # the sids that are listed at once, if there are two
        self.listing = RoomServiceList()
        self.windows: dict[int, int] = {}  # sid -> window, also of sessions that have ended
        self.listed_twice_us = -1  # since when RoomService lists two
        self.listed_twice: tuple[int, ...] = ()

    def on(self, record: Record) -> None:
        if self.listed_twice_us >= 0 and record.at_us > self.listed_twice_us + LAG_US:
            self.violate(record, self.listed_twice, (1,), self.listed_twice_us)
            self.listed_twice_us = -1
        if overdue := self.departures.overdue(record.at_us):
            self._judge(record, max([self.departures.until_us[sid] for sid in overdue]))
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
                self.departures.presence(record)
                self.windows[record.sid] = record.window
                self._judge(record)
                self._judge_list(record)
            case RoomJoined():
                self.sessions.room(record)
                self._name_rooms(record)
            case RoomChanged():
                self._room(record)
            case FaultChanged():
                self.departures.fault(record)
            case ServiceListed():
                self.listing.on(record)
                self._judge_list(record)
            case Settled():
                self.ceased(record.at_us)

    def _room(self, record: RoomChanged) -> None:
        parted = self.departures.room(record)
        if not self.planned.get(record.where, False) or self.departures.broken(record.where):
            self.excused.update(dict.fromkeys(parted, True))
        if record.state == RoomState.ENDED:
            self._judge(record)

    def _judge(self, record: Record, since_us: int = -1) -> None:
        overdue = self.departures.overdue(record.at_us)
        counted = [sid for sid in self.sessions.listed if sid in overdue or self._counts(sid)]
        if len(counted) < 2:
            if self.twice:
                self.twice = ()
                self.ceased(record.at_us)
        elif not self.twice:
            self.twice = tuple(counted)
            listed = self.sessions.listed
            self.violate(
                record,
                tuple([listed[sid].window for sid in counted]),
                (0, *[listed[sid].room for sid in counted]),
                since_us,
            )

    def _name_rooms(self, record: RoomJoined) -> None:
        """Put the room of a session that has just joined into the violation that it made."""
        first = self.violation
        if first is not None and first.record == record.n - 1 and record.sid in self.twice:
            rooms = [self.sessions.listed[sid].room for sid in self.twice]
            self.violation = msgspec.structs.replace(first, details=(0, *rooms))

    def _counts(self, sid: int) -> bool:
        window = self.sessions.listed[sid].window
        return sid not in self.departures.until_us or (
            self.planned.get(window, False) and sid not in self.excused
        )

    def _judge_list(self, record: Record) -> None:
        """Judge RoomService's list alone.

        A session that has ended counts for as long as it is listed, a ghost as in the promise.
        """
        counted = []
        for sid in self.listing.sids:
            window = self.windows.get(sid)
            if window is not None and (sid not in self.sessions.listed or self._counts(sid)):
                counted.append(window)
        if len(counted) < 2:
            self.listed_twice_us = -1
        elif self.listed_twice_us < 0:
            self.listed_twice_us, self.listed_twice = record.at_us, tuple(counted)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        by_service, *rooms = violation.details
        if by_service:
            return f"RoomService lists the user twice, for {join_names(violation.windows, names)}"
        whose = join_names(violation.windows, names)
        if -1 not in rooms and len(set(rooms)) > 1:
            whose = join_names(
                range(len(rooms)),
                [
                    f"{names[window]} in {names[room]}"
                    for window, room in zip(violation.windows, rooms, strict=True)
                ],
            )
        return f"the SFU lists the user twice, for {whose}{duration_suffix(violation)}"
