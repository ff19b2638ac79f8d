"""The transitions that a run covered: what a search compares to see that a run did something new.

A transition is a pair of kinds of records, one the cause of the other, or a change of the state of
all windows together: their roles, whether their terms are equal, their locks and their Rooms. A
kind of record is its type with its first enum or flag: `RoomChanged` to `RECONNECTING`.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Sequence
from typing import cast, get_type_hints
from zlib import crc32

from oneroom.trace.records import LockChanged, Record, RoleChanged, RoomChanged, StepTaken
from oneroom.trace.trace import Trace

_VALUES = 1 << 10
_KINDS = 1 << 20
_PAIRS = 1 << 40


def transitions(trace: Trace) -> tuple[int, ...]:
    """Numbers of the transitions of a run, each once: the same on every machine."""
    records, names = trace.records, trace.names
    kinds = [_kind(record, names) for record in records]
    pairs = {
        kinds[record.cause] * _KINDS + kind if record.cause >= 0 else kind
        for record, kind in zip(records, kinds, strict=True)
    }
    return tuple(sorted(pairs | _states(records)))


def _kind(record: Record, names: Sequence[str]) -> int:
    tag, field = _layout(type(record))
    if isinstance(record, StepTaken):
        return tag * _VALUES + crc32(names[record.verb].encode()) % _VALUES
    return tag * _VALUES + (int(getattr(record, field)) % _VALUES if field else 0)


@functools.cache
def _layout(kind: type[Record]) -> tuple[int, str]:
    """The tag of a kind of record, and the name of its first enum or flag ("" for none)."""
    hints = get_type_hints(kind)
    small = [
        name
        for name in kind.__struct_fields__
        if isinstance(hints[name], type) and issubclass(hints[name], (enum.IntEnum, bool))
    ]
    return cast("int", kind.__struct_config__.tag), small[0] if small else ""


def _states(records: Sequence[Record]) -> set[int]:
    """The states of all windows together, whichever window is in which."""
    # whose term is how far behind the newest one is told up to 2
    roles: dict[int, tuple[int, int]] = {}
    rooms: dict[int, int] = {}
    locks: dict[int, int] = {}
    found: set[int] = set()
    for record in records:
        if isinstance(record, RoleChanged):
            roles[record.where] = (record.role, record.term)
        elif isinstance(record, RoomChanged):
            rooms[record.where] = record.state
        elif isinstance(record, LockChanged):
            locks[record.where] = record.change
        else:
            continue
        newest = max((term for _, term in roles.values()), default=0)
        state = sorted(
            (int(role), min(2, newest - term), int(locks.get(window, 0)), int(rooms.get(window, 0)))
            for window, (role, term) in roles.items()
        )
        found.add(_PAIRS + crc32(repr(state).encode()))
    return found
