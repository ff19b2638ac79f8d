"""The layout of trace and digest is what docs/trace.md says: stored digests depend on it."""

from __future__ import annotations

import pkgutil
import re
from hashlib import blake2b
from importlib import import_module

import msgspec
import pytest

import oneroom.trace
from oneroom.trace.digest import digest
from oneroom.trace.records import Healed, Life, LifeChanged, Record, Settled
from oneroom.trace.trace import BUS, NO_CAUSE, SFU, WITNESS, WORLD, Trace
from tests.project import ROOT

PAGE = (ROOT / "docs" / "trace.md").read_text(encoding="utf-8")
# A kind is known when its module is imported, whoever else runs in this process.
for module in pkgutil.iter_modules(oneroom.trace.__path__, "oneroom.trace."):
    import_module(module.name)
KINDS: list[type[Record]] = sorted(
    Record.__subclasses__(), key=lambda kind: str(kind.__struct_config__.tag)
)
HEAD = ("n", "at_us", "where", "cause")

# A trace of three records, digested by hand once. Another value here is another layout, so another
# version.
GOLDEN = "74442d388c675c3dd0f995d6e6b1d2a9"


def three_records() -> Trace:
    trace = Trace()
    main = trace.intern("main")
    trace.append(LifeChanged(0, 0, main, NO_CAUSE, Life.OPENED, True))
    trace.append(Healed(1, 300, WORLD, 0, 0))
    trace.append(Settled(2, 70_000, WORLD, NO_CAUSE, 69_700))
    return trace


def listed() -> dict[str, tuple[int, tuple[str, ...]]]:
    """What the page's table says: tag and fields of each kind."""
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (.*?) \| .+ \|$", PAGE, flags=re.MULTILINE)
    return {name: (int(tag), tuple(re.findall(r"`(\w+)`", fields))) for tag, name, fields in rows}


def test_the_page_lists_every_kind_with_its_tag_and_fields() -> None:
    assert listed() == {
        kind.__name__: (kind.__struct_config__.tag, kind.__struct_fields__[len(HEAD) :])
        for kind in KINDS
    }


def test_the_page_lists_every_event_in_the_life_of_a_window() -> None:
    [row] = [line for line in PAGE.splitlines() if "| `LifeChanged` |" in line]
    told = row.rstrip(" |").rpartition(": ")[2].split(", ")
    assert told == [life.name.lower() for life in Life]


def test_no_tag_is_used_twice() -> None:
    tags = [kind.__struct_config__.tag for kind in KINDS]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_begins_with_the_head_and_holds_plain_values(kind: type[Record]) -> None:
    assert kind.__struct_fields__[: len(HEAD)] == HEAD
    record = kind(*range(len(kind.__struct_fields__)))
    encoded = msgspec.msgpack.decode(msgspec.msgpack.encode(record))
    assert encoded == [kind.__struct_config__.tag, *range(len(kind.__struct_fields__))]
    assert kind.__struct_config__.frozen


def test_the_page_lists_the_places() -> None:
    rows = re.findall(r"^\| (\d) \| `(\w+)` \| [^|]+ \|$", PAGE, flags=re.MULTILINE)
    assert [name for _, name in rows] == Trace().names
    assert [int(place) for place, _ in rows] == [WORLD, SFU, WITNESS, BUS]


def hashed(encoded: bytes) -> str:
    return blake2b(encoded, digest_size=16, person=b"oneroom 4").hexdigest()


def test_the_digest_is_made_as_the_page_says() -> None:
    trace = three_records()
    names = b"\x95\xa5world\xa3sfu\xa7witness\xa3bus\xa4main"
    records = (
        b"\x93"  # a block of three
        b"\x97\x0a\x00\x00\x04\xff\x01\xc3"  # LifeChanged: 10, 0, 0, main, -1, OPENED, true
        b"\x96\x5c\x01\xcd\x01\x2c\x00\x00\x00"  # Healed: 92, 1, 300, world, 0, no fault
        # Settled: 93, 2, 70000, world, -1, 69700
        b"\x96\x5d\x02\xce\x00\x01\x11\x70\x00\xff\xce\x00\x01\x10\x44"
    )
    assert digest(trace) == hashed(names + records) == GOLDEN


def test_a_block_has_4096_records() -> None:
    trace = Trace()
    for n in range(4_097):
        trace.append(Healed(n, n, WORLD, NO_CAUSE, 0))
    encode = msgspec.msgpack.encode
    whole = encode(trace.names) + encode(trace.records[:4_096]) + encode(trace.records[4_096:])
    assert digest(trace) == hashed(whole)


def test_every_field_and_every_name_reaches_the_digest() -> None:
    digests = {digest(three_records())}
    for change in ({"at_us": 301}, {"where": SFU}, {"cause": 1}, {"faults": 1}):
        trace = three_records()
        trace.tail[1] = msgspec.structs.replace(trace.records[1], **change)
        digests.add(digest(trace))
    renamed = three_records()
    renamed.names[-1] = "overlay"
    digests.add(digest(renamed))
    assert len(digests) == 6
