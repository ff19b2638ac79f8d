"""Lanes of a timeline: the state of each window at every instant, drawn as one character.

A heavy line holds a Room, so two heavy lines side by side are the violation to look for. A dashed
line does not run.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.trace import records as r
from oneroom.trace.trace import SFU

OPEN, HOLDS = "│", "┃"
OPEN_STILL, HOLDS_STILL = "┆", "┇"
NOBODY, ONE, SEVERAL = "│", "┃", "║"
GONE = " "

_HELD = (r.RoomState.OPENING, r.RoomState.CONNECTED, r.RoomState.RECONNECTING, r.RoomState.HEALED)


class Lanes:
    """Follows the records; `of` gives the character of a place after the last one followed."""

    def __init__(self) -> None:
        self._open: dict[int, bool] = {}
        self._still: dict[int, bool] = {}
        self._holds: dict[int, bool] = {}
        self._listed: dict[int, int] = {}

    def follow(self, records: Sequence[r.Record]) -> None:
        """Take these records, which come next, into account."""
        for record in records:
            match record:
                case r.LifeChanged():
                    self._live(record.where, record.life)
                case r.RoomChanged():
                    self._holds[record.where] = record.state in _HELD
                case r.PresenceChanged():
                    self._list(record)

    def of(self, place: int) -> str:
        """The character of a place."""
        if place == SFU:
            listed = len(self._listed)
            return SEVERAL if listed > 1 else ONE if listed == 1 else NOBODY
        if not self._open.get(place, False):
            return GONE
        if self._still.get(place, False):
            return HOLDS_STILL if self._holds.get(place, False) else OPEN_STILL
        return HOLDS if self._holds.get(place, False) else OPEN

    def _live(self, window: int, life: r.Life) -> None:
        if life in r.BEGUN:
            self._open[window], self._still[window], self._holds[window] = True, False, False
        elif life in r.GONE:
            self._open[window], self._holds[window] = False, False
        elif life in r.PAUSED:
            self._still[window] = True
        elif life in r.UNPAUSED:
            self._still[window] = False

    def _list(self, record: r.PresenceChanged) -> None:
        # The witness joins no record of its own kind, so every listed session is one of the user's.
        if record.presence is r.Presence.LEFT:
            self._listed.pop(record.sid, None)
        elif record.presence is r.Presence.JOINED:
            self._listed[record.sid] = record.window
