"""Time-outs of the owner machine as scenarios and command lines name them, and which of them can
work together.

Rules of this file: what there is to name is handed in, as for all other names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from oneroom.scenario.duration import format_duration


class Timing(NamedTuple):
    """A time-out: its meaning, its default, and whether 0 is a value of it."""

    meaning: str
    default_us: int
    may_be_zero: bool = False


class TimingProblem(NamedTuple):
    """A time-out that cannot work: the one to change, `message` with the bound, and why."""

    name: str
    message: str
    why: str


# The first of two time-outs must not be longer than the second, and why.
_ORDERED = (
    ("heartbeat", "lease", "an owner that is well would be deposed between two heartbeats"),
    ("retry", "retry_max", "the first pause would be longer than the longest"),
    ("chat_retry", "chat_retry_max", "the first pause would be longer than the longest"),
)


def timing_problems(
    written_us: Mapping[str, int],
    policies: Iterable[str],
    known: Mapping[str, Timing],
    published_us: Mapping[str, Mapping[str, int]],
) -> list[TimingProblem]:
    """Problems of the time-outs that are written, beside those that each policy has published; of
    two that contradict each other the written one is named, the longer one if both are.
    """
    problems = [
        TimingProblem(
            name,
            f"`{name}` must be longer than 0",
            "with a time-out of 0 the same thing happens for ever in one instant",
        )
        for name, us in written_us.items()
        if us == 0 and name in known and not known[name].may_be_zero
    ]
    for short, long, why in _ORDERED:
        for policy in policies:
            published = published_us.get(policy, {})
            low_us = written_us.get(short, published.get(short, 0))
            high_us = written_us.get(long, published.get(long, low_us))
            named = [name for name in (long, short) if name in written_us]
            if named and low_us > high_us > 0:
                message = (
                    f"`{long}` ({format_duration(high_us)}) is shorter than `{short}` "
                    f"({format_duration(low_us)})"
                )
                problems.append(TimingProblem(named[0], message, why))
                break
    return problems
