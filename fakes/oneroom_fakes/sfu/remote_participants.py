"""The remote participants of a call: other people, who join, speak, mute, show their camera, share
their screen and leave.

Rules: what a remote participant wants is its client's state and outlives the server; what others
are told of it is the server's state and does not. Its network is perfect and its client makes no
mistakes: the server's rules for updates (`oneroom_fakes.sfu.updates`) and active speakers
(`oneroom_fakes.sfu.speakers`) decide what reaches a window.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oneroom.core.state import Participant, Source
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.signal_messages import ParticipantInfo, ParticipantState, TrackInfo


class RemoteParticipantListener(Protocol):
    """The room of remote participants, which is told what they do."""

    def remote_joined(self, remote: RemoteParticipant) -> None:
        """`remote` has joined."""

    def remote_changed(self, remote: RemoteParticipant) -> None:
        """Something about `remote` that others are told has changed."""

    def remote_left(self, remote: RemoteParticipant) -> None:
        """`remote` has left."""

    def speech_changed(self) -> None:
        """A remote participant may have begun to speak."""


class RemoteParticipant:
    """One remote participant. `channel` is the room that it wants to be in, "" for none; `tracks`
    is what the server has of it.
    """

    def __init__(self, context: ServerContext, identity: str) -> None:
        self.identity = identity
        self.channel = ""
        self.sources: dict[Source, bool] = {}  # source: muted, of everything it wants to publish
        self.speaks_until_us = 0
        self.sid = ""
        self.tracks: dict[Source, TrackInfo] = {}
        self._context = context
        self._serial = 0
        self._is_publisher = False

    def begin(self) -> None:
        """Start a new session at the server, without tracks."""
        self._serial = self._context.next_participant()
        self.sid = f"PA_{self._serial}"
        self.tracks = {}
        self._is_publisher = False

    def publish(self) -> bool:
        """Bring the server's tracks in line with what is wanted. Return whether they changed."""
        before = dict(self.tracks)
        self.tracks = {source: track for source, track in before.items() if source in self.sources}
        for source, muted in self.sources.items():
            known = self.tracks.get(source)
            sid = self._context.next_track_sid() if known is None else known.sid
            self.tracks[source] = TrackInfo(source, sid, muted)
        self._is_publisher = self._is_publisher or bool(self.tracks)
        return self.tracks != before

    def speaks(self) -> bool:
        """True if the server hears a voice; it hears none through a muted microphone."""
        track = self.tracks.get(Source.MICROPHONE)
        return (
            track is not None
            and not track.muted
            and self._context.scheduler.now_us < self.speaks_until_us
        )

    def info(self, state: ParticipantState = ParticipantState.ACTIVE) -> ParticipantInfo:
        """The participant as others are told about it."""
        return ParticipantInfo(
            self.identity,
            self.sid,
            self._serial,
            state,
            self._is_publisher,
            tuple(self.tracks.values()),
        )

    def shown(self, speaking: bool) -> Participant:
        """The participant as a window that knows everything would draw it."""
        return Participant(
            self.identity,
            speaking=speaking,
            muted=Source.MICROPHONE in self.tracks and self.tracks[Source.MICROPHONE].muted,
            camera_track=Source.CAMERA in self.tracks,
            screen_share_track=Source.SCREEN_SHARE in self.tracks,
        )


class RemoteParticipants:
    """All remote participants of a run. `room_of` finds the room of a channel; it returns None
    while the server is down.
    """

    def __init__(
        self, context: ServerContext, room_of: Callable[[str], RemoteParticipantListener | None]
    ) -> None:
        self._context = context
        self._room_of = room_of
        self._remotes: dict[str, RemoteParticipant] = {}
        # (participant, channel) of those who left while the server could not be reached
        self._unheard: list[tuple[RemoteParticipant, str]] = []

    def joins(self, identity: str, channel: str, microphone: bool) -> None:
        """`identity` joins `channel`, with an open microphone or only to listen."""
        remote = self._remotes.setdefault(identity, RemoteParticipant(self._context, identity))
        remote.channel = channel
        remote.sources = {Source.MICROPHONE: False} if microphone else {}
        self._context.process.run(self._settle, remote)

    def leaves(self, identity: str) -> None:
        """`identity` leaves of its own accord."""
        remote = self._remotes[identity]
        self._context.process.run(self._left, (remote, remote.channel))
        remote.channel = ""

    def publishes(self, identity: str, source: Source, muted: bool = False) -> None:
        """`identity` publishes, mutes or unmutes `source`."""
        remote = self._remotes[identity]
        remote.sources[source] = muted
        self._context.process.run(self._settle, remote)

    def unpublishes(self, identity: str, source: Source) -> None:
        """`identity` stops to publish `source`."""
        remote = self._remotes[identity]
        remote.sources.pop(source, None)
        self._context.process.run(self._settle, remote)

    def talks(self, identity: str, lasts_us: int) -> None:
        """`identity` speaks for `lasts_us`."""
        remote = self._remotes[identity]
        remote.speaks_until_us = self._context.scheduler.now_us + lasts_us
        self._context.process.run(self._settle, remote)

    def anybody(self) -> bool:
        """True if there is a remote participant."""
        return bool(self._remotes)

    def come_back(self) -> None:
        """The server can be reached again: it is told who has left, and all others join anew at
        once.
        """
        unheard, self._unheard = self._unheard, []
        for left in unheard:
            self._left(left)
        for remote in self._remotes.values():
            self._settle(remote)

    def end(self) -> None:
        """The run is over: drop all references."""
        self._room_of = _no_room
        self._remotes.clear()
        self._unheard.clear()

    def _settle(self, remote: RemoteParticipant) -> None:
        """Tell the server what the client wants, if it can be reached."""
        room = self._room_of(remote.channel) if remote.channel else None
        if room is None:
            return
        if not remote.sid:
            remote.begin()
            remote.publish()
            room.remote_joined(remote)
        elif remote.publish():
            room.remote_changed(remote)
        room.speech_changed()

    def _left(self, left: tuple[RemoteParticipant, str]) -> None:
        remote, channel = left
        if not remote.sid:
            return
        room = self._room_of(channel)
        if room is None:
            self._unheard.append(left)
        else:
            room.remote_left(remote)
            remote.sid = ""


def _no_room(_: str) -> RemoteParticipantListener | None:
    """The lookup of a server that is gone for good."""
    return None
