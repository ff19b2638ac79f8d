"""The steps that break the application's own server, which mints the tokens."""

from __future__ import annotations

from typing import Protocol

from oneroom.driver.faults import Fault, Faults
from oneroom.scenario.duration import Range


class TokenService(Protocol):
    """The server as far as faults go: whether it fails, and how long it takes."""

    failing: bool
    low_us: int
    high_us: int


class TokenSteps:
    """See `oneroom.scenario.stage.TokenSteps`. `takes` is what the head of the scenario says."""

    def __init__(self, faults: Faults, service: TokenService, takes: Range) -> None:
        self._faults = faults
        self._service = service
        self._takes = takes

    def fail(self) -> None:
        """See the stage."""
        self._service.failing = True
        self._begin("fail_tokens")

    def slow(self, takes: Range) -> None:
        """See the stage."""
        self._service.low_us, self._service.high_us = takes.low_us, takes.high_us
        self._begin("slow_tokens")

    def _begin(self, name: str) -> None:
        self._faults.clear(name)
        self._faults.begin(Fault(name, undo=self._heal))

    def _heal(self) -> None:
        """The server is what the head of the scenario says."""
        self._service.failing = False
        self._service.low_us, self._service.high_us = self._takes.low_us, self._takes.high_us
        self._faults.clear("fail_tokens")
        self._faults.clear("slow_tokens")
