"""The local tracks of one SDK client: captured, announced, muted, taken along through reconnects
(client-sdk-js, LocalParticipant.ts).

Rules: the SDK's own state is what the user sees; the server's follows when signalling lets it. A
capture lives until it is unpublished or the Room ends; a full reconnect publishes the same capture
again, with its muted state and without a prompt.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.core.events import CaptureEnded, CaptureFailed, CaptureStarted
from oneroom.core.state import Participant, Source
from oneroom.ports.devices import Devices
from oneroom.ports.page import Page, TaskSource
from oneroom_fakes.sfu.signal_client import SignalClient
from oneroom_fakes.sfu.signal_messages import (
    AddTrackRequest,
    MuteTrackRequest,
    ParticipantInfo,
    RemoveTrack,
    SyncState,
    TrackInfo,
    TrackPublishedResponse,
)

# `getUserMedia` and `getDisplayMedia` reject with it when the user or the browser refuses (W3C
# Media Capture).
REFUSED = "NotAllowedError"


class LocalTrack:
    """One local track. It is asked for, then captured, then announced, then named by the server."""

    def __init__(self, tracks: LocalTracks, source: Source, muted: bool, cid: int) -> None:
        self.source = source
        self.muted = muted
        self.cid = cid  # the client's name for it
        self.sid = ""  # the server's name for it
        self.captured = False
        self.lost = False  # its device ended it, and could not be opened again
        self.told: SignalClient | None = None  # whom to tell of that
        self.wanted = True
        self.announced = False
        self.announced_muted = muted
        self._tracks = tracks

    def capture_answered(self, granted: bool) -> None:
        """The devices' answer; one for a track that is not wanted any more means nothing."""
        if self.wanted:
            self._tracks.capture_answered(self, granted)


