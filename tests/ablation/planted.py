"""Bugs that are neither a missing safeguard nor a policy: drivers that do half of their work."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import oneroom.sim.browser
from oneroom.checks.results import Result
from oneroom.core.events import Event, RoomEnded, RoomHealed, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.explore.judged_run import run_judged
from oneroom.ports.page import Page, TaskSource
from oneroom.scenario import Scenario
from oneroom_fakes.sfu.client import Rooms
from oneroom_fakes.sfu.signal_messages import AddTrackRequest


class ForgetfulRooms(Rooms):
    """A driver that tells the machine "the Room has ended", and never tells the SDK to close it."""

    def close(self, epoch: int) -> None:
        self._context.page.deliver(TaskSource.BUS, RoomEnded(epoch, Reason.CLIENT_INITIATED))


def play_forgetful(scenario: Scenario, policy: str, seed: int) -> Result:
    """One run with that driver in every window."""
    with patch.object(oneroom.sim.browser, "Rooms", ForgetfulRooms):
        return run_judged(scenario, policy, seed).result


class OnceListed:
    """A page that hears the list of participants of a Room once, and of no change to it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._listed: set[int] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def deliver(self, source: TaskSource, event: Event) -> None:
        if isinstance(event, RosterChanged):
            if event.epoch in self._listed:
                return
            self._listed.add(event.epoch)
        self._page.deliver(source, event)


class DeafRooms(Rooms):
    """A driver that asks the SDK who is there when it has joined, and listens to nothing that comes
    after.
    """

    def __init__(self, page: Page, *rest: Any) -> None:
        super().__init__(OnceListed(page), *rest)


def play_deaf(scenario: Scenario, policy: str, seed: int) -> Result:
    """One run with that driver in every window."""
    with patch.object(oneroom.sim.browser, "Rooms", DeafRooms):
        return run_judged(scenario, policy, seed).result


class Republished:
    """A page that publishes its microphone when it hears of a reconnect, though the SDK has done
    so (client-sdk-android#641).
    """

    def __init__(self, page: Page, rooms: Rooms) -> None:
        self._page = page
        self._rooms = rooms

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def deliver(self, source: TaskSource, event: Event) -> None:
        self._page.deliver(source, event)
        if isinstance(event, RoomHealed):
            signal = self._rooms._engines[event.epoch]._signal
            assert signal is not None
            signal.send(AddTrackRequest(1_000, Source.MICROPHONE, muted=False))


class RepublishingRooms(Rooms):
    """A driver that publishes once more when it is reconnected."""

    def __init__(self, page: Page, *rest: Any) -> None:
        super().__init__(Republished(page, self), *rest)


def play_republishing(scenario: Scenario, policy: str, seed: int) -> Result:
    """One run with that driver in every window."""
    with patch.object(oneroom.sim.browser, "Rooms", RepublishingRooms):
        return run_judged(scenario, policy, seed).result
