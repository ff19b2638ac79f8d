"""Runs that differ from a failing one by a single draw."""

from __future__ import annotations

from typing import NamedTuple

from oneroom.choices.labels import Label
from oneroom.trace.trace import Trace


class Variation(NamedTuple):
    """A run with another value of the draw.

    `fails` if it violates the same check, `passes` if it violates neither that nor another new one.
    """

    value: int
    trace: Trace
    fails: bool
    passes: bool


class Twin(NamedTuple):
    """Two runs that differ by one draw, and by as little of it as is possible.

    `position` is the draw's place in the tape of the failing run, counted from 0, and `drawn` its
    value there; `failing` and `passing` are neighbours. `variations` are all runs that were made
    of this draw, by rising value.
    """

    position: int
    label: Label
    drawn: int
    failing: Variation
    passing: Variation
    variations: tuple[Variation, ...]

    @property
    def distance(self) -> int:
        """The distance of the passing value from the one that was drawn."""
        return abs(self.passing.value - self.drawn)
