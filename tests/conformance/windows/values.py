"""Values that a case posts, as the fake of structured clone knows them, and their words. `page.js`
has the same ones for Chromium.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any

from oneroom_fakes.structured_clone import Date, Error, Map, RegExp, SharedMemory, Unclonable


class Point:
    """A class of the page."""

    def __init__(self, x: int) -> None:
        self.x = x

    @property
    def twice(self) -> int:
        return 2 * self.x


def _cycle() -> dict[str, Any]:
    one: dict[str, Any] = {"name": "one"}
    one["self"] = one
    return one


_SAME: dict[str, Any] = {}
CLONABLE: dict[str, Any] = {
    "date": Date(0),
    "map": Map({"a": {"x": 1}, "b": None}),
    "set": {1, "two"},
    "regexp": RegExp("a+", "gi", 3),
    "error": Error("TypeError", "wrong"),
    "own error": Error("LeaseLost", "lost", {"code": 7}),
    "bytes": array("B", [1, 2]),
    "floats": array("d", [0.5]),
    "buffer": bytes([1, 2]),
    "instance": Point(1),
    "nested": [{"of": [True, "text"]}, []],
    "cycle": _cycle(),
    "twice": [_SAME, _SAME],
}
UNCLONABLE: dict[str, object] = {
    "function": lambda: 0,
    "element": Unclonable(),
    "method": {"inside": lambda: 0},
    "shared": SharedMemory(),
    "sharing": {"inside": SharedMemory()},
    "symbol": Unclonable(),
    "promise": Unclonable(),
    "weak": Unclonable(),
    "deep": Map({"inside": [lambda: 0]}),
}
_TYPED = {"B": "Uint8Array", "d": "Float64Array"}


def described(value: Any, seen: list[Any] | None = None) -> str:
    """A value in words; `^N` is the Nth object again."""
    seen = [] if seen is None else seen
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float | str):
        return str(value)
    for place, one in enumerate(seen):
        if one is value:
            return f"^{place}"
    seen.append(value)
    return _described_object(value, seen)


def _described_object(value: Any, seen: list[Any]) -> str:
    def every(values: Iterable[Any]) -> str:
        return ", ".join(described(one, seen) for one in values)

    def pairs(entries: dict[str, Any]) -> str:
        return ", ".join(f"{key}: {described(one, seen)}" for key, one in entries.items())

    match value:
        case Date():
            return f"Date {value.time_ms}"
        case RegExp():
            return f"RegExp /{value.source}/{value.flags} at {value.last_index}"
        case Error():
            return " ".join([f"{value.name}: {value.message}", *value.properties])
        case Map():
            return f"Map {{{pairs(value)}}}"
        case set():
            return f"Set {{{every(sorted(value, key=str))}}}"
        case bytes():
            return f"ArrayBuffer [{every(value)}]"
        case array():
            return f"{_TYPED[value.typecode]} [{every(value)}]"
        case list():
            return f"[{every(value)}]"
        case dict():
            return f"Object {{{pairs(value)}}}"
    return f"{type(value).__name__} {{{pairs(vars(value))}}}"
