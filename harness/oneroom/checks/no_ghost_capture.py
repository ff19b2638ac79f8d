"""Safety check: no capture outlives the Room or the ownership.

Promise: a window that captures (camera, microphone, screen) holds a Room, and has not lost the
         ownership that it had. When either ends, the window has until the end of that instant to
         stop the capture.
Exempt:  a window that was closed or crashed: the operating system stops its captures. One that is
         closing its Room: the SDK stops them when its WebSocket is closed, or 250 ms later, and in
         a frozen page when that runs again.
Vacuous: nothing was ever captured.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, duration_suffix
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import (
    OWNING,
    CaptureChanged,
    LifeChanged,
    Record,
    RoleChanged,
    RoomChanged,
    RoomState,
    Settled,
    Source,
)

_TEXTS: dict[int, str] = {
    Source.CAMERA: "the camera",
    Source.MICROPHONE: "the microphone",
    Source.SCREEN_SHARE: "the screen",
}


class NoGhostCapture(Check):
    """Follows captures, HeldRooms and roles.

    `details` of a violation: the source, and 1 if the window still held a Room, so that the
    ownership is what it lost.
    """

    name = "no_ghost_capture"
    promise = "no capture outlives Room or ownership"
    reads: tuple[type[Record], ...] = (
        CaptureChanged,
        RoomChanged,
        RoleChanged,
        LifeChanged,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.rooms = HeldRooms()
        # window -> epochs of the HeldRooms that it is closing
        self.closing: dict[int, dict[int, bool]] = {}
        self.capturing: dict[int, dict[int, bool]] = {}  # window -> sources
        self.owned: dict[int, bool] = {}  # window -> whether the ownership that it had is gone
        # window -> what made its capture unlawful, in this instant
        self.suspects: dict[int, Record] = {}
        self.suspected_us = 0
        self.guilty: dict[int, bool] = {}

    def on(self, record: Record) -> None:
        if self.suspects and record.at_us > self.suspected_us:
            self._end_instant()
        window = record.where
        match record:
            case RoleChanged(role=role):
                if role in OWNING:
                    self.owned[window] = False
                elif window in self.owned:
                    self.owned[window] = True
            case LifeChanged():
                if self.lifecycle.on(record):
                    self.rooms.gone(window)
                    self.closing.pop(window, None)
                    self.capturing.pop(window, None)
                    self.owned.pop(window, None)
            case CaptureChanged():
                self._capture(record)
            case RoomChanged():
                self.rooms.on(record)
                self._close(record)
            case Settled():
                self._end_instant()
                self.ceased(record.at_us)
                return
        self._update_suspicion(record, window)

    def _capture(self, record: CaptureChanged) -> None:
        sources = self.capturing.setdefault(record.where, {})
        if record.on:
            self.seen = True
            sources[record.source] = True
        else:
            sources.pop(record.source, None)

    def _close(self, record: RoomChanged) -> None:
        closing = self.closing.setdefault(record.where, {})
        if record.state == RoomState.CLOSING:
            closing[record.epoch] = True
        else:
            closing.pop(record.epoch, None)

    def _update_suspicion(self, record: Record, window: int) -> None:
        """Suspect the window from this record on, or no longer."""
        unlawful = window not in self.rooms.held or self.owned.get(window, False)
        if not self.capturing.get(window) or not unlawful or self.closing.get(window):
            self.suspects.pop(window, None)
            if self.guilty.pop(window, False):
                self.ceased(record.at_us)
        elif window not in self.guilty and window not in self.suspects:
            self.suspects[window] = record
            self.suspected_us = record.at_us

    def _end_instant(self) -> None:
        """Report every window that is still suspect: its instant is over and it has not stopped."""
        suspects, self.suspects = self.suspects, {}
        for window, record in suspects.items():
            self.guilty[window] = True
            source = min(self.capturing[window])
            self.violate(record, (window,), (source, int(window in self.rooms.held)))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        source, holds = violation.details
        window = names[violation.windows[0]]
        without = "after it lost the ownership" if holds else "without a Room"
        return f"{window} captures {_TEXTS[source]} {without}{duration_suffix(violation)}"
