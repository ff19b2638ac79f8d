"""LiveKit's RoomService for one room: list, remove, mute, permissions.

Rules: the list is LiveKit's object store and not the live room (v1.13.5, roomservice.go), so it may
lag by a moment.
"""

from __future__ import annotations

from collections.abc import Sequence

from livekit import api

from oneroom.core.state import Source
from oneroom.live.server.credentials import Credentials

_SOURCES = {
    Source.CAMERA: api.TrackSource.CAMERA,
    Source.MICROPHONE: api.TrackSource.MICROPHONE,
    Source.SCREEN_SHARE: api.TrackSource.SCREEN_SHARE,
}


class RoomService:
    """RoomService for `room`. Use it on one event loop, and `close` it at the end."""

    def __init__(self, url: str, credentials: Credentials, room: str) -> None:
        self._room = room
        self._api = api.LiveKitAPI(url, credentials.key, credentials.secret)

    async def listed(self) -> tuple[tuple[str, str], ...]:
        """The (identity, sid) of every participant, in the order in which they joined."""
        return tuple((identity, sid) for identity, sid, _ in await self.participants())

    async def participants(self) -> tuple[tuple[str, str, bool], ...]:
        """The (identity, sid, is media connected) of every participant, in the order in which they
        joined.
        """
        answer = await self._api.room.list_participants(
            api.ListParticipantsRequest(room=self._room)
        )
        everybody = sorted(answer.participants, key=lambda one: (one.joined_at_ms, one.sid))
        return tuple(
            (one.identity, one.sid, one.state == api.ParticipantInfo.ACTIVE) for one in everybody
        )

    async def remove_participant(self, identity: str) -> bool:
        """Remove the participant `identity`. Returns False if there is none."""
        try:
            await self._api.room.remove_participant(
                api.RoomParticipantIdentity(room=self._room, identity=identity)
            )
        except api.ServerError as error:
            _raise_unless(error)
            return False
        return True

    async def mute(self, identity: str, source: Source, muted: bool) -> bool:
        """Mute or unmute the track of `source` that `identity` publishes.

        Returns False if there is nobody of that name, or if the server refuses: it unmutes only if
        its config allows it (`room.enable_remote_unmute`).
        """
        named = api.RoomParticipantIdentity(room=self._room, identity=identity)
        try:
            tracks = (await self._api.room.get_participant(named)).tracks
            for track in tracks:
                if track.source == _SOURCES[source]:
                    request = api.MuteRoomTrackRequest(
                        room=self._room, identity=identity, track_sid=track.sid, muted=muted
                    )
                    await self._api.room.mute_published_track(request)
        except api.ServerError as error:
            _raise_unless(error, api.ServerErrorCode.FAILED_PRECONDITION)
            return False
        return True

    async def permit(self, identity: str, sources: Sequence[Source]) -> bool:
        """Set what `identity` may publish; it may always subscribe.

        Returns False if there is nobody of that name.
        """
        every = len(sources) == len(_SOURCES)
        permission = api.ParticipantPermission(
            can_publish=bool(sources),
            can_publish_sources=[] if every else [_SOURCES[source] for source in sources],
            can_subscribe=True,
            can_publish_data=bool(sources),
        )
        try:
            await self._api.room.update_participant(
                api.UpdateParticipantRequest(
                    room=self._room, identity=identity, permission=permission
                )
            )
        except api.ServerError as error:
            _raise_unless(error)
            return False
        return True

    async def create_room(self) -> None:
        await self._api.room.create_room(api.CreateRoomRequest(name=self._room))

    async def delete_room(self) -> None:
        await self._api.room.delete_room(api.DeleteRoomRequest(room=self._room))

    async def close(self) -> None:
        await self._api.aclose()


def _raise_unless(error: api.ServerError, *expected: str) -> None:
    """Raise `error` unless it says that there is nobody of that name, or one of `expected`."""
    if error.code not in (api.ServerErrorCode.NOT_FOUND, *expected):
        raise error
