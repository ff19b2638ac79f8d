"""The machines that the drivers of a window drive, whatever language they are written in."""

from __future__ import annotations

from typing import Protocol

from oneroom.core.actions import Action
from oneroom.core.config import Config
from oneroom.core.events import Event
from oneroom.core.policy import Policy
from oneroom.core.state import Lease


class OwnerMachine(Protocol):
    """`oneroom.core.coordinator.Coordinator`, or another that does the same. Of `policy` a window
    reads the settings, and lends it a platform.
    """

    config: Config
    policy: Policy
    last_lease: Lease

    def handle(self, event: Event, now_us: int) -> list[Action]:
        """One turn."""

    def watch_us(self) -> int:
        """Until when a follower's WATCH is put off."""

    def epoch(self) -> int:
        """The number of the present session, from 1; 0 if there was none."""


class ChatMachine(Protocol):
    """`oneroom.core.chat.Chat`, or another that does the same."""

    config: Config

    def handle(self, event: Event, now_us: int) -> list[Action]:
        """One turn."""
