"""The real server that a run is put to: one of ours, or one that is somebody's.

Rules: what is asked of ours (its log, a kill) is asked off the event loop, since the engine's
library waits. Of a server that is not ours there is no log and no kill; what happened there is
polled (`polling`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from oneroom.live.errors import Unavailable
from oneroom.live.server.credentials import Credentials
from oneroom.live.server.livekit_server import LiveKit
from oneroom.live.server.room_service import RoomService
from oneroom.live.server.webhooks import Notice

KEY_VARIABLE, SECRET_VARIABLE = "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"
# From one SIGTERM to the next, and from one look to the next; how often is looked.
_BETWEEN_S = 0.2
_ENDS = 50

Hearers = dict[str, Callable[[Notice], None]]


@dataclass(frozen=True)
class Target:
    """`url` is http or ws. `own` is the server if it is ours to log and to kill. Who wants to hear
    its webhooks about a room is in `hearers`; a server that is not ours sends none.
    """

    url: str
    credentials: Credentials
    own: LiveKit | None = field(default=None, compare=False)
    hearers: Hearers = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, server: LiveKit, hearers: Hearers) -> Target:
        """One that we have started."""
        return cls(server.record.url, server.record.credentials, server, hearers)

    @classmethod
    def elsewhere(cls, url: str) -> Target:
        """One that is running already; its key and secret come from the environment. Raises
        Unavailable.
        """
        key, secret = os.environ.get(KEY_VARIABLE, ""), os.environ.get(SECRET_VARIABLE, "")
        if not key or not secret:
            raise Unavailable(f"set {KEY_VARIABLE} and {SECRET_VARIABLE} to those of {url}")
        return cls(url, Credentials(key, secret))

    async def log(self) -> str | None:
        """All that the server has said, None if that cannot be had."""
        return None if self.own is None else await asyncio.to_thread(self.own.log)

    def administrator(self, rooms: tuple[str, ...]) -> ServerAdmin:
        """The administrator that may act on `rooms`."""
        return ServerAdmin(self, rooms)


class ServerAdmin:
    """`oneroom.live.world.Administrator` for the rooms of one run."""

    def __init__(self, target: Target, rooms: tuple[str, ...]) -> None:
        self._target = target
        self._one_by_one = asyncio.Lock()
        self.services = {room: RoomService(target.url, target.credentials, room) for room in rooms}

    async def kick(self, identity: str) -> None:
        """See the protocol."""
        await asyncio.gather(
            *[service.remove_participant(identity) for service in self.services.values()]
        )

    async def delete_rooms(self) -> None:
        """See the protocol."""
        await asyncio.gather(*[service.delete_room() for service in self.services.values()])

    async def restart(self, down_us: int) -> None:
        """See the protocol."""
        own = self._own()
        await asyncio.to_thread(own.kill)
        await self._back(own, down_us)

    async def stop(self) -> None:
        """See the protocol."""
        async with self._one_by_one:
            await asyncio.to_thread(self._own().kill)

    async def start(self) -> None:
        """See the protocol."""
        async with self._one_by_one:
            await asyncio.to_thread(self._own().start_again)

    async def unplug(self, lasts_us: int) -> None:
        """See the protocol."""
        own = self._own()
        await asyncio.to_thread(own.unplug)
        await asyncio.sleep(lasts_us / 1_000_000)
        await asyncio.to_thread(own.plug_in)

    async def pause(self, lasts_us: int) -> None:
        """See the protocol."""
        own = self._own()
        await asyncio.to_thread(own.pause)
        await asyncio.sleep(lasts_us / 1_000_000)
        await asyncio.to_thread(own.unpause)

    async def terminate(self) -> None:
        """See the protocol."""
        await asyncio.to_thread(self._own().terminate)

    async def shut_down(self, signals: int, down_us: int, ended: Callable[[], None]) -> None:
        """See the protocol."""
        own = self._own()
        for number in range(signals):
            if number:
                # Two that come at once are one to a Go program that is busy.
                await asyncio.sleep(_BETWEEN_S)
            await asyncio.to_thread(own.terminate)
        for _ in range(_ENDS):
            if not await asyncio.to_thread(own.runs):
                break
            await asyncio.sleep(_BETWEEN_S)
        ended()
        await self._back(own, down_us)

    async def _back(self, own: LiveKit, down_us: int) -> None:
        await asyncio.sleep(down_us / 1_000_000)
        await asyncio.to_thread(own.start_again)

    def _own(self) -> LiveKit:
        own = self._target.own
        if own is None:
            raise Unavailable(
                f"{self._target.url} is not ours to stop: run this scenario with --sfu livekit"
            )
        return own

    async def close(self) -> None:
        """No more requests."""
        await asyncio.gather(*[service.close() for service in self.services.values()])
