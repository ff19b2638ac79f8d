"""A bug that no safeguard's switch and no shipped policy has."""

from __future__ import annotations

from unittest.mock import patch

import harness.sim.lives
from fakes.sfu.client import Rooms
from harness.checks.results import Result
from harness.core.events import RoomEnded
from harness.core.reasons import Reason
from harness.explore.trial import trial
from harness.ports.page import TaskSource
from harness.scenario import Scenario


class ForgetfulRooms(Rooms):
    """A driver that tells the machine "the Room has ended", and never tells the SDK to close it."""

    def close(self, epoch: int) -> None:
        self._context.page.deliver(TaskSource.BUS, RoomEnded(epoch, Reason.CLIENT_INITIATED))


def play_forgetful(scenario: Scenario, policy: str, seed: int) -> Result:
    """One run with that driver in every window."""
    with patch.object(harness.sim.lives, "Rooms", ForgetfulRooms):
        return trial(scenario, policy, seed).result
