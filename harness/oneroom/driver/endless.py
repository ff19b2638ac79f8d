"""Detection of runs that would not end by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# What one turn of a window sets off at once. A dozen are many; more is a policy that asks again at
# every answer.
_MOST_AT_ONCE = 1_000


class Endless(Exception):
    """The run is given up; the text says why, as one clause."""


def drain(queue: list[T], handle: Callable[[T], None], window: str, now_us: int) -> None:
    """Hand over what is in `queue`, the first one first, and whatever that adds to it. Raises
    Endless.
    """
    for _ in range(_MOST_AT_ONCE):
        if not queue:
            return
        handle(queue.pop(0))
    raise Endless(
        f"{window} does not come to rest at {now_us / 1_000_000:.3f} s: each answer makes it ask "
        "again"
    )
