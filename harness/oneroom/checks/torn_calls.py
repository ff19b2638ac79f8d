"""Calls that are torn down and come back.

Rules: bookkeeping for the ledger, no judgement. A call is torn down when the last Room that was
connected once is closed or ends, while the user wants to stay; it is back when a Room is connected
again. A Room that its SDK heals by itself is not torn down. When the user changes the channel, the
old Room is closed in the turn of the command, and that is what the user asked for.
"""

from __future__ import annotations

from oneroom.trace.records import RoomChanged, RoomState

_CONNECTED = (RoomState.CONNECTED, RoomState.HEALED)


class TornCalls:
    """`torn` says that the call is torn down now, `returns` how often one came back."""

    def __init__(self) -> None:
        self.torn = False
        self.returns = 0
        self._joined: dict[tuple[int, int], bool] = {}  # (window, epoch) of Rooms connected once
        self._decided_us = -1

    def decided(self, at_us: int) -> None:
        """The user's wish to be in a channel, or in none, was applied."""
        self.torn = False
        self._decided_us = at_us

    def on(self, record: RoomChanged) -> None:
        """Follow a Room."""
        room = (record.where, record.epoch)
        if record.state in _CONNECTED:
            self._joined[room] = True
            self.returns += self.torn
            self.torn = False
        elif record.state > RoomState.HEALED:
            self._lost([room], record.at_us)

    def gone(self, window: int, at_us: int) -> None:
        """The window's runtime has ended, and its Rooms with it."""
        self._lost([room for room in self._joined if room[0] == window], at_us)

    def _lost(self, rooms: list[tuple[int, int]], at_us: int) -> None:
        lost = [room for room in rooms if self._joined.pop(room, False)]
        if lost and not self._joined and at_us != self._decided_us:
            self.torn = True
