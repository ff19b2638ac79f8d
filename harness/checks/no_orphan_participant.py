"""In the end nobody is in the call without a window behind it.

Promise: when the run has settled, the SFU lists no session of a window that holds no Room. Ghosts count.
Vacuous: the SFU never listed a session of the user.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.checks.check import LivenessCheck
from harness.checks.lives import Lives
from harness.checks.rooms import Rooms
from harness.checks.sessions import Sessions
from harness.checks.violation import Violation
from harness.trace.records import Healed, LifeChanged, PresenceChanged, Record, RoomChanged, Settled


class NoOrphanParticipant(LivenessCheck):
    """`details` of a violation: 1 if the session is a ghost."""

    name = "no_orphan_participant"
    promise = "after healing the SFU lists no session without a Room"
    reads: tuple[type[Record], ...] = (PresenceChanged, RoomChanged, LifeChanged, Healed, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.lives = Lives()
        self.rooms = Rooms()
        self.sessions = Sessions()

    def follow(self, record: Record) -> None:
        match record:
            case PresenceChanged():
                self.seen = True
                self.sessions.presence(record)
            case RoomChanged():
                self.rooms.on(record)
            case LifeChanged(where=window):
                if self.lives.on(record):
                    self.rooms.gone(window)

    def settle(self, record: Settled) -> None:
        for session in self.sessions.listed.values():
            if session.ghost or session.window not in self.rooms.held:
                self.violate(record, (session.window,), (int(session.ghost),))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        what = "a ghost" if violation.details[0] else "a session"
        return f"after healing the SFU still lists {what} of {names[violation.windows[0]]}, which holds no Room for it"
