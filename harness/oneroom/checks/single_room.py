"""Safety check: no two running windows hold a Room.

Promise: at no record do two windows that are running hold a Room (opening, connected, reconnecting
         or healed).
Exempt:  a holder that stood still (frozen, stalled, stopped) at the moment at which another window
         became owner, until it runs its first turn. It cannot know, and must fence itself in that
         turn: what counts is whether it still holds a Room when the instant of that turn is over. A
         planned handoff exempts nobody. In an app that has not told of a role, a window becomes
         owner as it opens its Room.
Vacuous: no window ever opened a Room.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, duration_suffix, join_names
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import (
    LifeChanged,
    Record,
    Role,
    RoleChanged,
    RoomChanged,
    Settled,
    TurnRan,
)

_HANDING_OVER, _OWNER = Role.HANDING_OVER, Role.OWNER  # bound once, see window_lifecycle


class SingleRoom(Check):
    """Follows HeldRooms, roles and the windows that stand still.

    `since_us` of a violation is when the second Room began, also if it was excused for a while.
    """

    name = "single_room"
    promise = "no two running windows hold a Room"
    reads: tuple[type[Record], ...] = (RoomChanged, RoleChanged, LifeChanged, TurnRan, Settled)

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.rooms = HeldRooms()
        self.since_us: dict[int, int] = {}  # holder -> since when it holds a Room
        self.has_roles = False  # some window has told its role
        self.handing_over: dict[int, bool] = {}  # windows in a planned handoff
        self.unaware: dict[int, bool] = {}  # holders that are exempt
        # exempt holders -> the turn that ends the exemption with its instant
        self.turned: dict[int, Record] = {}
        self.turned_us = 0
        self.overlap = False

    def on(self, record: Record) -> None:
        if self.turned and record.at_us > self.turned_us:
            self._end_instant()
        match record:
            case RoleChanged(where=window, role=role):
                self.has_roles = True
                self._turn(record, window)
                self._role(window, role)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self._gone(window)
                    self._judge(record, record.at_us)
            case RoomChanged():
                self._room(record)
            case TurnRan(where=window):
                self._turn(record, window)
            case Settled():
                self._end_instant()
                self.ceased(record.at_us)

    def _room(self, record: RoomChanged) -> None:
        window = record.where
        self.rooms.on(record)
        if window not in self.rooms.held:
            self.since_us.pop(window, None)
            self._clear_unaware(window)
        else:
            self.seen = True
            if self.setting.app and not self.has_roles and window not in self.since_us:
                self._excuse_others(window)
            self.since_us.setdefault(window, record.at_us)
            # its own script says something about its Room, so it has run
            self._turn(record, window)
        self._judge(record, record.at_us)

    def _role(self, window: int, role: int) -> None:
        if role == _HANDING_OVER:
            self.handing_over[window] = True
        else:
            self.handing_over.pop(window, None)
        if role == _OWNER:
            self._excuse_others(window)

    def _excuse_others(self, window: int) -> None:
        """Holders that stand still cannot know that `window` has taken over."""
        for holder in self.since_us:
            if (
                holder != window
                and not self.lifecycle.runs(holder)
                and holder not in self.handing_over
            ):
                self.unaware[holder] = True

    def _turn(self, record: Record, window: int) -> None:
        if window in self.unaware and window not in self.turned:
            self.turned[window] = record
            self.turned_us = record.at_us

    def _gone(self, window: int) -> None:
        self.rooms.gone(window)
        self.since_us.pop(window, None)
        self.handing_over.pop(window, None)
        self._clear_unaware(window)

    def _clear_unaware(self, window: int) -> None:
        self.unaware.pop(window, None)
        self.turned.pop(window, None)

    def _end_instant(self) -> None:
        """End the exemption of windows that ran a turn in an instant that is over."""
        turned, self.turned = self.turned, {}
        for window, record in turned.items():
            self.unaware.pop(window, None)
            self._judge(record, record.at_us)

    def _judge(self, record: Record, at_us: int) -> None:
        holders = tuple([window for window in self.since_us if window not in self.unaware])
        if len(holders) < 2:
            if self.overlap:
                self.overlap = False
                self.ceased(at_us)
        elif not self.overlap:
            self.overlap = True
            second_us = sorted([self.since_us[window] for window in holders])[1]
            self.violate(record, holders, since_us=second_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        both = "both" if len(violation.windows) == 2 else "all"
        return (
            f"{join_names(violation.windows, names)} {both} hold a Room{duration_suffix(violation)}"
        )
