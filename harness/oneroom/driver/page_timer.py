"""Timers of a page, as its event loop keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

UNARMED = -1


class PageTimer(msgspec.Struct, eq=False):
    """A `setTimeout` or, with an interval, a `setInterval` of a page.

    An entry of the scheduler cannot be cancelled, so a timer keeps its deadline apart from the time
    of its entry: it is due at `deadline_us`, and `wake_us` is the time of the entry that counts:
    later, if the page is hidden and wakes on a grid; earlier, if the timer was put off since. Both
    are `UNARMED` for a timer that is not set.
    """

    ring: Callable[[Any], None]
    argument: Any
    deadline_us: int = UNARMED
    wake_us: int = UNARMED
    # The order of setting, among all timers of the page.
    number: int = 0
    # 1 if set by a task that is not a timer, one more than its setter's otherwise.
    level: int = 1
    # Whether the delay is 0 ms.
    immediate: bool = False
    interval_us: int = 0
    # Called when its entry has come, for a timer that is put off without being set anew.
    put_off: Callable[[PageTimer], None] | None = None
    cause: int = 0


def ringing_order(timer: PageTimer) -> tuple[int, int]:
    """The key by which timers of a page that are due together are sorted (Chromium 156, seen)."""
    return timer.deadline_us, timer.number