class LocalTracks:
    """The local tracks of one client, by source, in the order in which they were asked for."""

    def __init__(
        self, page: Page, epoch: int, devices: Devices, changed: Callable[[], None]
    ) -> None:
        self._page = page
        self._epoch = epoch
        self._devices = devices
        self._changed = changed
        self._tracks: dict[Source, LocalTrack] = {}
        self._cids = 0

    # What the window asks for. `signal` is the connection to tell, or None.

    def capture(self, source: Source, muted: bool) -> None:
        """Ask the devices, unless that was done: the SDK drops a second question while one is
        pending.
        """
        track = self._tracks.get(source)
        if track is None:
            self._cids += 1
            track = self._tracks[source] = LocalTrack(self, source, muted, self._cids)
            self._ask(track)
        elif track.captured:
            self._page.deliver(TaskSource.NETWORK, CaptureStarted(self._epoch, source))
        elif track.lost:
            self._ask(track)

    def _ask(self, track: LocalTrack) -> None:
        track.lost = False
        self._devices.capture(self._page.name, track.source, track.capture_answered)

    def ended(self, source: Source, signal: SignalClient | None) -> None:
        """A capture ended from outside. A share is unpublished; of a device the SDK opens what
        there is now, and mutes the track if there is nothing (client-sdk-js, LocalParticipant.ts
        handleTrackEnded).
        """
        track = self._tracks.get(source)
        if track is None:
            return
        if source is Source.SCREEN_SHARE:
            self.release(source, signal)
            # Said in the very task of the track's `ended` event, which a frozen page runs, too
            # (Chromium 156, seen).
            self._page.deliver(TaskSource.BUS, CaptureEnded(self._epoch, source))
        else:
            track.captured = False
            track.told = signal
            self._ask(track)

    def capture_answered(self, track: LocalTrack, granted: bool) -> None:
        """Captured, or refused and forgotten; one that is published already is lost, and keeps its
        place.
        """
        if granted:
            track.captured = True
            # The SDK adds the track first and says that it is published afterwards (client-sdk-js,
            # publishTrack).
            self._changed()
            self._page.deliver(TaskSource.NETWORK, CaptureStarted(self._epoch, track.source))
        elif track.announced:
            track.lost = track.muted = True
            if track.sid and track.told is not None:
                track.told.send(MuteTrackRequest(track.sid, True))
            self._page.deliver(TaskSource.NETWORK, CaptureEnded(self._epoch, track.source))
        else:
            track.wanted = False
            del self._tracks[track.source]
            self._page.deliver(
                TaskSource.NETWORK, CaptureFailed(self._epoch, track.source, REFUSED)
            )

    def release(self, source: Source, signal: SignalClient | None) -> None:
        """Stop the capture, or withdraw the question for it."""
        track = self._tracks.pop(source, None)
        if track is not None:
            track.wanted = False
            self._devices.release(self._page.name, source)
            if track.sid and signal is not None:
                signal.send(RemoveTrack(track.sid))

    def release_all(self) -> None:
        """The Room has ended."""
        for source in tuple(self._tracks):
            self.release(source, None)

    def let_go(self) -> None:
        """Nobody hears of changes any more."""
        self._changed = _nothing
        self._tracks.clear()

    def mute(self, source: Source, muted: bool, signal: SignalClient | None) -> None:
        """A track that has no name yet is muted at the server as soon as it has one."""
        track = self._tracks.get(source)
        if track is not None and track.muted != muted:
            track.muted = muted
            if track.sid and signal is not None:
                signal.send(MuteTrackRequest(track.sid, muted))
            if track.lost and not muted:
                # what is unmuted is opened anew (client-sdk-js, LocalAudioTrack.ts unmute)
                self._ask(track)

    def muted_by_server(self, sid: str, muted: bool, signal: SignalClient) -> None:
        """As if the page had asked for it, so it is said back (client-sdk-js,
        LocalParticipant.ts).
        """
        for track in self._tracks.values():
            if track.sid == sid:
                self.mute(track.source, muted, signal)

    def unpublished_by_server(self, sid: str) -> None:
        """The SDK stops the capture, too (client-sdk-js, handleLocalTrackUnpublished)."""
        for track in tuple(self._tracks.values()):
            if track.sid == sid:
                self.release(track.source, None)

    # What the server needs to know, and says.

    def announce(self, signal: SignalClient) -> None:
        """Add what was captured and not yet announced on this connection."""
        if not signal.is_open():
            return
        for track in self._tracks.values():
            if track.captured and not track.announced:
                track.announced = True
                track.announced_muted = track.muted
                signal.send(AddTrackRequest(track.cid, track.source, track.muted))

    def named(self, published: TrackPublishedResponse, signal: SignalClient) -> None:
        """The server's answer to `announce`: what has changed in the meantime follows it."""
        track = next((one for one in self._tracks.values() if one.cid == published.cid), None)
        if track is None:
            signal.send(RemoveTrack(published.sid))
            return
        track.sid = published.sid
        if track.muted != track.announced_muted:
            signal.send(MuteTrackRequest(track.sid, track.muted))

    def resync(self, participants: tuple[ParticipantInfo, ...], signal: SignalClient) -> None:
        """After a resume: claim what is published, correct the server's mute states, announce the
        nameless again.
        """
        named = tuple(track for track in self._tracks.values() if track.sid)
        signal.send(
            SyncState(tuple(TrackInfo(track.source, track.sid, track.muted) for track in named))
        )
        at_server = {info.sid: info for participant in participants for info in participant.tracks}
        for track in named:
            info = at_server.get(track.sid)
            if info is not None and info.muted != track.muted:
                signal.send(MuteTrackRequest(track.sid, track.muted))
        for track in self._tracks.values():
            track.announced = bool(track.sid)

    def forget_names(self) -> None:
        """A new session knows nothing: everything is announced to it again."""
        for track in self._tracks.values():
            track.sid = ""
            track.announced = False

    def participant(self, identity: str, speaking: bool) -> Participant:
        """Oneself, as the roster shows it."""
        there = {track.source: track for track in self._tracks.values() if track.captured}
        return Participant(
            identity,
            speaking=speaking,
            muted=Source.MICROPHONE in there and there[Source.MICROPHONE].muted,
            camera_track=Source.CAMERA in there,
            screen_share_track=Source.SCREEN_SHARE in there,
        )


def _nothing() -> None:
    """Who hears of changes after the end."""
