"""Detection of runs that would not end by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# The limit for events that one turn of a window causes at once. A dozen are many; a policy that
# asks again at every answer exceeds it.
_MOST_AT_ONCE = 1_000


class Endless(Exception):
    """The run is given up; the text says why, as one clause."""


def drain(queue: list[T], handle: Callable[[T], None], window: str, now_us: int) -> None:
    """Handle the items of `queue` in order, including those added meanwhile.

    Raises Endless after `_MOST_AT_ONCE` items.
    """
    for _ in range(_MOST_AT_ONCE):
        if not queue:
            return
        handle(queue.pop(0))
    raise Endless(
        f"{window} does not come to rest at {now_us / 1_000_000:.3f} s: each answer makes it ask "
        "again"
    )
