"""Polling of RoomService: the sessions in the rooms of a run, as the server's keys show them.

Rules: a session that comes and goes between two polls is not seen, and the list is LiveKit's store
and not the live room (v1.13.5); so a log is better where there is one. Rooms are polled one after
the other: a new session is believed after a second poll of all of them, so that a move from one
room to another is not taken for two sessions. A server that does not answer lists what it listed
before. The reason for leaving is known only if the same identity is there again: LiveKit removes
the older session of an identity first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import aiohttp
from livekit.api import ServerError

from oneroom.core.reasons import Reason
from oneroom.live.evidence.session_log import Said
from oneroom.live.server.room_service import RoomService
from oneroom.ports.observer import Presence

# Of a server whose log is not ours; one whose log is ours is looked at more seldom.
EVERY_S, SELDOM_S = 0.1, 0.25
# A server that stands still answers when it goes on.
_ANSWER_S = 2.0
_SILENCE = (ServerError, aiohttp.ClientError, OSError, TimeoutError)

# room -> sid -> identity, and whether media is connected
Lists = dict[str, dict[str, tuple[str, bool]]]


class Polling:
    """`said` is what was seen so far, in the words of the server's log. `listed(identity, sid,
    is_listed)` is told of every change at once.
    """

    def __init__(
        self,
        services: dict[str, RoomService],
        nobody: str,
        listed: Callable[[str, str, bool], None],
    ) -> None:
        self.said: list[Said] = []
        self._services = services
        self._nobody = nobody
        self._listed = listed
        self._known: Lists = {room: {} for room in services}
        self._looking = asyncio.Lock()
        self._over = False

    def start(self, every_s: float) -> None:
        """Look from now on."""
        self._task = asyncio.ensure_future(self._look_on(every_s))

    async def end(self) -> None:
        """Look no more. A cancellation alone may be lost in a look that is over in the same
        moment.
        """
        self._over = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """One look at all rooms, and one more if there is somebody new."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        try:
            found = await self._ask()
            if any(sid not in self._known[room] for room, there in found.items() for sid in there):
                first, found = found, await self._ask()
                for room, there in found.items():
                    for sid in [
                        sid
                        for sid in there
                        if sid not in first[room] and sid not in self._known[room]
                    ]:
                        del there[sid]  # the next look tells
        except _SILENCE:
            return
        for room, there in found.items():
            self._leave(room, there)
        for room, there in found.items():
            self._join(room, there)
        self._known = found

    async def _look_on(self, every_s: float) -> None:
        while not self._over:
            await self.look()
            await asyncio.sleep(every_s)

    async def _ask(self) -> Lists:
        found = {}
        for room, service in self._services.items():
            async with asyncio.timeout(_ANSWER_S):
                listed = await service.participants()
            found[room] = {sid: (who, active) for who, sid, active in listed if who != self._nobody}
        return found

    def _leave(self, room: str, now: dict[str, tuple[str, bool]]) -> None:
        there = {identity for identity, _ in now.values()}
        for sid, (identity, _) in self._known[room].items():
            if sid not in now:
                reason = Reason.DUPLICATE_IDENTITY if identity in there else Reason.UNKNOWN
                self._say(room, identity, sid, Presence.LEFT, reason)
                self._listed(identity, sid, False)

    def _join(self, room: str, now: dict[str, tuple[str, bool]]) -> None:
        known = self._known[room]
        for sid, (identity, active) in now.items():
            if sid not in known:
                self._say(room, identity, sid, Presence.JOINED)
                self._listed(identity, sid, True)
            if active and not known.get(sid, ("", False))[1]:
                self._say(room, identity, sid, Presence.ACTIVE)

    def _say(
        self,
        room: str,
        identity: str,
        sid: str,
        presence: Presence,
        reason: Reason = Reason.UNKNOWN,
    ) -> None:
        self.said.append(Said(time.time(), room, identity, sid, presence, reason))
