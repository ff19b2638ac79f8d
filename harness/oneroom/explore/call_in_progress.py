"""The call of a run that goes on: the windows that own or hold a Room, as its records tell them."""

from __future__ import annotations

from oneroom.trace.records import (
    GONE,
    OWNING,
    LifeChanged,
    Record,
    RoleChanged,
    RoomChanged,
    RoomState,
)
from oneroom.trace.trace import Trace

_HELD = (RoomState.CONNECTED, RoomState.RECONNECTING, RoomState.HEALED)


class CallInProgress:
    """Follows a trace. A window that was opened anew holds nothing."""

    reads: tuple[type[Record], ...] = (RoleChanged, RoomChanged, LifeChanged)

    def __init__(self, trace: Trace) -> None:
        self._names = trace.names
        self._owners: dict[int, None] = {}
        self._holders: dict[int, None] = {}
        trace.add_listener(self)

    @property
    def stands(self) -> bool:
        """True if a window holds a Room."""
        return bool(self._holders)

    @property
    def owner(self) -> str:
        """The window that has the call: the newest with a Room, or else the newest owner; "" if
        there is none.
        """
        newest = next(reversed(self._holders or self._owners), None)
        return "" if newest is None else self._names[newest]

    def on(self, record: Record) -> None:
        """Follow a record."""
        if isinstance(record, RoleChanged):
            _put(self._owners, record.where, record.role in OWNING)
        elif isinstance(record, RoomChanged):
            if record.state is not RoomState.OPENING:
                _put(self._holders, record.where, record.state in _HELD)
        elif isinstance(record, LifeChanged) and record.life in GONE:
            _put(self._owners, record.where, False)
            _put(self._holders, record.where, False)


def _put(windows: dict[int, None], window: int, there: bool) -> None:
    windows.pop(window, None)
    if there:
        windows[window] = None
