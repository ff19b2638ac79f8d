"""An alarm: one timer of the machine, as the driver keeps it.

The machine arms and disarms timers all the time, and what a scheduler has been told cannot be taken
back. So an alarm keeps apart when the timer shall fire and when the scheduler looks after it next.
"""

from __future__ import annotations

import msgspec

from oneroom.core.events import Timer, TimerFired

UNARMED = -1


class Alarm(msgspec.Struct, eq=False):
    """`deadline_us` is when the timer shall fire, `scheduled_us` which entry of the scheduler
    counts: both on the page's clock, `UNARMED` for none.
    """

    timer: Timer
    fired: TimerFired
    deadline_us: int = UNARMED
    scheduled_us: int = UNARMED


_EVENTS: tuple[TimerFired, ...] = tuple(TimerFired(timer) for timer in Timer)


def alarms() -> list[Alarm]:
    """A window's alarms, none of them armed; a `Timer` is the index."""
    return [Alarm(event.timer, event) for event in _EVENTS]
