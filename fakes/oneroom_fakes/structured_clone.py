"""What becomes of a value that is posted: a copy, an exception at its sender, or null.

Models (HTML standard, StructuredSerialize; Chromium 156, seen): the copy is made when posting. What
has no copy (a function, a node of a document), wherever it is in the value, throws `DataCloneError`
at the sender in that very call, and nothing leaves. Shared memory over BroadcastChannel leaves
without a word and the whole value arrives as null, in the sender's own window too; `messageerror`,
which the standard has for it, does not fire.
"""

from __future__ import annotations


class DataCloneError(Exception):
    """The value has a part that cannot be copied: nothing was posted."""


class SharedMemory:
    """A `SharedArrayBuffer`."""


def broadcast(value: object) -> object:
    """What receivers of a BroadcastChannel get of `value`. Raises `DataCloneError`."""
    copy = _clone(value)
    return None if _shares(copy) else copy


def _clone(value: object) -> object:
    """Plain data and shared memory can be copied; lists and objects as what is in them."""
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
