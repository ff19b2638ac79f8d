"""Alarms: the coordinator's timers as the driver keeps them.

The coordinator arms and disarms timers all the time, and an entry of the scheduler cannot be
cancelled. So an alarm keeps the deadline of its timer apart from the time of its scheduler entry.
"""

from __future__ import annotations

import msgspec

from oneroom.core.events import Timer, TimerFired

UNARMED = -1


class Alarm(msgspec.Struct, eq=False):
    """One timer of one window.

    `deadline_us` is when the timer is to fire, `scheduled_us` the time of the scheduler entry that
    counts; both on the page's clock, `UNARMED` for none.
    """

    timer: Timer | str
    fired: TimerFired
    deadline_us: int = UNARMED
    scheduled_us: int = UNARMED


_EVENTS: tuple[TimerFired, ...] = tuple(TimerFired(timer) for timer in Timer)


def alarms() -> dict[Timer | str, Alarm]:
    """A window's alarms by their timers, none of them armed; a policy adds its own by name."""
    return {event.timer: Alarm(event.timer, event) for event in _EVENTS}
