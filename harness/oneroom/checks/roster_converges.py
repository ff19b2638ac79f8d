"""Liveness check: in the end every window in a call shows the people who are in it, as they are.

Promise: when the run has settled, every running window that draws itself connected draws exactly
         those other participants that the SFU has in the channel that it draws, each with its mute,
         camera and share, and shows who is speaking.
Exempt:  who is speaking, in a Room that has healed: the server sends changes alone, and an SDK that
         resumes keeps what it knew before (LiveKit v1.13.5 rtc/room.go; client-sdk-js, Room.ts).
Vacuous: no window that draws itself connected runs; nobody else was ever in a call.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.people_records import Looks, ParticipantDrawn, RemoteChanged
from oneroom.trace.records import (
    ConnectionState,
    Healed,
    LifeChanged,
    Record,
    Rendered,
    RoomChanged,
    RoomState,
    Settled,
)

_MISSING, _GONE, _OTHERWISE = range(3)
_TEXTS = (
    "does not show {}, who is in the call",
    "shows {}, who is not in the call",
    "does not show {} as {} is",
)

# bound once, see window_lifecycle
_CONNECTED, _HEALED, _OPENING = ConnectionState.CONNECTED, RoomState.HEALED, RoomState.OPENING
_LASTING = int(Looks.MUTED | Looks.CAMERA | Looks.SCREEN_SHARE)


class RosterConverges(LivenessCheck):
    """Follows the participants at the SFU and those that windows draw.

    `windows` of a violation: the window that shows it. `details`: what is wrong, and the interned
    identity of the participant.
    """

    name = "roster_converges"
    promise = "after healing every window shows who else is in the call, and how"
    reads: tuple[type[Record], ...] = (
        Rendered,
        ParticipantDrawn,
        RemoteChanged,
        RoomChanged,
        LifeChanged,
        Healed,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        # window -> the channel in which it draws itself connected
        self.channels: dict[int, int] = {}
        self.drawn: dict[int, dict[int, int]] = {}  # window -> identity -> looks
        self.present: dict[int, dict[int, int]] = {}  # channel -> identity -> looks
        self.others: dict[int, bool] = {}
        self.healed: dict[int, bool] = {}  # windows whose present Room has healed

    def follow(self, record: Record) -> None:
        match record:
            case Rendered(where=window, connection=connection):
                self.channels.pop(window, None)
                if connection == _CONNECTED:
                    self.channels[window] = record.channel
            case ParticipantDrawn(where=window, identity=identity):
                drawn = self.drawn.setdefault(window, {})
                drawn.pop(identity, None)
                if record.there:
                    drawn[identity] = record.looks
            case RemoteChanged(channel=channel, identity=identity):
                self.others[identity] = True
                present = self.present.setdefault(channel, {})
                present.pop(identity, None)
                if record.there:
                    present[identity] = record.looks
            case RoomChanged(where=window, state=state):
                if state == _OPENING:
                    self.healed.pop(window, None)
                elif state == _HEALED:
                    self.healed[window] = True
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.channels.pop(window, None)
                    self.drawn.pop(window, None)
                    self.healed.pop(window, None)

    def settle(self, record: Settled) -> None:
        if not self.others:
            return
        for window, channel in self.channels.items():
            if window in self.lifecycle.open and self.lifecycle.runs(window):
                self.seen = True
                self._compare(record, window, self.present.get(channel, {}))

    def _compare(self, record: Settled, window: int, present: dict[int, int]) -> None:
        drawn = self.drawn.get(window, {})
        judged = _LASTING if self.healed else _LASTING | Looks.SPEAKING
        for identity in self.others:
            if identity in present and identity not in drawn:
                self.violate(record, (window,), (_MISSING, identity))
            elif identity in drawn and identity not in present:
                self.violate(record, (window,), (_GONE, identity))
            elif identity in drawn and (drawn[identity] ^ present[identity]) & judged:
                self.violate(record, (window,), (_OTHERWISE, identity))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        what, identity = violation.details
        who = names[identity]
        return f"after healing {names[violation.windows[0]]} {_TEXTS[what].format(who, who)}"
