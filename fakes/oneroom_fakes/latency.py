"""Distributions of the delays inside a real browser.

A distribution is an ascending sequence of microseconds, each value as likely as the others. One
draw is an index into it, so 0 is the shortest delay, and a larger draw never a shorter one. A range
of a scenario is `range(low, high + 1)`; a measured distribution is made of its quantiles and keeps
its long tail.

Measured ones are from Chromium 156, headless, warm, between pages in processes of their own, 1,500
samples and more; the quantiles are rounded. A busy machine is slower in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label

Delays = Sequence[int]
"""Microseconds in ascending order, each as likely as the others."""


def quantiles(*points: tuple[int, int]) -> Delays:
    """The distribution through `points` (per mille, microseconds), linear between them. The first
    one is at 0, the last one at 1000.
    """
    delays_us = [points[0][1]]
    for (low, low_us), (high, high_us) in pairwise(points):
        steps = range(1, high - low + 1)
        delays_us += [low_us + (high_us - low_us) * step // (high - low) for step in steps]
    return tuple(delays_us)


def drawn(choices: Choices, label: Label, delays_us: Delays) -> int:
    """Draw a delay in microseconds."""
    return delays_us[choices.draw(label, len(delays_us))]
