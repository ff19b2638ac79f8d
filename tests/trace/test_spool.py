"""The spool: what is read is what was appended, wherever it lies."""

from __future__ import annotations

import tempfile

import msgspec
import pytest

from oneroom.trace import spool
from oneroom.trace.spool import BLOCK, Spool

MANY = 2 * BLOCK + 100


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_BLOCKS_KEPT", 0)


def made(count: int) -> Spool[int]:
    made = Spool[int]([], lambda: list[int])
    for item in range(count):
        made.tail.append(item)
    made.spill()
    return made


def test_whole_blocks_leave_memory_and_are_still_there() -> None:
    long = made(MANY)
    assert long.tail == list(range(2 * BLOCK, MANY))
    assert len(long) == MANY
    assert list(long) == list(range(MANY))
    assert [long[place] for place in (0, BLOCK - 1, BLOCK, 2 * BLOCK, -1, -MANY)] == [
        0,
        BLOCK - 1,
        BLOCK,
        2 * BLOCK,
        MANY - 1,
        0,
    ]
    assert long[BLOCK - 2 : 2 * BLOCK + 2] == list(range(BLOCK - 2, 2 * BLOCK + 2))
    assert list(reversed(long))[:3] == [MANY - 1, MANY - 2, MANY - 3]
    for beyond in (MANY, -MANY - 1):
        with pytest.raises(IndexError):
            long[beyond]


def test_it_goes_on_growing_after_it_was_read() -> None:
    long = made(MANY)
    assert long[5] == 5
    long.tail.extend(range(MANY, 3 * BLOCK))
    long.spill()
    assert long.tail == []
    assert list(long) == list(range(3 * BLOCK))


def test_blocks_are_the_same_wherever_they_are() -> None:
    encode = msgspec.msgpack.encode
    items = list(range(MANY))
    expected = [encode(items[start : start + BLOCK]) for start in range(0, MANY, BLOCK)]
    assert list(made(MANY).blocks()) == expected
    assert list(Spool[int](items, lambda: list[int]).blocks()) == expected


def test_what_is_short_is_a_plain_list() -> None:
    short = made(BLOCK - 1)
    assert short.whole() is short.tail
    assert made(BLOCK).whole() is not None


def test_a_disk_that_is_full_costs_memory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(prefix: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    long = made(MANY)
    assert list(long) == list(range(MANY))
    assert len(long.tail) == MANY
