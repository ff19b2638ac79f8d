"""Messages of the signalling connection: those of LiveKit's `livekit_rtc.proto` that matter here,
and the handshake.

Rules: values only. A message is named as in the protocol; fields that the fake does not read are
left out.
"""

from __future__ import annotations

import enum

import msgspec

from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom_fakes.sfu.peer_connection import PeerConnection


class LeaveAction(enum.IntEnum):
    """`LeaveRequest.Action`: the next step that the server asks of the client."""

    DISCONNECT = 0
    RESUME = 1
    RECONNECT = 2


class ParticipantState(enum.IntEnum):
    """`ParticipantInfo.State`."""

    JOINED = 1
    ACTIVE = 2
    DISCONNECTED = 3


class TrackInfo(msgspec.Struct, frozen=True):
    """One published track, as others are told about it."""

    source: Source
    sid: str
    muted: bool


class ParticipantInfo(msgspec.Struct, frozen=True):
    """One session, as others are told about it. `serial` orders the sessions of one identity by
    age.
    """

    identity: str
    sid: str
    serial: int
    state: ParticipantState
    is_publisher: bool
    tracks: tuple[TrackInfo, ...]


class TcpSyn(msgspec.Struct, frozen=True):
    """SYN: the client opens a TCP connection."""


class TcpSynAck(msgspec.Struct, frozen=True):
    """SYN-ACK: the server has accepted the connection."""


class JoinRequest(msgspec.Struct, frozen=True):
    """WebSocket upgrade with `reconnect=0`; `peer_connection` stands for the client's SDP offer."""

    window: str
    token: str
    peer_connection: PeerConnection


class ResumeRequest(msgspec.Struct, frozen=True):
    """WebSocket upgrade with `reconnect=1`. The server reads `sid` and never compares it
    (roommanager.go).
    """

    window: str
    token: str
    sid: str
    peer_connection: PeerConnection


class UpgradeRefused(msgspec.Struct, frozen=True):
    """The upgrade was answered with the HTTP error `status`."""

    status: int


class JoinResponse(msgspec.Struct, frozen=True):
    """A session has been created; `others` are the participants that joined before."""

    identity: str
    sid: str
    others: tuple[ParticipantInfo, ...]


class ReconnectResponse(msgspec.Struct, frozen=True):
    """The connection is attached to a session; `participants` are all in the room, the client
    included.
    """

    participants: tuple[ParticipantInfo, ...]


class SdpAnswer(msgspec.Struct, frozen=True):
    """The client's SDP answer: ICE starts."""


class AddTrackRequest(msgspec.Struct, frozen=True):
    """The client is going to publish `source` under its own id `cid`."""

    cid: int
    source: Source
    muted: bool


class TrackPublishedResponse(msgspec.Struct, frozen=True):
    """The server's `sid` for the track that the client announced as `cid`."""

    cid: int
    sid: str


class RemoveTrack(msgspec.Struct, frozen=True):
    """The client's new SDP offer is without this track."""

    sid: str


class SdpOffer(msgspec.Struct, frozen=True):
    """A whole new SDP offer of the client: it publishes the tracks `sids`, and no other."""

    sids: tuple[str, ...]


class MuteTrackRequest(msgspec.Struct, frozen=True):
    """From either side: a published track was muted or unmuted."""

    sid: str
    muted: bool


class TrackUnpublishedResponse(msgspec.Struct, frozen=True):
    """The server has unpublished a track of the client."""

    sid: str


class PermissionUpdate(msgspec.Struct, frozen=True):
    """The part of a `ParticipantUpdate` that is about the client itself, and the token that comes
    with it: it may publish `sources`.
    """

    sources: tuple[Source, ...]


class SimulateScenario(msgspec.Struct, frozen=True):
    """`SimulateScenario`, by the name of the SDK's `SimulateScenarioKind`."""

    scenario: str


class SyncState(msgspec.Struct, frozen=True):
    """First message after a resume: the tracks that the client considers published."""

    tracks: tuple[TrackInfo, ...]


class ParticipantUpdate(msgspec.Struct, frozen=True):
    """Changes of other participants."""

    participants: tuple[ParticipantInfo, ...]


class SpeakersChanged(msgspec.Struct, frozen=True):
    """Changes of active speakers: (sid, speaks)."""

    changes: tuple[tuple[str, bool], ...]


class LeaveRequest(msgspec.Struct, frozen=True):
    """From either side: the session is over, or is to be resumed or restarted."""

    reason: Reason
    action: LeaveAction = LeaveAction.DISCONNECT
