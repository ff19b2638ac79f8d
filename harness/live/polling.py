"""What happened in the rooms of a server whose log is not ours to read: asked of RoomService, again and again.

Rules: what comes and goes between two looks is not seen, and the list is LiveKit's store and not the live room
(v1.13.5); so a log is better where there is one. Why somebody left is known only if the same identity is there again:
LiveKit removes the older session of an identity first.
"""

from __future__ import annotations

import asyncio
import time

from livekit.api import ServerError

from harness.core.reasons import Reason
from harness.live.presences import Said
from harness.live.service import Service
from harness.ports.observer import Presence

_EVERY_S = 0.1


class Polling:
    """`said` is what was seen so far, in the words of the server's log."""

    def __init__(self, services: dict[str, Service], nobody: str) -> None:
        self.said: list[Said] = []
        self._services = services
        self._nobody = nobody
        self._known: dict[str, dict[str, tuple[str, bool]]] = {room: {} for room in services}

    def start(self) -> None:
        """Look from now on."""
        self._task = asyncio.ensure_future(self._look_on())

    async def end(self) -> None:
        """Look no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look_on(self) -> None:
        while True:
            for room, service in self._services.items():
                try:
                    listed = await service.participants()
                except (ServerError, OSError):
                    continue  # the next look tells
                self._compare(room, {sid: (who, active) for who, sid, active in listed if who != self._nobody})
            await asyncio.sleep(_EVERY_S)

    def _compare(self, room: str, now: dict[str, tuple[str, bool]]) -> None:
        known = self._known[room]
        there = {identity for identity, _ in now.values()}
        for sid, (identity, _) in known.items():
            if sid not in now:
                reason = Reason.DUPLICATE_IDENTITY if identity in there else Reason.UNKNOWN
                self._say(room, identity, sid, Presence.LEFT, reason)
        for sid, (identity, active) in now.items():
            if sid not in known:
                self._say(room, identity, sid, Presence.JOINED)
            if active and not known.get(sid, ("", False))[1]:
                self._say(room, identity, sid, Presence.ACTIVE)
        self._known[room] = now

    def _say(self, room: str, identity: str, sid: str, presence: Presence, reason: Reason = Reason.UNKNOWN) -> None:
        self.said.append(Said(time.time(), room, identity, sid, presence, reason))
