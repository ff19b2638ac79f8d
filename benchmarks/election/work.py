"""The work that every arm of the bench does, in numbers, and the proof that it was done.

Rules: standard library only and Python 3.12 as well as 3.11, because the peers run it in an
environment of their own; nothing here may know how an arm does the work. Times are integer
microseconds.
"""

from __future__ import annotations

from typing import NamedTuple

WINDOWS = 4
LASTS_US = 60_000_000
HEARTBEAT_US = 150_000
SILENCE_US = 900_000
"""A follower that has heard nothing for so long wants an owner."""
STAGGER_US = 150_000
"""Before it becomes owner, a window waits 0 .. STAGGER_US, drawn, and listens once more."""
DELAY_MIN_US = 1_000
DELAY_MAX_US = 30_000
LOSS_RATIO = 0.05
CRASH_US = 30_000_000
"""The owner of that moment dies without a word."""

DELIVERED_MIN = 875
DELIVERED_MAX = 975
"""Two reigns of 29 s, a heartbeat each 150 ms to three others and then to two, 5 % lost: 923 in the
mean, a few more where an arm elects sooner; 6.8 standard deviation.
"""


class ArmUnavailableError(Exception):
    """The arm cannot run here. The message is the reason, as shown in the table."""


class WorkNotDoneError(Exception):
    """The arm did other work than the given one, so its speed means nothing."""


class Outcome(NamedTuple):
    """The counts of an arm's run."""

    posted: int
    lost: int
    delivered: int
    elections: int
    owners: tuple[int, ...]
    """Windows that are alive and own at the end."""


def check(outcome: Outcome) -> int:
    """The deliveries of the run.

    Raises WorkNotDoneError unless two owners were elected, one is left, and the messages add up.
    """
    faults = [
        (outcome.owners != (1,), "window 1 alone owns at the end"),
        (outcome.elections != 2, "two elections: at the start, and after the crash"),
        (outcome.posted != outcome.lost + outcome.delivered, "posted = lost + delivered"),
        (
            not DELIVERED_MIN <= outcome.delivered <= DELIVERED_MAX,
            f"{DELIVERED_MIN} .. {DELIVERED_MAX} deliveries",
        ),
    ]
    broken = [rule for fault, rule in faults if fault]
    if broken:
        raise WorkNotDoneError(f"{outcome} breaks: {'; '.join(broken)}")
    return outcome.delivered
