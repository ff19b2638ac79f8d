"""Liveness check: in the end the SFU lists no session without a Room.

Promise: when the run has settled, the SFU lists no session of a window that holds no Room, and
         neither does RoomService where a real server was asked. Ghosts count.
Vacuous: the SFU never listed a session of the user.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck
from oneroom.checks.room_service_list import RoomServiceList
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.sessions import Sessions
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import (
    Healed,
    LifeChanged,
    PresenceChanged,
    Record,
    RoomChanged,
    ServiceListed,
    Settled,
)


class NoOrphanParticipant(LivenessCheck):
    """Follows sessions and HeldRooms.

    `details` of a violation: 1 if the session is a ghost, 2 if only RoomService lists it.
    """

    name = "no_orphan_participant"
    promise = "after healing the SFU lists no session without a Room"
    reads: tuple[type[Record], ...] = (
        PresenceChanged,
        RoomChanged,
        LifeChanged,
        ServiceListed,
        Healed,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.rooms = HeldRooms()
        self.sessions = Sessions()
        self.listing = RoomServiceList()
        self.windows: dict[int, int] = {}  # sid -> window, also of sessions that have ended

    def follow(self, record: Record) -> None:
        match record:
            case PresenceChanged():
                self.seen = True
                self.sessions.presence(record)
                self.windows[record.sid] = record.window
            case ServiceListed():
                self.listing.on(record)
            case RoomChanged():
                self.rooms.on(record)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.rooms.gone(window)

    def settle(self, record: Settled) -> None:
        for session in self.sessions.listed.values():
            if session.ghost or session.window not in self.rooms.held:
                self.violate(record, (session.window,), (int(session.ghost),))
        for sid in self.listing.sids:
            window = self.windows.get(sid, -1)
            if window >= 0 and sid not in self.sessions.listed and window not in self.rooms.held:
                self.violate(record, (window,), (2,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        if violation.details[0] == 2:
            whose = names[violation.windows[0]]
            return (
                f"after healing RoomService still lists a session of {whose}, which holds no Room "
                "for it"
            )
        what = "a ghost" if violation.details[0] else "a session"
        return (
            f"after healing the SFU still lists {what} of {names[violation.windows[0]]}, which "
            "holds no Room for it"
        )
