"""Who is in the call, as one SDK client has it.

Rules: others come from the server's updates and snapshots, oneself from the client's own tracks. Nothing is reported
twice.
"""

from __future__ import annotations

from fakes.sfu.wire import ParticipantInfo, ParticipantState
from harness.core.state import Participant, Source


class Roster:
    """The other participants, in the order in which they appeared."""

    def __init__(self) -> None:
        self._others: dict[str, ParticipantInfo] = {}
        self._shown: tuple[Participant, ...] = ()

    def replace(self, participants: tuple[ParticipantInfo, ...], own_identity: str) -> None:
        """A whole roster: JoinResponse or ReconnectResponse. Whoever is not in it has left."""
        self._others = {info.identity: info for info in participants if info.identity != own_identity}

    def update(self, participants: tuple[ParticipantInfo, ...]) -> None:
        """News about others. A late farewell of an older session does not remove the newer one: sids are compared."""
        for info in participants:
            known = self._others.get(info.identity)
            if info.state is not ParticipantState.DISCONNECTED:
                self._others[info.identity] = info
            elif known is not None and known.sid == info.sid:
                del self._others[info.identity]

    def changed(self, myself: Participant) -> tuple[Participant, ...] | None:
        """The list to show, oneself first; None if it has been shown already."""
        participants = (myself, *(_as_seen(info) for info in self._others.values()))
        if participants == self._shown:
            return None
        self._shown = participants
        return participants


def _as_seen(info: ParticipantInfo) -> Participant:
    sources = tuple(track.source for track in info.tracks)
    return Participant(
        info.identity,
        muted=any(track.muted for track in info.tracks if track.source is Source.MICROPHONE),
        camera_track=Source.CAMERA in sources,
        screen_share_track=Source.SCREEN_SHARE in sources,
    )
