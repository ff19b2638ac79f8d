"""One participant session on the server: one join of an identity, until it is removed.

Rules: a session is told what its client sends and what its transport hears; the other participants
of the room, and a second join of its identity, are the room's business. Every way out of a room
ends in `close`, which runs in LiveKit's order: no longer listed, Leave sent, tracks unpublished,
connection closed, others told (LiveKit v1.13.5 room.go RemoveParticipant, participant.go Close).
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.network import CLOSED_NORMALLY, TcpConnection
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.peer_connection import PeerConnection
from oneroom_fakes.sfu.server_transport import ServerTransport
from oneroom_fakes.sfu.signal_messages import (
    LeaveAction,
    LeaveRequest,
    MuteTrackRequest,
    ParticipantInfo,
    ParticipantState,
    ParticipantUpdate,
    PermissionUpdate,
    SpeakersChanged,
    TrackInfo,
    TrackPublishedResponse,
    TrackUnpublishedResponse,
)


class ParticipantListener(Protocol):
    """The room of a session, which is told what becomes of it."""

    def unlist(self, session: ParticipantSession) -> None:
        """`session` is over: remove it from the participants."""

    def announce(self, session: ParticipantSession, at_once: bool = False) -> None:
        """Something about `session` that others are told has changed."""

    def announce_closed(self, session: ParticipantSession, reason: Reason) -> None:
        """`session` was closed for `reason`, and has told its client."""

    def subscribed(self, session: ParticipantSession) -> None:
        """`session` is active, and subscribed to everybody who publishes."""

    def simulate_speaker(self, session: ParticipantSession) -> None:
        """Send `session` as an active speaker to everybody."""


class ParticipantSession:
    """See the top of this file. `window` is the name of the window whose SDK joined.

    `state` moves from JOINED (listed, no media yet) to ACTIVE (media has connected; signalling may
    come and go) and, from either, to DISCONNECTED.
    """

    def __init__(
        self,
        context: ServerContext,
        listener: ParticipantListener,
        identity: str,
        window: str,
        peer_connection: PeerConnection,
        connection: TcpConnection,
        sources: tuple[Source, ...],
    ) -> None:
        self.identity = identity
        self.window = window
        self.serial = context.next_participant()
        self.sid = f"PA_{self.serial}"
        self.state = ParticipantState.JOINED
        self.joined_us = context.scheduler.now_us
        self.peer_connection = peer_connection
        self.connection: TcpConnection | None = connection
        self.tracks: dict[str, TrackInfo] = {}
        # announced by the client, without media so far
        self._announced_tracks: dict[str, TrackInfo] = {}
        # the client of the present connection has another peer connection than this session
        self._is_foreign = False
        self._foreign_tracks: set[str] = set()  # announced by such a client: media never comes
        self._is_publisher = False
        self._context = context
        self._listener = listener
        self._transport = ServerTransport(context, peer_connection, self)
        self._client_gone = False
        self._is_ghost = False
        self._was_active = False
        self._sources = sources
        self._flows = (True, True)  # as reported: uplink, downlink
        self._signal_dies_until_us = -1  # simulated fault: a resume before this breaks
        self._silent_until_us = -1  # simulated fault: a resume before this is not answered
        peer_connection.attach_server(self)
        self._report(Presence.JOINED)
        if not peer_connection.client_open:
            self.client_gone(leave_under_way=False)
        context.scheduler.after(context.timers.never_answered_us, self._never_answered, None)

    # Messages of the client.

    def answer(self) -> None:
        """The client's SDP answer: ICE starts, and must succeed within `never_connected_us`."""
        if self.waits_for_answer():
            self._transport.answered()
            self._context.scheduler.after(
                self._context.timers.never_connected_us, self._never_connected, None
            )
            self.media_changed()

    def waits_for_answer(self) -> bool:
        """True while the client has not sent its SDP answer; it may never do so."""
        return self.state is ParticipantState.JOINED and not self._transport.has_answer

    def add_track(self, cid: int, source: Source, muted: bool) -> None:
        """Give the track a sid at once, and publish it when its media arrives. Ignored without the
        permission to publish (participant.go, AddTrack).
        """
        if source not in self._sources:
            return
        track = TrackInfo(source, self._context.next_track_sid(), muted)
        self._announced_tracks[track.sid] = track
        if self._is_foreign:
            self._foreign_tracks.add(track.sid)
        self._send(TrackPublishedResponse(cid, track.sid))
        self._publish_what_flows()

    def mute_track(self, sid: str, muted: bool) -> None:
        """Mute or unmute a track. An unknown `sid` is ignored: the track may have gone with a
        restart.
        """
        if sid in self._announced_tracks:
            self._announced_tracks[sid] = msgspec.structs.replace(
                self._announced_tracks[sid], muted=muted
            )
        elif sid in self.tracks and self.tracks[sid].muted != muted:
            self.tracks[sid] = msgspec.structs.replace(self.tracks[sid], muted=muted)
            self._report_track(
                self.tracks[sid].source, TrackState.MUTED if muted else TrackState.UNMUTED
            )
            self._listener.announce(self)

    def remove_track(self, sid: str) -> None:
        """The client has sent an offer without this track."""
        self._announced_tracks.pop(sid, None)
        track = self.tracks.pop(sid, None)
        if track is not None:
            self._report_track(track.source, TrackState.UNPUBLISHED)
            self._listener.announce(self)

    def offer(self, sids: tuple[str, ...]) -> None:
        """The client offers the tracks `sids` and no other, whoever has published the others."""
        for sid in tuple(sid for sid in self.tracks if sid not in sids):
            self.remove_track(sid)

    def sync(self, tracks: tuple[TrackInfo, ...]) -> None:
        """Compare with what a resuming client claims to have published. An unknown track ends the
        session with STATE_MISMATCH (room.go); one that is not named stays as it is (seen).
        """
        known = self.tracks.keys() | self._announced_tracks.keys()
        if any(track.sid not in known for track in tracks):
            self.close(Reason.STATE_MISMATCH, LeaveAction.RECONNECT)

    def resume(
        self, connection: TcpConnection, window: str, peer_connection: PeerConnection
    ) -> None:
        """Attach `connection` to this session, whichever client asks; the old connection is closed
        without a Leave (seen).
        """
        if self.connection is not None:
            self.connection.close_server(CLOSED_NORMALLY)
        self.connection = connection
        self._is_foreign = peer_connection is not self.peer_connection
        self._context.observer.presence(
            window, self.identity, self.sid, Presence.RESUMED, Reason.UNKNOWN
        )
        if self._context.scheduler.now_us < self._signal_dies_until_us:
            connection.close_server(CLOSED_NORMALLY)
            self.connection = None
        self._signal_dies_until_us = -1
        if self.state is ParticipantState.ACTIVE and not self.peer_connection.heard_by_server():
            self._transport.restart(ice=not self._is_foreign)
            self.media_changed()

    def answers_resume(self) -> bool:
        """True if the present resume is answered at all. Call it once for each resume."""
        silent_until_us, self._silent_until_us = self._silent_until_us, -1
        return self._context.scheduler.now_us >= silent_until_us

    def signal_closed(self, connection: TcpConnection) -> None:
        """A connection was closed. A session whose media has ever connected outlives that; any
        other ends with SIGNAL_CLOSE (participant.go, HandleSignalSourceClose).
        """
        if connection is self.connection:
            self.connection = None
            if self.state is ParticipantState.JOINED:
                self.close(Reason.SIGNAL_CLOSE)

    def client_gone(self, leave_under_way: bool) -> None:
        """The session's client is gone for good. The server does not know that; the omniscient
        observer is told of a ghost, unless a Leave is under way.
        """
        if not self._client_gone:
            self._client_gone = True
            if not leave_under_way or not self.peer_connection.path.carries_signal:
                self._become_ghost()

    def simulate(self, scenario: str) -> None:
        """One of LiveKit's own faults (room.go, onSimulateScenario), as far as the server plays it;
        the client's part is in `rtc_engine`.
        """
        if scenario in ("MIGRATION", "NODE_FAILURE"):
            # Closed without a Leave, as if it moved to another node, where it never arrives.
            reason = Reason.MIGRATION if scenario == "MIGRATION" else Reason.SERVER_SHUTDOWN
            self.close(reason, expects_resume=True)
        elif scenario == "SERVER_LEAVE":
            self.close(Reason.SERVER_SHUTDOWN, LeaveAction.DISCONNECT)
        elif scenario == "DISCONNECT_SIGNAL_ON_RESUME":
            self._signal_dies_until_us = (
                self._context.scheduler.now_us + self._context.timers.simulated_us
            )
        elif scenario == "DISCONNECT_SIGNAL_ON_RESUME_NO_MESSAGES":
            self._silent_until_us = (
                self._context.scheduler.now_us + self._context.timers.simulated_us
            )
        elif scenario == "SPEAKER":
            self._listener.simulate_speaker(self)

    # Calls of the room and the admin.

    def permit(self, sources: tuple[Source, ...]) -> None:
        """Permit to publish `sources` and no others. Tracks of others are unpublished; the client
        is told of that and of its new permission, and gets a token with it; the participants are
        told at once (participant.go, SetPermission; seen).
        """
        if sources == self._sources:
            return
        self._sources = sources
        for sid, track in (*self.tracks.items(), *self._announced_tracks.items()):
            if track.source not in sources:
                self._send(TrackUnpublishedResponse(sid))
                self.remove_track(sid)
        self._send(PermissionUpdate(sources))
        self._listener.announce(self, at_once=True)

    def stop_forwarding(self) -> None:
        """Send nothing of others any more; ICE goes on, and the client is not told."""
        self.peer_connection.forwards = False
        self.media_changed()

    def mute_from_above(self, source: Source, muted: bool) -> None:
        """Mute or unmute the published tracks of `source` and tell the client, which confirms
        it.
        """
        for track in tuple(self.tracks.values()):
            if track.source is source and track.muted is not muted:
                self._send(MuteTrackRequest(track.sid, muted))
                self.mute_track(track.sid, muted)

    def end(self) -> None:
        """The run is over: drop all references."""
        self._transport.close()
        self.peer_connection.close_server()

    def info(self) -> ParticipantInfo:
        """The session as others are told about it."""
        return ParticipantInfo(
            self.identity,
            self.sid,
            self.serial,
            self.state,
            self._is_publisher,
            tuple(self.tracks.values()),
        )

    def send_update(self, infos: tuple[ParticipantInfo, ...]) -> None:
        """Send what `infos` say of others, if that is anything."""
        others = tuple(info for info in infos if info.identity != self.identity)
        if others:
            self._send(ParticipantUpdate(others))

    def send_speakers(self, message: SpeakersChanged) -> None:
        """Send `message` if the session is active (participant.go, SendSpeakerUpdate)."""
        if self.state is ParticipantState.ACTIVE:
            self._send(message)

    def close(
        self, reason: Reason, leave: LeaveAction | None = None, expects_resume: bool = False
    ) -> None:
        """End the session for `reason`; the client is told only if there is a `leave`.

        A session that `expects_resume`, on another node, is not asked to unpublish its tracks, so
        no webhook says so (participant.go Close; seen).
        """
        if self.state is ParticipantState.DISCONNECTED:
            return
        self._end(reason, leave)
        if not expects_resume:
            for _ in self.tracks:
                self._notify("track_unpublished")
        self.tracks.clear()
        self._notify(
            "participant_left" if self._was_active else "participant_connection_aborted", reason
        )
        self._listener.announce_closed(self, reason)

    def crash(self) -> None:
        """End the session with the server's process, which tells nobody: not the client, not the
        others, no webhook (seen).
        """
        self._end(Reason.SERVER_SHUTDOWN)

    def _end(self, reason: Reason, leave: LeaveAction | None = None) -> None:
        self.state = ParticipantState.DISCONNECTED
        self._transport.close()
        self._listener.unlist(self)
        if leave is not None:
            self._send(LeaveRequest(reason, leave))
        for track in self.tracks.values():
            self._context.observer.track(
                self.window, self.identity, self.sid, track.source, TrackState.UNPUBLISHED
            )
        self._context.observer.presence(self.window, self.identity, self.sid, Presence.LEFT, reason)
        if self.connection is not None:
            self.connection.close_server(CLOSED_NORMALLY)
            self.connection = None
        self.peer_connection.close_server()

    # Reports of the peer connection and of the transport: see
    # `oneroom_fakes.sfu.peer_connection.ServerPeer` and
    # `oneroom_fakes.sfu.server_transport.ServerTransportListener`.

    def media_changed(self) -> None:
        """See the protocol."""
        if self.state is ParticipantState.DISCONNECTED:
            return
        if self._client_gone and not self.peer_connection.path.carries_signal:
            self._become_ghost()
        self._transport.update()
        self._report_media()

    def ice_connected(self) -> None:
        """See the protocol."""
        self.state = ParticipantState.ACTIVE
        self._was_active = True
        self._report(Presence.ACTIVE)
        self._notify("participant_joined")
        self.peer_connection.connect()
        self._listener.announce(self)
        self._listener.subscribed(self)

    def media_arrives(self) -> None:
        """See the protocol."""
        self._publish_what_flows()

    def media_failed(self) -> None:
        """See the protocol."""
        self._send(LeaveRequest(Reason.CONNECTION_TIMEOUT, LeaveAction.RESUME))
        if self.connection is not None:
            self.connection.close_server(CLOSED_NORMALLY)
            self.connection = None

    def ghost_due(self) -> None:
        """See the protocol."""
        self.close(Reason.CONNECTION_TIMEOUT)

    def _never_connected(self, _: None) -> None:
        if self.state is ParticipantState.JOINED:
            self.close(Reason.SIGNAL_CLOSE)

    def _never_answered(self, _: None) -> None:
        if self.state is ParticipantState.JOINED:
            self.close(Reason.JOIN_FAILURE, LeaveAction.DISCONNECT)

    # Reports to the observer, the webhooks and the client.

    def _publish_what_flows(self) -> None:
        flowing = self._announced_tracks.keys() - self._foreign_tracks
        if (
            self.state is not ParticipantState.ACTIVE
            or not self.peer_connection.heard_by_server()
            or not flowing
        ):
            return
        for sid in tuple(sid for sid in self._announced_tracks if sid in flowing):
            track = self.tracks[sid] = self._announced_tracks.pop(sid)
            self._report_track(
                track.source, TrackState.PUBLISHED_MUTED if track.muted else TrackState.PUBLISHED
            )
        self._is_publisher = True
        self._listener.announce(self)

    def _become_ghost(self) -> None:
        if self.state is not ParticipantState.DISCONNECTED and not self._is_ghost:
            self._is_ghost = True
            self._report(Presence.GHOST)

    def _report(self, presence: Presence) -> None:
        self._context.observer.presence(
            self.window, self.identity, self.sid, presence, Reason.UNKNOWN
        )

    def _report_media(self) -> None:
        """Report which way packets pass, if that has changed and the client is still there."""
        peer_connection = self.peer_connection
        flows = (peer_connection.heard_by_server(), peer_connection.heard_by_client())
        active = self.state is ParticipantState.ACTIVE
        if active and peer_connection.client_open and flows != self._flows:
            self._flows = flows
            self._context.observer.media(self.window, self.identity, self.sid, *flows)

    def _report_track(self, source: Source, state: TrackState) -> None:
        self._context.observer.track(self.window, self.identity, self.sid, source, state)
        if state in (TrackState.PUBLISHED, TrackState.PUBLISHED_MUTED):
            self._notify("track_published")
        elif state is TrackState.UNPUBLISHED:
            self._notify("track_unpublished")

    def _notify(self, event: str, reason: Reason = Reason.UNKNOWN) -> None:
        self._context.webhooks.send(event, self.identity, self.sid, reason)

    def _send(self, message: msgspec.Struct) -> None:
        if self.connection is not None:
            self.connection.send_down(message)
