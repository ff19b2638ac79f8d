"""The roster of one SDK client: the participants of the call as the client knows them.

Rules: the others come from the server's messages, the client's own participant from its local
tracks. An unchanged roster is not reported again.
"""

from __future__ import annotations

from oneroom.core.state import Participant, Source
from oneroom_fakes.sfu.signal_messages import (
    ParticipantInfo,
    ParticipantState,
    ParticipantUpdate,
    SpeakersChanged,
)


class Roster:
    """The other participants, in the order in which they appeared."""

    def __init__(self) -> None:
        self._others: dict[str, ParticipantInfo] = {}
        self._speaking: set[str] = set()
        self._shown: tuple[Participant, ...] = ()
        self._shows_others = True

    def show(self, others: bool) -> None:
        """Show the others, or hide them: during a full reconnect nobody is there (Room.ts
        handleRestarting, room/mod.rs handle_restarting; seen).
        """
        self._shows_others = others

    def replace(self, participants: tuple[ParticipantInfo, ...], own_identity: str) -> None:
        """Take the complete list of a JoinResponse or ReconnectResponse. A participant that is not
        in it has left; active speakers are kept, because the server does not send them again.
        """
        self._others = {
            info.identity: info for info in participants if info.identity != own_identity
        }

    def begin(self, participants: tuple[ParticipantInfo, ...], own_identity: str) -> None:
        """Start the roster of a new session: all participants are made anew, and none speaks
        (client-sdk-js, handleRestarting).
        """
        self._speaking.clear()
        self.replace(participants, own_identity)

    def update(self, participants: tuple[ParticipantInfo, ...]) -> None:
        """Take an update about others. A DISCONNECTED one removes the participant, whatever its
        sid: neither SDK compares it (Room.ts handleParticipantUpdates; livekit 1.2.1, seen).
        """
        for info in participants:
            if info.state is not ParticipantState.DISCONNECTED:
                self._others[info.identity] = info
            else:
                self._others.pop(info.identity, None)

    def hear(self, message: ParticipantUpdate | SpeakersChanged, own_sid: str) -> None:
        """Take an update about others, or about active speakers."""
        if isinstance(message, ParticipantUpdate):
            self.update(message.participants)
            return
        # An unknown sid is ignored (client-sdk-js, Room.ts handleSpeakersChanged).
        known = {own_sid, *(info.sid for info in self._others.values())}
        for sid, speaks in message.changes:
            if speaks and sid in known:
                self._speaking.add(sid)
            else:
                self._speaking.discard(sid)

    def speaks(self, sid: str) -> bool:
        """True if `sid` was last reported as speaking."""
        return sid in self._speaking

    def changed(self, myself: Participant) -> tuple[Participant, ...] | None:
        """The roster to report, `myself` first; None if it is the same as the last one."""
        others = self._others.values() if self._shows_others else ()
        participants = (
            myself,
            *(_as_seen(info, info.sid in self._speaking) for info in others),
        )
        if participants == self._shown:
            return None
        self._shown = participants
        return participants


def _as_seen(info: ParticipantInfo, speaking: bool) -> Participant:
    sources = tuple(track.source for track in info.tracks)
    return Participant(
        info.identity,
        speaking=speaking,
        muted=any(track.muted for track in info.tracks if track.source is Source.MICROPHONE),
        camera_track=Source.CAMERA in sources,
        screen_share_track=Source.SCREEN_SHARE in sources,
    )
