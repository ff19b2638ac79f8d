"""Lanes of the failure page, from left to right: counts, the scenario's steps, a lane a window,
then what the windows share.

Rules: lanes that would stay empty are left out. `kind` says how a lane is drawn: `count` is a
narrow column at the time axis, `steps` and `window` are what they say, in `bands` states lie side
by side.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.driver.recorder import CHAT_SERVER
from oneroom.trace import chat_records as c
from oneroom.trace import records as r
from oneroom.trace.trace import SFU, WITNESS, WORLD, Trace

BUS_FAULTS = ("delay_bus", "lose_bus", "partition", "deafen")


class Lane(msgspec.Struct, frozen=True):
    """One lane. `note` is the small line under its name."""

    name: str
    kind: str
    note: str


class LanePlan:
    """The lanes of a run, and which record belongs to which."""

    def __init__(self, trace: Trace) -> None:
        self.all: list[Lane] = []
        self._names = trace.names
        self._of_place: dict[int, int] = {}
        self.windows: dict[int, int] = {}
        records = trace.records
        kinds = {type(record) for record in records}
        self.rooms = self._add(Lane("Rooms", "count", "held at once"))
        self.owners = self._add(Lane("owners", "count", "that think so"))
        self.term = self._add(Lane("term", "count", "of the newest owner"))
        self.world = self._of_place[WORLD] = self._add(Lane("scenario", "steps", "line: step"))
        self._add_windows(records)
        self.lock = self._add_if(
            bool(kinds & {r.LockChanged, r.LeaseWritten}),
            Lane("lock, lease", "bands", "who holds it"),
        )
        self.storage = self._add_if(
            r.StorageWritten in kinds, Lane("localStorage", "bands", "what is in it")
        )
        self.bus = self._add_if(
            any(self.is_bus_fault(record) for record in records),
            Lane("bus", "bands", "what is broken"),
        )
        self.sfu = self._add(Lane("SFU", "bands", "whom it lists"))
        self._of_place[SFU] = self.sfu
        self._of_place[WITNESS] = self.witness = self._add(
            Lane("witness", "bands", "what others see")
        )
        self.chat = self._add_if(c.ChatStored in kinds, Lane("chat", "bands", "what is stored"))
        if self.chat >= 0:
            self._of_place[trace.names.index(CHAT_SERVER)] = self.chat

    def of(self, record: r.Record) -> int:
        """The place in `all` of a record's lane."""
        if isinstance(record, r.LeaseWritten):
            return self.lock
        if isinstance(record, r.StepTaken | r.Healed | r.Settled):
            return self.world
        return self._of_place.get(record.where, self.world)

    def is_bus_fault(self, record: r.Record) -> bool:
        """True of a fault of the bus, at one window's end of it."""
        return isinstance(record, r.FaultChanged) and self._names[record.fault] in BUS_FAULTS

    def _add_windows(self, records: Sequence[r.Record]) -> None:
        main = {one.where for one in records if isinstance(one, r.LifeChanged) and one.main}
        for record in records:
            if isinstance(record, r.LifeChanged) and record.where not in self.windows:
                note = "main window" if record.where in main else "overlay window"
                place = self._add(Lane(self._names[record.where], "window", note))
                self.windows[record.where] = self._of_place[record.where] = place

    def _add(self, lane: Lane) -> int:
        self.all.append(lane)
        return len(self.all) - 1

    def _add_if(self, wanted: bool, lane: Lane) -> int:
        """The place of the lane, -1 if it is not wanted."""
        return self._add(lane) if wanted else -1
