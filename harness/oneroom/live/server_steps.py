"""Server-wide faults of a live run: on the SFU, a real one, and on the application's own, a fake.

Rules: this is a part of `world.LiveWorld`. Faults that no real server here can play are not here
(`Verb.plays_live`).
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.driver.script import draw_time, identity
from oneroom.live.clock import LiveClock
from oneroom.live.window.hub import Hub
from oneroom.scenario.duration import Range
from oneroom.scenario.model import Scenario


class Administrator(Protocol):
    """Actions on the rooms of this run by a holder of the server's keys, and its operator."""

    async def kick(self, identity: str) -> None:
        """RoomService.RemoveParticipant, in whatever room."""

    async def delete_rooms(self) -> None:
        """RoomService.DeleteRoom."""

    async def restart(self, down_us: int) -> None:
        """The server is killed, and started again after `down_us` with empty memory."""

    async def stop(self) -> None:
        """The server is killed, and stays away until `start`."""

    async def start(self) -> None:
        """After `stop`; returns when it answers."""

    async def unplug(self, lasts_us: int) -> None:
        """The server is off its network for that long; returns when it is back."""

    async def pause(self, lasts_us: int) -> None:
        """The server stands still for that long; returns when it goes on."""

    async def terminate(self) -> None:
        """SIGTERM: it drains."""

    async def shut_down(self, signals: int, down_us: int, ended: Callable[[], None]) -> None:
        """Send so many SIGTERM, which end it, call `ended`, and start it again after `down_us`."""


class ServerSteps(abc.ABC):
    """The part of the stage on which servers act and fail."""

    scenario: Scenario
    choices: Choices
    clock: LiveClock
    hub: Hub
    kills_us: list[int]
    busy_until_us: int
    _administrator: Administrator
    _draining: bool

    @abc.abstractmethod
    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something that takes a while."""

    @abc.abstractmethod
    def _fault(self, window: str, fault: str, *, on: bool) -> None:
        """Keep count of what is broken."""

    @abc.abstractmethod
    def _fault_over(self, window: str, fault: str) -> None:
        """However often the fault was put on, nothing is left of it."""

    @abc.abstractmethod
    def _say(self, window: str, verb: str, *arguments: Any) -> None:
        """Tell the process of a window."""

    def _busy_for(self, lasts: Range) -> int:
        """A fault that ends by itself, after how long."""
        lasts_us = draw_time(self.choices, Label.STALL_TIME, lasts)
        self.busy_until_us = max(self.busy_until_us, self.clock.now_us + lasts_us)
        return lasts_us

    # The SFU.

    def kick(self, window: str) -> None:
        """See the stage."""
        self._start(self._administrator.kick(identity(self.scenario, window)))

    def delete_room(self) -> None:
        """See the stage."""
        self._start(self._administrator.delete_rooms())

    def restart_server(self, down: Range) -> None:
        """See the stage."""
        down_us = self._busy_for(down)
        self._draining = False
        self.kills_us.append(self.clock.now_us)
        self._start(self._administrator.restart(down_us))

    def stop_server(self) -> None:
        """See the stage. A start that follows waits until it has ended."""
        self._fault("world", "stop_server", on=True)
        self._draining = False
        self.kills_us.append(self.clock.now_us)
        self._start(self._administrator.stop())

    def start_server(self) -> None:
        """See the stage."""
        self._start(self._administrator.start())
        self._fault_over("world", "stop_server")

    def unplug_server(self, lasts: Range) -> None:
        """See the stage."""
        self._passing("unplug_server", lasts, self._administrator.unplug)

    def pause_server(self, lasts: Range) -> None:
        """See the stage."""
        self._passing("pause_server", lasts, self._administrator.pause)

    def _passing(
        self, fault: str, lasts: Range, begin: Callable[[int], Coroutine[Any, Any, None]]
    ) -> None:
        """A fault of the SFU that ends by itself."""
        lasts_us = self._busy_for(lasts)
        self._fault("world", fault, on=True)
        self._start(self._until_over(fault, begin(lasts_us), self.clock.trace.cause))

    async def _until_over(self, fault: str, passes: Coroutine[Any, Any, None], cause: int) -> None:
        await passes
        self.clock.turn(cause, self._passed, fault)

    def _passed(self, fault: str) -> None:
        self._fault("world", fault, on=False)

    def drain(self) -> None:
        """See the stage."""
        if not self._draining:
            self._draining = True
            self._start(self._administrator.terminate())

    def shut_down_server(self, down: Range) -> None:
        """See the stage."""
        down_us = self._busy_for(down)
        signals = 1 if self._draining else 2
        self._draining = False
        self._start(self._administrator.shut_down(signals, down_us, self._server_ended))

    def _server_ended(self) -> None:
        self.kills_us.append(self.clock.read_us())

    def simulate(self, window: str, fault: str) -> None:
        """See the stage. What livekit for Python has no name for is refused."""
        self._say(window, "simulate", fault.upper().replace("-", "_"))

    # The application's own server.

    def fail_tokens(self) -> None:
        """See the stage."""
        self.hub.minting.failing = True
        self._fault_over("world", "fail_tokens")
        self._fault("world", "fail_tokens", on=True)

    def slow_tokens(self, takes: Range) -> None:
        """See the stage."""
        self.hub.minting.low_us, self.hub.minting.high_us = takes.low_us, takes.high_us
        self._fault_over("world", "slow_tokens")
        self._fault("world", "slow_tokens", on=True)

    def heal_tokens(self) -> None:
        """The application's server is what the head of the scenario says."""
        mint = self.scenario.tokens.mint
        self.hub.minting.failing = False
        self.hub.minting.low_us, self.hub.minting.high_us = mint.low_us, mint.high_us
        self._fault_over("world", "fail_tokens")
        self._fault_over("world", "slow_tokens")
