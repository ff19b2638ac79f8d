"""Polling of RoomService: the participants listed in the rooms of a run.

Rules: changes between two polls are missed, and the list is LiveKit's store and not the live room
(v1.13.5), so a log is better where there is one. Rooms are polled one after the other: a new
participant is accepted only after a second poll of all rooms, so that one who moves between rooms
is not counted twice. A server that does not answer keeps its last list. The reason of a departure
is known only if the same identity is there again: LiveKit removes the older session of an identity
first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import aiohttp
from livekit.api import ServerError

from oneroom.core.reasons import Reason
from oneroom.live.evidence.session_log import SessionLine
from oneroom.live.server.room_service import RoomService
from oneroom.ports.observer import Presence

# The poll intervals without and with access to the log of the server.
EVERY_S, SELDOM_S = 0.1, 0.25
# A paused server answers only when it continues.
_ANSWER_S = 2.0
_SILENCE = (ServerError, aiohttp.ClientError, OSError, TimeoutError)

# room -> sid -> identity, and whether media is connected
Lists = dict[str, dict[str, tuple[str, bool]]]


class Polling:
    """Polls of one run.

    `lines` holds the sessions seen so far, in the form of the server's log lines. `listed(identity,
    sid, is_listed)` is called at every change.
    """

    def __init__(
        self,
        services: dict[str, RoomService],
        excluded: str,
        listed: Callable[[str, str, bool], None],
    ) -> None:
        self.lines: list[SessionLine] = []
        self._services = services
        self._excluded = excluded
        self._listed = listed
        self._known: Lists = {room: {} for room in services}
        self._polling = asyncio.Lock()
        self._ended = False

    def start(self, every_s: float) -> None:
        """Start polling."""
        self._task = asyncio.ensure_future(self._poll_until_ended(every_s))

    async def end(self) -> None:
        """Stop polling.

        A cancellation alone could be lost in a poll that ends in the same moment.
        """
        self._ended = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def poll(self) -> None:
        """Poll all rooms, and once more if there is a new participant."""
        async with self._polling:
            await self._poll()

    async def _poll(self) -> None:
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
                        del there[sid]  # the next poll will show
        except _SILENCE:
            return
        for room, there in found.items():
            self._report_left(room, there)
        for room, there in found.items():
            self._report_joined(room, there)
        self._known = found

    async def _poll_until_ended(self, every_s: float) -> None:
        while not self._ended:
            await self.poll()
            await asyncio.sleep(every_s)

    async def _ask(self) -> Lists:
        found = {}
        for room, service in self._services.items():
            async with asyncio.timeout(_ANSWER_S):
                listed = await service.participants()
            found[room] = {
                sid: (who, active) for who, sid, active in listed if who != self._excluded
            }
        return found

    def _report_left(self, room: str, now: dict[str, tuple[str, bool]]) -> None:
        there = {identity for identity, _ in now.values()}
        for sid, (identity, _) in self._known[room].items():
            if sid not in now:
                reason = Reason.DUPLICATE_IDENTITY if identity in there else Reason.UNKNOWN
                self._append_line(room, identity, sid, Presence.LEFT, reason)
                self._listed(identity, sid, False)

    def _report_joined(self, room: str, now: dict[str, tuple[str, bool]]) -> None:
        known = self._known[room]
        for sid, (identity, active) in now.items():
            if sid not in known:
                self._append_line(room, identity, sid, Presence.JOINED)
                self._listed(identity, sid, True)
            if active and not known.get(sid, ("", False))[1]:
                self._append_line(room, identity, sid, Presence.ACTIVE)

    def _append_line(
        self,
        room: str,
        identity: str,
        sid: str,
        presence: Presence,
        reason: Reason = Reason.UNKNOWN,
    ) -> None:
        self.lines.append(SessionLine(time.time(), room, identity, sid, presence, reason))
