"""Bugs that no safeguard's switch and no shipped policy has: one class each, wrong in exactly one way."""

from __future__ import annotations

from fakes.sfu.client import Rooms
from harness.core.events import RoomEnded
from harness.core.policy import Policy
from harness.core.reasons import Reason
from harness.ports.page import TaskSource


class NobodyOwns(Policy):
    """An election that never ends: a follower's disconnect, which is never given up, finds no owner."""

    name = "nobody-owns"


class ForgetfulRooms(Rooms):
    """A driver that tells the machine "the Room has ended", and never tells the SDK to close it."""

    def close(self, epoch: int) -> None:
        self._context.page.deliver(TaskSource.BUS, RoomEnded(epoch, Reason.CLIENT_INITIATED))
