"""The real server that a run uses: one that we started, or an external one.

Rules: requests to our own server (its log, a kill) run off the event loop, because the engine's
library blocks. An external server has no log and no kill for us; what happened there is polled
(`polling`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from oneroom.core.state import Source
from oneroom.live.errors import Unavailable
from oneroom.live.server.credentials import Credentials
from oneroom.live.server.livekit_server import LiveKit
from oneroom.live.server.room_service import RoomService
from oneroom.live.server.webhooks import WebhookNotice

KEY_VARIABLE, SECRET_VARIABLE = "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"
# The interval between two SIGTERM, and between two polls; the number of polls.
_BETWEEN_S = 0.2
_ENDS = 50

WebhookListeners = dict[str, Callable[[WebhookNotice], None]]


@dataclass(frozen=True)
class Target:
    """A server to run against.

    `url` is http or ws. `own` is the server if it is ours to log and to kill. `listeners` are the
    webhook callbacks by room; an external server sends no webhooks.
    """

    url: str
    credentials: Credentials
    own: LiveKit | None = field(default=None, compare=False)
    listeners: WebhookListeners = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, server: LiveKit, listeners: WebhookListeners) -> Target:
        """The target for a server that we have started."""
        return cls(server.record.url, server.record.credentials, server, listeners)

    @classmethod
    def external(cls, url: str) -> Target:
        """The target for a server that runs already; key and secret come from the environment.

        Raises Unavailable.
        """
        key, secret = os.environ.get(KEY_VARIABLE, ""), os.environ.get(SECRET_VARIABLE, "")
        if not key or not secret:
            raise Unavailable(f"set {KEY_VARIABLE} and {SECRET_VARIABLE} to those of {url}")
        return cls(url, Credentials(key, secret))

    async def log(self) -> str | None:
        """The server's whole log, None if it is not available."""
        return None if self.own is None else await asyncio.to_thread(self.own.log)

    def administrator(self, rooms: tuple[str, ...]) -> ServerAdmin:
        """An administrator for `rooms`."""
        return ServerAdmin(self, rooms)


class ServerAdmin:
    """Implements `oneroom.live.world.Administrator` for the rooms of one run."""

    def __init__(self, target: Target, rooms: tuple[str, ...]) -> None:
        self._target = target
        self._one_by_one = asyncio.Lock()
        self.services = {room: RoomService(target.url, target.credentials, room) for room in rooms}

    async def kick(self, identity: str) -> None:
        """See the protocol."""
        await asyncio.gather(
            *[service.remove_participant(identity) for service in self.services.values()]
        )

    async def mute(self, identity: str, source: Source, muted: bool) -> None:
        """See the protocol."""
        services = self.services.values()
        await asyncio.gather(*[service.mute(identity, source, muted) for service in services])

    async def permit(self, identity: str, sources: tuple[Source, ...]) -> None:
        """See the protocol."""
        services = self.services.values()
        await asyncio.gather(*[service.permit(identity, sources) for service in services])

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
                # A busy Go program takes two signals in quick succession for one.
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
        """Close the connections."""
        await asyncio.gather(*[service.close() for service in self.services.values()])
