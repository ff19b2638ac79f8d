"""What befalls the servers of a live run: the SFU, which is a real one, and the application's own, which is a fake.

Rules: this is a part of `world.LiveWorld`. What no real server here can play is refused; `harness.cli.selection` leaves
such scenarios out before anything runs (`Verb.plays_live`).
"""

from __future__ import annotations

import abc
from collections.abc import Coroutine
from typing import Any, Protocol

from harness.choices.choices import Choices
from harness.choices.labels import Label
from harness.driver.script import draw_time, identity
from harness.live.clock import LiveClock
from harness.live.failure import Unavailable
from harness.live.hub import Hub
from harness.scenario.duration import Range
from harness.scenario.model import Scenario

NO_CHAT = "the live arm has no chat server"
NOT_LIVE = "the live arm does not play this fault of the SFU"


class Administrator(Protocol):
    """What somebody with the server's keys, and its operator, can do to the rooms of this run."""

    async def kick(self, identity: str) -> None:
        """RoomService.RemoveParticipant, in whatever room."""

    async def delete_rooms(self) -> None:
        """RoomService.DeleteRoom."""

    async def restart(self, down_us: int) -> None:
        """The server is killed, and started again after `down_us` with empty memory."""


class ServerSteps(abc.ABC):
    """The part of the stage on which servers act and fail."""

    scenario: Scenario
    choices: Choices
    clock: LiveClock
    hub: Hub
    kills_us: list[int]
    busy_until_us: int
    _administrator: Administrator

    @abc.abstractmethod
    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something that takes a while."""

    @abc.abstractmethod
    def _fault(self, window: str, fault: str, *, on: bool) -> None:
        """Keep count of what is broken."""

    @abc.abstractmethod
    def _fault_over(self, window: str, fault: str) -> None:
        """However often the fault was put on, nothing is left of it."""

    # The SFU.

    def kick(self, window: str) -> None:
        """See the stage."""
        self._start(self._administrator.kick(identity(self.scenario, window)))

    def delete_room(self) -> None:
        """See the stage."""
        self._start(self._administrator.delete_rooms())

    def restart_server(self, down: Range) -> None:
        """See the stage."""
        down_us = draw_time(self.choices, Label.STALL_TIME, down)
        self.busy_until_us = max(self.busy_until_us, self.clock.now_us + down_us)
        self.kills_us.append(self.clock.now_us)
        self._start(self._administrator.restart(down_us))

    def pause_server(self, lasts: Range) -> None:
        raise Unavailable(NOT_LIVE)

    def drain(self) -> None:
        raise Unavailable(NOT_LIVE)

    def shut_down_server(self, down: Range) -> None:
        raise Unavailable(NOT_LIVE)

    def simulate(self, window: str, fault: str) -> None:
        raise Unavailable(NOT_LIVE)

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

    # The chat.

    def send_chat(self, window: str, channel: str, text: str) -> None:
        raise Unavailable(NO_CHAT)

    def chat_arrives(self, channel: str, text: str, count: int) -> None:
        raise Unavailable(NO_CHAT)

    def lose_chat(self, loss_ratio: float) -> None:
        raise Unavailable(NO_CHAT)

    def slow_chat(self, takes: Range) -> None:
        raise Unavailable(NO_CHAT)

    def restart_chat(self, down: Range) -> None:
        raise Unavailable(NO_CHAT)
