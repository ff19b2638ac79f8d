"""The trace of one run: an append-only list of records, with the names they refer to.

The caller that appends a record fills its head from `n`, `now_us` and `cause`. The simulator's
kernel keeps `now_us`, and sets `cause` to the record that is being acted upon, so that "why" is a
walk backwards.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from types import GenericAlias
from typing import Protocol

from oneroom.trace import chat_records
from oneroom.trace.records import Record
from oneroom.trace.spool import Spool

WORLD, SFU, WITNESS, BUS = 0, 1, 2, 3
_PLACES = ("world", "sfu", "witness", "bus")
NO_CAUSE = -1


@functools.cache
def all_records() -> GenericAlias:
    """The type of a list of records of any kind, for msgspec; new kinds are found by themselves."""
    union: object = chat_records.ChatStored
    for kind in Record.__subclasses__():
        union = union | kind
    return GenericAlias(list, (union,))


class Listener(Protocol):
    """An observer of records while they are made, called for the kinds in `reads` alone."""

    reads: tuple[type[Record], ...]

    def on(self, record: Record) -> None:
        """Follow a record; called for every record of those kinds, in order."""


class Trace:
    """Records of one run; `names[i]` is the text of the interned name `i`.

    `tail` holds the newest records, those that have not been spilled.
    """

    def __init__(self, listeners: Sequence[Listener] = ()) -> None:
        self.tail: list[Record] = []
        self._spool: Spool[Record] = Spool(self.tail, all_records)
        self.n = 0
        self.now_us = 0
        self.cause = NO_CAUSE
        self.names: list[str] = list(_PLACES)
        self._ids: dict[str, int] = {name: place for place, name in enumerate(_PLACES)}
        self._readers: dict[type[Record], list[Callable[[Record], None]]] = {}
        for listener in listeners:
            self.add_listener(listener)

    def add_listener(self, listener: Listener) -> None:
        """Show it the records that come, after those who are listening already."""
        for kind in listener.reads:
            self._readers.setdefault(kind, []).append(listener.on)

    @property
    def records(self) -> Sequence[Record]:
        """All records, in memory or in the file."""
        return self._spool.whole()

    def spill(self) -> None:
        """Free the memory of old records, if there are many (`spool`)."""
        self._spool.spill()

    def blocks(self) -> Iterator[bytes]:
        """The records in encoded blocks, as the digest reads them."""
        return self._spool.blocks()

    def append(self, record: Record) -> None:
        """Add a record whose head comes from this trace, and show it to its kind's listeners."""
        self.tail.append(record)
        self.n = record.n + 1
        for read in self._readers.get(type(record), ()):
            read(record)

    def writer(self, kind: type[Record]) -> Callable[[Record], None]:
        """A fast `append` for records of `kind`, for callers that make many of them.

        Where nothing reads that kind it is the list's own `append`, so the caller sets `n` to one
        more than the record's.
        """
        return self.append if kind in self._readers else self.tail.append

    def act_on(self, record: Record) -> None:
        """Append a record and make it the cause of what follows in this instant."""
        self.append(record)
        self.cause = record.n

    def acting(self) -> int:
        """The place of the record that is being acted upon; `world` if there is none, or if it is
        no longer in memory.
        """
        place = len(self.tail) - self.n + self.cause
        return self.tail[place].where if 0 <= place < len(self.tail) else WORLD

    def intern(self, name: str) -> int:
        """The integer that stands for `name` in this trace."""
        known = self._ids.get(name)
        if known is None:
            known = self._ids[name] = len(self.names)
            self.names.append(name)
        return known
