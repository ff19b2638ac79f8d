"""Structured clone of a posted value: a copy, an exception at its sender, or null.

Models (HTML standard, StructuredSerialize and StructuredDeserialize; Chromium 156, seen): the copy
is made by the call that posts. Primitives, arrays, plain objects, Date, Map, Set, RegExp, Error,
ArrayBuffer and typed arrays are copied, cycles and values that are there twice as such; an instance
of a class becomes a plain object of its own properties. A part that cannot be copied (a function,
a symbol, a node of a document, a promise, a WeakMap), anywhere in the value, makes that call throw
`DataCloneError`, and nothing is sent. Shared memory over BroadcastChannel is sent without an error
and the whole value arrives as null, in the sender's own window too; the `messageerror` event, which
the standard demands, does not fire.

A value of JavaScript is here: None (null), bool, int, float, str; list, dict (a plain object), set,
`Map`; bytes (ArrayBuffer), array (a typed array); `Date`, `RegExp`, `Error`; an object of any other
class is an instance of one.
"""

from __future__ import annotations

from array import array
from typing import Any

import msgspec

ERROR_NAMES = (
    "Error",
    "EvalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
)


class DataCloneError(Exception):
    """The value has a part that cannot be copied: nothing was posted."""


class SharedMemory:
    """A `SharedArrayBuffer`."""


class Unclonable:
    """A symbol, a node of a document, a promise or a WeakMap."""


class Map(dict[Any, Any]):
    """A `Map`."""


class Date(msgspec.Struct, frozen=True):
    """A `Date`, in milliseconds since 1970."""

    time_ms: int


class RegExp(msgspec.Struct):
    """A regular expression, and the place where it goes on, which no copy has."""

    source: str
    flags: str = ""
    last_index: int = 0


class Error(msgspec.Struct):
    """An error. Its copy has the message, and the name if that is one of `ERROR_NAMES`; properties
    of its own are lost.
    """

    name: str
    message: str
    properties: dict[str, Any] = {}


def broadcast(value: object) -> object:
    """The value that receivers of a BroadcastChannel get for `value`. Raises `DataCloneError`."""
    memory: dict[int, object] = {}
    copy = _clone(value, memory)
    return None if any(isinstance(one, SharedMemory) for one in memory.values()) else copy


def _clone(value: Any, memory: dict[int, object]) -> Any:
    """A copy of a value; `memory` has the copies made before, by the identity of the original."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if id(value) not in memory:
        if isinstance(value, list | tuple | dict | set):
            return _clone_collection(value, memory)
        memory[id(value)] = _clone_leaf(value)
        if memory[id(value)] is None:
            return _clone_instance(value, memory)
    return memory[id(value)]


def _clone_collection(value: Any, memory: dict[int, object]) -> Any:
    copy: Any
    if isinstance(value, list | tuple):
        copy = memory[id(value)] = []
        copy.extend(_clone(one, memory) for one in value)
    elif isinstance(value, Map):
        copy = memory[id(value)] = Map()
        copy.update((_clone(key, memory), _clone(one, memory)) for key, one in value.items())
    elif isinstance(value, dict):
        copy = memory[id(value)] = {}
        copy.update((key, _clone(one, memory)) for key, one in value.items())
    else:
        copy = memory[id(value)] = {_clone(one, memory) for one in value}
    return copy


def _clone_leaf(value: Any) -> object | None:
    """A copy of a value without parts, None for an instance of a class."""
    if isinstance(value, Date | SharedMemory):
        return value
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, array):
        return array(value.typecode, value)
    if isinstance(value, RegExp):
        return RegExp(value.source, value.flags)
    if isinstance(value, Error):
        return Error(value.name if value.name in ERROR_NAMES else "Error", value.message)
    if callable(value) or isinstance(value, Unclonable) or not hasattr(value, "__dict__"):
        raise DataCloneError(type(value).__name__)
    return None


def _clone_instance(value: Any, memory: dict[int, object]) -> dict[str, Any]:
    copy: dict[str, Any] = {}
    memory[id(value)] = copy
    copy.update((key, _clone(one, memory)) for key, one in vars(value).items())
    return copy
