"""A growing sequence in bounded memory: older items are moved to an unnamed file.

Callers append to `tail`, a plain list, at the cost of a list; from time to time `spill` moves whole
blocks of it to the file. Short sequences never have one. Rules: what is read is what was appended,
wherever it lies; a file that cannot be written costs memory and nothing else; the encoding and
BLOCK are part of the digest's layout (`digest.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, TypeVar, overload

import msgspec

T = TypeVar("T")

BLOCK = 4_096
# So many blocks stay in memory: a run of some minutes is all there.
_BLOCKS_KEPT = 8
# Who reads back and forth reads near where it read last.
_BLOCKS_CACHED = 8

_encode = msgspec.msgpack.Encoder().encode


class Spool(Sequence[T]):
    """A sequence of items of one type.

    `kind` returns the type of a list of items, as msgspec decodes it; it is called when there is
    something to decode.
    """

    def __init__(self, tail: list[T], kind: Callable[[], Any]) -> None:
        self.tail = tail
        self._kind = kind
        self._file: IO[bytes] | None = None
        self._places: list[tuple[int, int]] = []  # offset and length of each block in the file
        self._cached: dict[int, list[T]] = {}
        self._refused = False

    def spill(self) -> None:
        """Move blocks to the file, if there are more than stay in memory."""
        while len(self.tail) >= (_BLOCKS_KEPT + 1) * BLOCK and not self._refused:
            try:
                self._write(_encode(self.tail[:BLOCK]))
            except OSError:
                self._refused = True
            else:
                del self.tail[:BLOCK]

    def whole(self) -> Sequence[T]:
        """All items: the plain list, as long as nothing was moved to the file."""
        return self if self._places else self.tail

    def blocks(self) -> Iterator[bytes]:
        """All items, encoded as lists of BLOCK of them."""
        for number in range(len(self._places)):
            yield self._read(number)
        for start in range(0, len(self.tail), BLOCK):
            yield _encode(self.tail[start : start + BLOCK])

    def __len__(self) -> int:
        return len(self._places) * BLOCK + len(self.tail)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self._at(place) for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return self._at(place)

    def __iter__(self) -> Iterator[T]:
        for number in range(len(self._places)):
            yield from self._block(number)
        yield from self.tail

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()

    def _at(self, place: int) -> T:
        number, offset = divmod(place, BLOCK)
        in_file = len(self._places)
        return (
            self._block(number)[offset] if number < in_file else self.tail[place - in_file * BLOCK]
        )

    def _block(self, number: int) -> list[T]:
        if number not in self._cached:
            if len(self._cached) >= _BLOCKS_CACHED:
                del self._cached[next(iter(self._cached))]
            self._cached[number] = msgspec.msgpack.decode(self._read(number), type=self._kind())
        return self._cached[number]

    def _read(self, number: int) -> bytes:
        assert self._file is not None, "a block has a place in the file"
        offset, length = self._places[number]
        self._file.seek(offset)
        return self._file.read(length)

    def _write(self, data: bytes) -> None:
        if self._file is None:
            from tempfile import TemporaryFile  # short runs, which are most, do without

            self._file = TemporaryFile(prefix="oneroom-")  # noqa: SIM115  # closed with this
        offset = sum(self._places[-1]) if self._places else 0
        self._file.seek(offset)
        self._file.write(data)
        self._file.flush()
        self._places.append((offset, len(data)))
