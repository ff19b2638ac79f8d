"""The Rooms of a window process: `oneroom.ports.room.Room`, with a network path for each Room.

Rules: the path is requested from the harness by frame, so that a Room which is closed while it
connects can be ended for good: the SDK would go on connecting (livekit 1.2.1, observed: it joins 15
s later and evicts the winner), where a browser's SDK sends a Leave and stops. `fence` ends the path
with that Leave.
"""

from __future__ import annotations

import asyncio

from oneroom.core.events import Event, RoomEnded
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.live.clock import LiveClock
from oneroom.live.window.ports import RemoteDevices, Send
from oneroom.live.window.sdk_room import LiveRooms
from oneroom.ports.page import Page, TaskSource


class WindowRooms:
    """The Rooms of one window.

    Events of the SDK are tasks of the page, caused by the record that opened the Room.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: LiveClock,
        say: Send,
        page: Page,
        devices: RemoteDevices,
    ) -> None:
        self._clock = clock
        self._say = say
        self._page = page
        # epoch -> channel and token, until there is a path
        self._wanted: dict[int, tuple[str, str]] = {}
        self._causes: dict[int, int] = {}
        self._closed: set[int] = set()
        self._rooms = LiveRooms(loop, "", self._reported, devices, page.name)

    def open(self, epoch: int, channel: str, token: str) -> None:
        """See the port."""
        self._wanted[epoch] = (channel, token)
        self._causes[epoch] = self._clock.trace.cause
        self._say("path", epoch)

    def path_ready(self, epoch: int, url: str) -> None:
        """Open the Room, now that its network path listens."""
        if epoch in self._wanted:
            channel, token = self._wanted.pop(epoch)
            self._rooms.open(epoch, channel, token, url)

    def close(self, epoch: int) -> None:
        """See the port."""
        self._closed.add(epoch)
        if self._wanted.pop(epoch, None) is not None:
            self._page.deliver(TaskSource.NETWORK, RoomEnded(epoch, Reason.CLIENT_INITIATED))
        elif not self._rooms.is_connected(epoch):
            self._say("fence", epoch)
        self._rooms.close(epoch)

    def publish(self, epoch: int, source: Source, muted: bool) -> None:
        """See the port."""
        self._rooms.publish(epoch, source, muted)

    def unpublish(self, epoch: int, source: Source) -> None:
        """See the port."""
        self._rooms.unpublish(epoch, source)

    def set_muted(self, epoch: int, muted: bool) -> None:
        """See the port."""
        self._rooms.set_muted(epoch, muted)

    def simulate(self, epoch: int, kind: str) -> None:
        """Trigger one of LiveKit's own faults; does nothing without a connected Room."""
        if self._rooms.is_connected(epoch):
            self._rooms.simulate(epoch, kind)

    async def leave(self, timeout_s: float) -> None:
        """Close every Room when the page is left (`disconnectOnPageLeave`), within `timeout_s`."""
        await self._rooms.end(timeout_s)

    def _reported(self, event: Event) -> None:
        cause = self._causes.get(getattr(event, "epoch", 0), -1)
        self._clock.turn(cause, self._page.run, TaskSource.NETWORK, self._emit, event)

    def _emit(self, event: Event) -> None:
        """Deliver an event of the SDK, as a task of the page like the SDK's script in a browser.

        Events that waited while the page stood still are dropped if the Room was closed meanwhile,
        except for its end.
        """
        if isinstance(event, RoomEnded) or getattr(event, "epoch", 0) not in self._closed:
            self._page.deliver(TaskSource.NETWORK, event)
