"""What an administrator of the server sees and does: LiveKit's RoomService.

Rules: one room. The list is LiveKit's object store and not the live room (v1.13.5, roomservice.go), so it may lag by a
moment.
"""

from __future__ import annotations

from livekit import api

from harness.live.credentials import Credentials


class Service:
    """RoomService for `room`. Use it on one event loop; `close` at the end."""

    def __init__(self, url: str, credentials: Credentials, room: str) -> None:
        self._room = room
        self._api = api.LiveKitAPI(url, credentials.key, credentials.secret)

    async def listed(self) -> tuple[tuple[str, str], ...]:
        """(identity, sid) of everybody, in the order in which they joined."""
        answer = await self._api.room.list_participants(api.ListParticipantsRequest(room=self._room))
        everybody = sorted(answer.participants, key=lambda one: (one.joined_at_ms, one.sid))
        return tuple((one.identity, one.sid) for one in everybody)

    async def remove_participant(self, identity: str) -> bool:
        """Remove whoever has `identity`; false if nobody has."""
        try:
            await self._api.room.remove_participant(api.RoomParticipantIdentity(room=self._room, identity=identity))
        except api.ServerError as error:
            if error.code != api.ServerErrorCode.NOT_FOUND:
                raise
            return False
        return True

    async def delete_room(self) -> None:
        await self._api.room.delete_room(api.DeleteRoomRequest(room=self._room))

    async def close(self) -> None:
        await self._api.aclose()
