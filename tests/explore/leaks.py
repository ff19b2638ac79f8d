"""Policies with a planted leak each: something reaches the run that is not in (scenario, seed)."""

from __future__ import annotations

import os
import random
import time

from oneroom.checks.results import Result
from oneroom.core.events import Timer
from oneroom.policies.naive import Naive
from oneroom.scenario import Scenario

_count = [0]


class Sound(Naive):
    """Arms a timer like the leaking ones, at a time that is always the same."""

    name = "sound"

    def started(self, now_us: int) -> None:
        super().started(now_us)
        self.arm(Timer.WATCH, now_us + 500_000 + self._leak())

    def _leak(self) -> int:
        return 0


class Talks(Sound):
    """Prints, as its author does while looking for something."""

    def _leak(self) -> int:
        print("WATCH is armed")  # noqa: T201  # what is planted
        return 0


class Clock(Sound):
    """Reads the wall clock."""

    def _leak(self) -> int:
        return time.time_ns() % 400_000


class SetOrder(Sound):
    """Takes the first of a set of strings: another hash seed, another order."""

    def _leak(self) -> int:
        names = ["ada", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"]
        return names.index(next(iter(set(names)))) * 10_000 + hash("ada") % 10_000


class Random(Sound):
    """Draws from the module `random`."""

    def _leak(self) -> int:
        return random.randrange(400_000)


class Counter(Sound):
    """Counts in a variable that outlives the run."""

    def _leak(self) -> int:
        _count[0] += 1
        return _count[0] * 1_000


class Dies(Naive):
    """Takes its process with it, as a native crash does."""

    def started(self, now_us: int) -> None:
        os._exit(3)


class Slow(Naive):
    """Takes its time, so that a suite can be interrupted."""

    def started(self, now_us: int) -> None:
        super().started(now_us)
        time.sleep(0.05)


class Stuck(Naive):
    """Never comes back from its first turn, within the patience of any test."""

    def started(self, now_us: int) -> None:
        time.sleep(300)


def raises(_scenario: Scenario, _policy: str, _seed: int) -> Result:
    """Play a run, in place of `oneroom.explore.plan.play`: an error of our own."""
    raise ZeroDivisionError("planted")
