"""The local tracks of one SDK client: captured, announced, muted, kept through reconnects
(client-sdk-js, LocalParticipant.ts).

Rules: the user sees the SDK's own state; the server's state follows as soon as signalling permits.
A capture lasts until it is unpublished or the Room ends; a full reconnect publishes the same
capture again, with its muted state and without a prompt.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.core.events import (
    CaptureEnded,
    CaptureFailed,
    CaptureStarted,
    PermissionChanged,
    TrackMuted,
)
from oneroom.core.state import Participant, Source
from oneroom.ports.devices import Devices
from oneroom.ports.page import Page, TaskSource
from oneroom_fakes.sfu.signal_client import SignalClient
from oneroom_fakes.sfu.signal_messages import (
    AddTrackRequest,
    MuteTrackRequest,
    ParticipantInfo,
    RemoveTrack,
    SdpOffer,
    SyncState,
    TrackInfo,
    TrackPublishedResponse,
)

# Name of the error that `getUserMedia` and `getDisplayMedia` reject with when the user or the
# browser refuses (W3C Media Capture).
NOT_ALLOWED = "NotAllowedError"


class LocalTrack:
    """One local track: requested, then captured, then announced, then named by the server."""

    def __init__(self, tracks: LocalTracks, source: Source, muted: bool, cid: int) -> None:
        self.source = source
        self.muted = muted
        self.cid = cid  # the client's name for it
        self.sid = ""  # the server's name for it
        self.captured = False
        self.lost = False  # its device ended it, and could not be opened again
        self.told: SignalClient | None = None  # the connection on which that is reported
        self.wanted = True
        self.announced = False
        self.told_muted = muted  # what the server was told last
        self._tracks = tracks

    def capture_answered(self, granted: bool) -> None:
        """The devices have answered; ignored if the track is not wanted any more."""
        if self.wanted:
            self._tracks.capture_answered(self, granted)

    def tell_muted(self, signal: SignalClient) -> None:
        """Send the muted state, unless the server knows it or has no name for the track yet."""
        if self.sid and self.muted != self.told_muted:
            self.told_muted = self.muted
            signal.send(MuteTrackRequest(self.sid, self.muted))


class LocalTracks:
    """The local tracks of one client, by source, in the order in which they were requested.

    `changed` is called after each change that the roster shows.
    """

    def __init__(
        self, page: Page, epoch: int, devices: Devices, changed: Callable[[], None]
    ) -> None:
        self._page = page
        self._epoch = epoch
        self._devices = devices
        self._changed = changed
        self._tracks: dict[Source, LocalTrack] = {}
        self._cids = 0
        self._unpublished: list[str] = []  # sids that the client's next offer is without
        self.owes_offer = False  # something was unpublished without signalling

    # Calls of the window. `signal` is the connection on which the server is told, or None.

    def capture(self, source: Source, muted: bool, signal: SignalClient | None) -> None:
        """Request the capture, unless that was done: the SDK drops a second request while one is
        pending, and unmutes a track that it has (LocalParticipant.ts setTrackEnabled). So a lost
        one is opened anew.
        """
        track = self._tracks.get(source)
        if track is None:
            self._cids += 1
            track = self._tracks[source] = LocalTrack(self, source, muted, self._cids)
            self._ask(track)
        elif track.captured and not self._devices.is_default(self._page.name, source):
            # restartTrack({deviceId: 'default'}) of the app (LocalTrack.ts)
            self._devices.release(self._page.name, source)
            track.captured = False
            track.told = signal
            self._ask(track)
        elif track.captured:
            self._page.deliver(TaskSource.NETWORK, CaptureStarted(self._epoch, source))
        elif track.lost and not muted:
            self.mute(source, False, signal)
        elif track.lost:
            self._ask(track)

    def _ask(self, track: LocalTrack) -> None:
        track.lost = False
        self._devices.capture(self._page.name, track.source, track.capture_answered)

    def ended(self, source: Source, signal: SignalClient | None) -> None:
        """A capture ended from outside. A share is unpublished. For a microphone or camera
        the SDK opens the device that there is now, and mutes the track if there is none; one that
        is muted is opened when it is unmuted (client-sdk-js, LocalParticipant.ts handleTrackEnded,
        LocalAudioTrack.ts unmute).
        """
        track = self._tracks.get(source)
        if track is None:
            return
        if source is Source.SCREEN_SHARE:
            self.release(source, signal)
            # Reported in the task of the track's `ended` event, which a frozen page runs, too
            # (Chromium 156, seen).
            self._page.deliver(TaskSource.BUS, CaptureEnded(self._epoch, source))
        else:
            track.captured = False
            track.told = signal
            if track.muted:
                track.lost = True
            else:
                self._ask(track)

    def capture_answered(self, track: LocalTrack, granted: bool) -> None:
        """Mark the track as captured, or drop a refused one. A refused track that was published
        before is marked as lost, and stays published.
        """
        if granted:
            track.captured = True
            # The SDK adds the track first and reports it as published afterwards (client-sdk-js,
            # publishTrack).
            self._changed()
            self._page.deliver(TaskSource.NETWORK, CaptureStarted(self._epoch, track.source))
        elif track.announced:
            track.lost = track.muted = True
            if track.told is not None:
                track.tell_muted(track.told)
            self._page.deliver(TaskSource.NETWORK, CaptureEnded(self._epoch, track.source))
        else:
            track.wanted = False
            del self._tracks[track.source]
            self._page.deliver(
                TaskSource.NETWORK, CaptureFailed(self._epoch, track.source, NOT_ALLOWED)
            )

    def release(self, source: Source, signal: SignalClient | None) -> None:
        """Stop the capture, or withdraw the request for it."""
        track = self._tracks.pop(source, None)
        if track is not None:
            track.wanted = False
            self._devices.release(self._page.name, source)
            if track.sid:
                self._offer_without(track.sid, signal)

    def _offer_without(self, sid: str, signal: SignalClient | None) -> None:
        self._unpublished.append(sid)
        if signal is not None and signal.is_open():
            signal.send(RemoveTrack(sid))
        else:
            self.owes_offer = True

    def release_all(self) -> None:
        """Stop all captures: the Room has ended."""
        for source in tuple(self._tracks):
            self.release(source, None)

    def let_go(self) -> None:
        """Drop all tracks, and report no more changes."""
        self._changed = _ignore
        self._tracks.clear()

    def mute(self, source: Source, muted: bool, signal: SignalClient | None) -> None:
        """Mute or unmute. A track that the server has not named yet is muted there as soon as it
        is, and without `signal` with `catch_up`.
        """
        track = self._tracks.get(source)
        if track is not None and track.muted != muted:
            track.muted = muted
            if signal is not None:
                track.tell_muted(signal)
            if track.lost and not muted:
                # Unmuting opens the device anew (client-sdk-js, LocalAudioTrack.ts unmute).
                self._ask(track)

    def muted_by_server(self, sid: str, muted: bool, signal: SignalClient) -> None:
        """Mute as if the page had asked for it, so the server gets a MuteTrackRequest back
        (client-sdk-js, LocalParticipant.ts).
        """
        for track in tuple(self._tracks.values()):
            if track.sid == sid and track.muted != muted:
                self.mute(track.source, muted, signal)
                self._page.deliver(TaskSource.NETWORK, TrackMuted(self._epoch, track.source, muted))

    def unpublished_by_server(self, sid: str) -> None:
        """Stop the capture of a track that the server has unpublished (client-sdk-js,
        handleLocalTrackUnpublished).
        """
        for track in tuple(self._tracks.values()):
            if track.sid == sid:
                self.release(track.source, None)

    def permitted(self, sources: tuple[Source, ...]) -> None:
        """Report what may be published from now on (`ParticipantPermissionsChanged`)."""
        self._page.deliver(TaskSource.NETWORK, PermissionChanged(self._epoch, sources))

    # Messages to and from the server.

    def announce(self, signal: SignalClient) -> None:
        """Send an AddTrackRequest for each track that is captured and not announced yet."""
        if not signal.is_open():
            return
        for track in self._tracks.values():
            if track.captured and not track.announced:
                track.announced = True
                track.told_muted = track.muted
                signal.send(AddTrackRequest(track.cid, track.source, track.muted))

    def named(self, published: TrackPublishedResponse, signal: SignalClient) -> None:
        """The server has answered `announce`: send what has changed in the meantime."""
        track = next((one for one in self._tracks.values() if one.cid == published.cid), None)
        if track is None:
            self._offer_without(published.sid, signal)
            return
        track.sid = published.sid
        track.tell_muted(signal)

    def resync(
        self, participants: tuple[ParticipantInfo, ...], signal: SignalClient, offers_all: bool
    ) -> None:
        """After a resume: send the published tracks, and an offer of all of them (`offers_all`) or
        without those that were unpublished; note the server's mute states, and mark the tracks that
        have no sid to be announced again.
        """
        named = tuple(track for track in self._tracks.values() if track.sid)
        signal.send(
            SyncState(tuple(TrackInfo(track.source, track.sid, track.muted) for track in named))
        )
        if offers_all:
            signal.send(SdpOffer(tuple(track.sid for track in named)))
        else:
            for sid in self._unpublished:
                signal.send(RemoveTrack(sid))
        self.owes_offer = False
        at_server = {info.sid: info for participant in participants for info in participant.tracks}
        for track in self._tracks.values():
            track.announced = bool(track.sid)
            if track.sid in at_server:
                track.told_muted = at_server[track.sid].muted

    def catch_up(self, signal: SignalClient) -> None:
        """After a reconnect: send the mutes that were queued meanwhile (SignalClient.ts
        setReconnected; seen).
        """
        for track in self._tracks.values():
            track.tell_muted(signal)

    def are_named(self) -> bool:
        """True if there are tracks to publish and the server has named all of them."""
        wanted = [track for track in self._tracks.values() if track.captured]
        return bool(wanted) and all(track.sid for track in wanted)

    def forget_names(self) -> None:
        """Mark every track to be announced again, to a new session."""
        self._unpublished.clear()
        self.owes_offer = False
        for track in self._tracks.values():
            track.sid = ""
            track.announced = False

    def participant(self, identity: str, speaking: bool) -> Participant:
        """The client's own participant, as the roster shows it."""
        there = {track.source: track for track in self._tracks.values() if track.captured}
        microphone = self._tracks.get(Source.MICROPHONE)
        return Participant(
            identity,
            speaking=speaking,
            muted=microphone is not None
            and microphone.muted
            and (microphone.captured or microphone.lost),
            camera_track=Source.CAMERA in there,
            screen_share_track=Source.SCREEN_SHARE in there,
        )


def _ignore() -> None:
    """The listener after the end."""
