"""Merging the records of all processes of a run into one trace.

Rules: every process numbers its records from a first number of its own (`FIRST_N` apart) and
interns names in its own list; a cause is a record number of any process. The merged trace orders
records by time, renumbers them, and translates causes and names. Within one instant a window comes
before the hub, whose records of that instant are the effects of the window's action.
"""

from __future__ import annotations

from types import GenericAlias

import msgspec

from oneroom.trace.records import INTERNED, Record
from oneroom.trace.trace import NO_CAUSE, Trace

FIRST_N = 10_000_000
# Places of parts; windows have 1, 2, 3 ...
WITNESS_PLACE, SFU_PLACE, HUB_PLACE = 997, 998, 999


class ProcessRecords:
    """The records of one process. `place` is its number, and its rank within an instant."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.first_n = place * FIRST_N
        self.records: list[Record] = []
        self.names: list[str] = []

    def take(self, names: list[str], encoded: bytes) -> None:
        """Add a `records` frame."""
        self.names.extend(names)
        self.records.extend(msgspec.msgpack.decode(encoded, type=_ALL))


def gather(parts: list[ProcessRecords], whole: Trace, until_us: int) -> None:
    """Append all records of `parts` up to `until_us` to `whole`, in the order of one trace."""
    everything = [
        (record.at_us, part.place, record.n, part, record)
        for part in parts
        for record in part.records
    ]
    everything.sort(key=lambda one: one[:3])
    numbers: dict[int, int] = {}
    for at_us, _, n, part, record in everything:
        if at_us > until_us:
            break
        numbers[n] = whole.n
        whole.now_us = at_us
        cause = numbers.get(record.cause, NO_CAUSE)
        values = [
            whole.intern(part.names[value]) if is_name else value
            for is_name, value in zip(
                _NAMES[type(record)], msgspec.structs.astuple(record), strict=True
            )
        ]
        whole.append(type(record)(whole.n, at_us, values[2], cause, *values[4:]))


def _is_interned(kind: object) -> bool:
    return INTERNED in getattr(kind, "__metadata__", ())


def _union() -> GenericAlias:
    union: object = Record.__subclasses__()[0]
    for kind in Record.__subclasses__()[1:]:
        union = union | kind
    return GenericAlias(list, (union,))


_ALL = _union()
_NAMES = {
    kind: tuple(_is_interned(field.type) for field in msgspec.structs.fields(kind))
    for kind in Record.__subclasses__()
}
