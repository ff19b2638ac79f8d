"""The other people in a call: remote participants, who join, talk, mute, show their camera, share
their screen, and go.

Rules: what a remote participant wants is its client's and outlives the server; what others are told
of it is the server's and does not. Its network is perfect and its client makes no mistakes: what
reaches a window is decided by the server's own rules for updates (`oneroom_fakes.sfu.updates`) and
speakers (`oneroom_fakes.sfu.speakers`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oneroom.core.state import Participant, Source
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.signal_messages import ParticipantInfo, ParticipantState, TrackInfo


class RemoteParticipantListener(Protocol):
    """The room, as a remote participant sees it."""

    def enter(self, remote: RemoteParticipant) -> None:
        """`remote` is here from now on."""

    def tell_of(self, remote: RemoteParticipant) -> None:
        """Something about `remote` that others are told has changed."""

    def part(self, remote: RemoteParticipant) -> None:
        """`remote` has left."""

    def overhear(self) -> None:
        """Somebody may have begun to talk."""


class RemoteParticipant:
    """One remote participant. `channel` is where it wants to be, "" for nowhere; `tracks` is what
    the server has.
    """

    def __init__(self, context: ServerContext, identity: str) -> None:
        self.identity = identity
        self.channel = ""
        self.sources: dict[Source, bool] = {}  # what it publishes, and whether that is muted
        self.talks_until_us = 0
        self.sid = ""
        self.tracks: dict[Source, TrackInfo] = {}
        self._context = context
        self._serial = 0
        self._is_publisher = False

    def begin(self) -> None:
        """A new session at the server, which knows nothing of it yet."""
        self._serial = self._context.next_participant()
        self.sid = f"PA_{self._serial}"
        self.tracks = {}
        self._is_publisher = False

    def publish(self) -> bool:
        """Bring the server's tracks in line with what is wanted; whether that changed anything."""
        before = dict(self.tracks)
        self.tracks = {source: track for source, track in before.items() if source in self.sources}
        for source, muted in self.sources.items():
            known = self.tracks.get(source)
            sid = self._context.next_track_sid() if known is None else known.sid
            self.tracks[source] = TrackInfo(source, sid, muted)
        self._is_publisher = self._is_publisher or bool(self.tracks)
        return self.tracks != before

    def talks(self) -> bool:
        """Whether the server hears a voice from it: nobody is heard through a muted microphone."""
        track = self.tracks.get(Source.MICROPHONE)
        return (
            track is not None
            and not track.muted
            and self._context.scheduler.now_us < self.talks_until_us
        )

    def info(self, state: ParticipantState = ParticipantState.ACTIVE) -> ParticipantInfo:
        """As others are told."""
        return ParticipantInfo(
            self.identity,
            self.sid,
            self._serial,
            state,
            self._is_publisher,
            tuple(self.tracks.values()),
        )

    def shown(self, speaking: bool) -> Participant:
        """As a window that knows everything would draw it."""
        return Participant(
            self.identity,
            speaking=speaking,
            muted=Source.MICROPHONE in self.tracks and self.tracks[Source.MICROPHONE].muted,
            camera_track=Source.CAMERA in self.tracks,
            screen_share_track=Source.SCREEN_SHARE in self.tracks,
        )


class RemoteParticipants:
    """All remote participants of a run. `hall` finds the room of a channel, None while the server
    is down.
    """

    def __init__(
        self, context: ServerContext, hall: Callable[[str], RemoteParticipantListener | None]
    ) -> None:
        self._context = context
        self._hall = hall
        self._remotes: dict[str, RemoteParticipant] = {}
        # who left where while nobody got through to the server
        self._unheard: list[tuple[RemoteParticipant, str]] = []

    def joins(self, identity: str, channel: str, microphone: bool) -> None:
        """It joins `channel`, with a microphone or to listen."""
        remote = self._remotes.setdefault(identity, RemoteParticipant(self._context, identity))
        remote.channel = channel
        remote.sources = {Source.MICROPHONE: False} if microphone else {}
        self._context.process.run(self._settle, remote)

    def leaves(self, identity: str) -> None:
        """It leaves of its own accord."""
        remote = self._remotes[identity]
        self._context.process.run(self._gone, (remote, remote.channel))
        remote.channel = ""

    def publishes(self, identity: str, source: Source, muted: bool = False) -> None:
        """It publishes `source`, or mutes and unmutes it."""
        remote = self._remotes[identity]
        remote.sources[source] = muted
        self._context.process.run(self._settle, remote)

    def unpublishes(self, identity: str, source: Source) -> None:
        """It publishes `source` no more."""
        remote = self._remotes[identity]
        remote.sources.pop(source, None)
        self._context.process.run(self._settle, remote)

    def talks(self, identity: str, lasts_us: int) -> None:
        """It talks for that long."""
        remote = self._remotes[identity]
        remote.talks_until_us = self._context.scheduler.now_us + lasts_us
        self._context.process.run(self._settle, remote)

    def anybody(self) -> bool:
        """Whether there is one."""
        return bool(self._remotes)

    def come_back(self) -> None:
        """The server is there again: it hears who has left, and everybody joins anew, at once."""
        unheard, self._unheard = self._unheard, []
        for left in unheard:
            self._gone(left)
        for remote in self._remotes.values():
            self._settle(remote)

    def end(self) -> None:
        """The run is over: let go of everything."""
        self._hall = _nowhere
        self._remotes.clear()
        self._unheard.clear()

    def _settle(self, remote: RemoteParticipant) -> None:
        """The server hears what the client wants, if it is there to hear it."""
        hall = self._hall(remote.channel) if remote.channel else None
        if hall is None:
            return
        if not remote.sid:
            remote.begin()
            remote.publish()
            hall.enter(remote)
        elif remote.publish():
            hall.tell_of(remote)
        hall.overhear()

    def _gone(self, left: tuple[RemoteParticipant, str]) -> None:
        remote, channel = left
        if not remote.sid:
            return
        hall = self._hall(channel)
        if hall is None:
            self._unheard.append(left)
        else:
            hall.part(remote)
            remote.sid = ""


def _nowhere(_: str) -> RemoteParticipantListener | None:
    """The server is gone for good."""
    return None
