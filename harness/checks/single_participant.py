"""The user is in the call once.

Promise: at no record does the SFU list two sessions of the user's windows, in whatever room and under whatever
         identity.
Exempt:  a ghost, a session whose client is gone and which the SFU has not noticed. It counts all the same if its
         window's last ownership ended in a planned handoff, which must leave none.
Vacuous: the SFU never listed a session of the user.

The witness is told late about those who publish nothing (up to 3 s, LiveKit v1.13.5), so what it saw is in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.checks.check import Check, lasted, spell
from harness.checks.sessions import Sessions
from harness.checks.violation import Violation
from harness.trace.records import PresenceChanged, Record, Role, RoleChanged, Settled

_HANDING_OVER, _OWNER = Role.HANDING_OVER, Role.OWNER  # bound once, see lives


class SingleParticipant(Check):
    """`windows` of a violation are those whose sessions are listed, each as often as it is."""

    name = "single_participant"
    promise = "the SFU never lists the user twice"
    reads: tuple[type[Record], ...] = (PresenceChanged, RoleChanged, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.sessions = Sessions()
        self.planned: dict[int, bool] = {}  # window -> its last ownership ended in a planned handoff
        self.twice = False

    def on(self, record: Record) -> None:
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
                self._judge(record)
            case Settled():
                self.ceased(record.at_us)

    def _judge(self, record: Record) -> None:
        counted = []
        for session in self.sessions.listed.values():
            if not session.ghost or self.planned.get(session.window, False):
                counted.append(session.window)
        if len(counted) < 2:
            if self.twice:
                self.twice = False
                self.ceased(record.at_us)
        elif not self.twice:
            self.twice = True
            self.violate(record, tuple(counted))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return f"the SFU lists the user twice, for {spell(violation.windows, names)}{lasted(violation)}"
