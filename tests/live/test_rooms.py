"""Reports of the Rooms of a window's process, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from oneroom.core.events import Event, RoomEnded, RoomLost
from oneroom.core.reasons import Reason
from oneroom.ports.page import TaskSource

pytestmark = pytest.mark.live


class Page:
    """A page that stands still until `go_on`."""

    name = "main"

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self._waiting: list[tuple[Callable[[Any], None], Any]] = []
        self._still = True

    def run(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> None:
        if self._still:
            self._waiting.append((callback, argument))
        else:
            callback(argument)

    def deliver(self, source: TaskSource, event: Event) -> None:
        self.run(source, self.heard.append, event)

    def go_on(self) -> None:
        self._still = False
        for callback, argument in self._waiting:
            callback(argument)


def test_of_a_room_that_was_closed_meanwhile_a_page_hears_only_that_it_is_over() -> None:
    from oneroom.live.clock import LiveClock
    from oneroom.live.window.ports import RemoteDevices
    from oneroom.live.window.rooms import WindowRooms
    from oneroom.trace.trace import Trace

    async def story() -> list[Event]:
        loop, page = asyncio.get_running_loop(), Page()
        clock = LiveClock(loop, Trace(), lambda: None, lambda error: None)
        devices: Any = RemoteDevices(lambda *_: None, page)  # type: ignore[arg-type]  # no more of a page is used
        rooms = WindowRooms(loop, clock, lambda *_: None, page, devices)  # type: ignore[arg-type]  # as above
        rooms.open(1, "lobby", "token")
        rooms.open(2, "lobby", "token")
        rooms._reported(RoomLost(1))
        rooms._reported(RoomLost(2))
        rooms.close(1)
        page.go_on()
        return page.heard

    assert asyncio.run(story()) == [RoomLost(2), RoomEnded(1, Reason.CLIENT_INITIATED)]
