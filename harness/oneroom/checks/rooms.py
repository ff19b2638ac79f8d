"""Windows that hold a Room, as their own SDKs have it.

Rules: bookkeeping for checks, no judgement. A Room is held from `OPENING` to `HEALED`. One window's
sessions are told apart by their epoch, because the end of an old one is reported after the next has
begun.
"""

from __future__ import annotations

from oneroom.trace.records import RoomChanged, RoomState


class HeldRooms:
    """`held` maps each window that holds a Room to its sessions, epoch to state, at least one."""

    def __init__(self) -> None:
        self.held: dict[int, dict[int, RoomState]] = {}

    def on(self, record: RoomChanged) -> None:
        """Follow `record`."""
        sessions = self.held.get(record.where)
        if record.state <= RoomState.HEALED:
            if sessions is None:
                sessions = self.held[record.where] = {}
            sessions[record.epoch] = record.state
        elif sessions is not None:
            sessions.pop(record.epoch, None)
            if not sessions:
                del self.held[record.where]

    def gone(self, window: int) -> None:
        """Drop the window's HeldRooms: its runtime has ended."""
        self.held.pop(window, None)

    def connected(self, window: int) -> bool:
        """True if one of the window's HeldRooms is connected, as its SDK has it."""
        for state in self.held.get(window, {}).values():
            if state == RoomState.CONNECTED or state == RoomState.HEALED:
                return True
        return False
