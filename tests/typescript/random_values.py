"""Random events for a machine: any event with any fields, more often those that mean something.

Values are made by the types of fields, so that a new event or message is drawn as soon as it
exists; names of fields say which values are near to what the machine knows.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import msgspec

NAMES = ("main", "overlay", "widget")
CHANNELS = ("", "lobby", "den")
DURATIONS_US = (0, 1, 4_000_000, 21_600_000_000)


class Known(msgspec.Struct):
    """What a machine knows, around which values are drawn."""

    term: int = 0
    epoch: int = 0
    seq: int = 0
    request: int = 0


def value(random: Random, kind: Any, field: str, known: Known) -> Any:
    """A value of the type `kind`, for a field of that name."""
    by_name = _BY_NAME.get(field)
    if by_name is not None and kind in (int, str):
        return by_name(random, known)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return struct(random, kind, known)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return random.choice(tuple(kind))
    origin = typing.get_origin(kind)
    if origin is tuple:
        (item, _) = typing.get_args(kind)
        count = random.choice((0, 1, 2, 3))
        return tuple(value(random, item, field, known) for _ in range(count))
    if origin in (typing.Union, types.UnionType):
        return value(random, random.choice(typing.get_args(kind)), field, known)
    return _BY_TYPE[kind](random)


def struct(random: Random, kind: Any, known: Known) -> Any:
    """A struct of any values. One with subclasses of its own stands for all of them."""
    kinds = _leaves(kind)
    kind = kinds[0] if len(kinds) == 1 else random.choice(kinds)
    hints = _hints(kind)
    return kind(*(value(random, hints[name], name, known) for name in kind.__struct_fields__))


@cache
def _leaves(kind: Any) -> tuple[type[Any], ...]:
    below = [leaf for one in kind.__subclasses__() for leaf in _leaves(one)]
    return tuple(below) or (kind,)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _near(random: Random, known: int) -> int:
    return max(0, known + random.choice((-1, 0, 0, 0, 0, 0, 1)))


_BY_TYPE: dict[Any, Callable[[Random], Any]] = {
    bool: lambda random: random.random() < 0.5,
    int: lambda random: random.choice((0, 1, 2, 3, 30)),
    str: lambda random: random.choice(("", "one", "two")),
}

_BY_NAME: dict[str, Callable[[Random, Known], Any]] = {
    **dict.fromkeys(("term", "room_term", "ended_term"), lambda r, known: _near(r, known.term)),
    "epoch": lambda r, known: _near(r, known.epoch),
    "number": lambda r, known: r.choice((0, 1, 2, 3, known.seq, known.request, known.request)),
    "rank": lambda r, _: r.choice((-1, 0, 0, 1, 2)),
    **dict.fromkeys(("instance_id", "holder"), lambda r, _: r.choice(NAMES)),
    **dict.fromkeys(
        ("successor", "candidate", "owner", "gone"), lambda r, _: r.choice(("", *NAMES))
    ),
    "channel": lambda r, _: r.choice(CHANNELS),
    "identity": lambda r, _: r.choice(("ada", "bob", "cy")),
    "token": lambda r, _: r.choice(("one", "two")),
    "payload": lambda r, _: r.choice(("null", "[1]")),
    "name": lambda r, _: r.choice(("owner", "owner", "other")),
    "valid_us": lambda r, _: r.choice(DURATIONS_US),
    "by_us": lambda r, _: r.choice((-5_000_000, -1, *DURATIONS_US)),
    **dict.fromkeys(("seq", "latest"), lambda r, _: r.choice((1, 2, 3, 4, 60))),
    "request": lambda r, known: _near(r, known.request),
}
