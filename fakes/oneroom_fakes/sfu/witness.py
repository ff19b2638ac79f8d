"""The witness: another participant, who publishes nothing and reports what the server tells it.

Rules: it knows only what the server sent, at the instant of sending; its network is perfect, except
while the server is off its own. It reports as the Python SDK does (livekit 1.2.1, seen): a new sid
under a known identity means that the old one has left.
"""

from __future__ import annotations

from oneroom.core.state import Source
from oneroom.ports.observer import Observer, Presence, TrackState
from oneroom_fakes.sfu.signal_messages import ParticipantInfo, ParticipantState, TrackInfo

IDENTITY = "witness"

# The witness as others are told about it. It joined before everybody else.
INFO = ParticipantInfo(
    IDENTITY, "PA_witness", 0, ParticipantState.ACTIVE, is_publisher=False, tracks=()
)


class Witness:
    """The witness of one room."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._known: dict[str, ParticipantInfo] = {}
        self._deaf = False

    def told(self, info: ParticipantInfo) -> None:
        """The server sent an update about one participant."""
        if self._deaf:
            return
        known = self._known.get(info.identity)
        if info.state is ParticipantState.DISCONNECTED:
            # Whatever its sid (livekit 1.2.1, seen).
            if known is not None:
                self._left(known)
            return
        if known is not None and known.sid != info.sid:
            self._left(known)
            known = None
        is_active = info.state is ParticipantState.ACTIVE
        if known is None:
            self._observer.witness_saw(info.identity, info.sid, Presence.JOINED)
            if is_active:
                self._observer.witness_saw(info.identity, info.sid, Presence.ACTIVE)
            self._compare_tracks(info, ())
        else:
            # For a known participant the SDK reports tracks first (livekit 1.2.1, seen).
            self._compare_tracks(info, known.tracks)
            if is_active and known.state is not ParticipantState.ACTIVE:
                self._observer.witness_saw(info.identity, info.sid, Presence.ACTIVE)
        self._known[info.identity] = info

    def expelled(self) -> None:
        """Its own session ended with the room: it reports that everybody has left."""
        for known in tuple(self._known.values()):
            self._left(known)

    def cut_off(self) -> None:
        """It lost the server: its SDK starts over, in a room without others (livekit 1.2.1,
        seen).
        """
        self._deaf = True
        self.expelled()

    def back(self, infos: tuple[ParticipantInfo, ...]) -> None:
        """It has joined again, and is sent the present participants."""
        self._deaf = False
        for info in infos:
            self.told(info)

    def _left(self, known: ParticipantInfo) -> None:
        for track in known.tracks:
            self._report(known, track.source, TrackState.UNPUBLISHED)
        self._observer.witness_saw(known.identity, known.sid, Presence.LEFT)
        del self._known[known.identity]

    def _compare_tracks(self, info: ParticipantInfo, before: tuple[TrackInfo, ...]) -> None:
        earlier = {track.sid: track for track in before}
        present = {track.sid: track for track in info.tracks}
        for track in before:
            if track.sid not in present:
                self._report(info, track.source, TrackState.UNPUBLISHED)
        for track in info.tracks:
            known = earlier.get(track.sid)
            if known is None:
                self._report(
                    info,
                    track.source,
                    TrackState.PUBLISHED_MUTED if track.muted else TrackState.PUBLISHED,
                )
            elif known.muted != track.muted:
                self._report(
                    info, track.source, TrackState.MUTED if track.muted else TrackState.UNMUTED
                )

    def _report(self, info: ParticipantInfo, source: Source, state: TrackState) -> None:
        self._observer.witness_saw_track(info.identity, info.sid, source, state)
