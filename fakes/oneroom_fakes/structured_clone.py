"""Structured clone of a posted value: a copy, an exception at its sender, or null.

Models (HTML standard, StructuredSerialize; Chromium 156, seen): the copy is made by the call that
posts. A part that cannot be copied (a function, a node of a document), anywhere in the value, makes
that call throw `DataCloneError`, and nothing is sent. Shared memory over BroadcastChannel is sent
without an error and the whole value arrives as null, in the sender's own window too; the
`messageerror` event, which the standard demands, does not fire.
"""

from __future__ import annotations


class DataCloneError(Exception):
    """The value has a part that cannot be copied: nothing was posted."""


class SharedMemory:
    """A `SharedArrayBuffer`."""


def broadcast(value: object) -> object:
    """The value that receivers of a BroadcastChannel get for `value`. Raises `DataCloneError`."""
    copy = _clone(value)
    return None if _shares(copy) else copy


def _clone(value: object) -> object:
    """A copy of plain data or shared memory, and of lists and objects of them."""
    if value is None or isinstance(value, (bool, int, float, str, bytes, SharedMemory)):
        return value
    if isinstance(value, (list, tuple)):
        return [_clone(one) for one in value]
    if isinstance(value, dict):
        return {key: _clone(one) for key, one in value.items()}
    raise DataCloneError(type(value).__name__)


def _shares(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_shares, value))
    if isinstance(value, dict):
        return any(map(_shares, value.values()))
    return isinstance(value, SharedMemory)
