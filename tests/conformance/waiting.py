"""Waiting in a case of either kit: in the time of its rig, virtual or real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tests.units import SECOND


class Clock(Protocol):
    """A rig, as far as its time goes."""

    @property
    def now_us(self) -> int: ...

    def run_for(self, duration_us: int) -> None: ...


def wait(clock: Clock, condition: Callable[[], bool], limit_us: int, step_us: int) -> int:
    """Run until `condition`, looking every `step_us`; returns how long that took. Fails when it
    does not hold within `limit_us`.
    """
    started_us = clock.now_us
    while not condition():
        assert clock.now_us - started_us <= limit_us, f"not within {limit_us / SECOND:.1f} s"
        clock.run_for(step_us)
    return clock.now_us - started_us
