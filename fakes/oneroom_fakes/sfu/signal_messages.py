"""What travels on the signalling connection: the messages of LiveKit's `livekit_rtc.proto` that
matter here, and the handshake.

Rules: values only. A request is named as in the protocol; fields that nobody in the fake reads are
left out.
"""

from __future__ import annotations

import enum

import msgspec

from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom_fakes.sfu.peer_connection import PeerConnection


class LeaveAction(enum.IntEnum):
    """`LeaveRequest.Action`: what the server wants the client to do now."""

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
    """The client opens a TCP connection."""


class TcpSynAck(msgspec.Struct, frozen=True):
    """The server has accepted it."""


class JoinRequest(msgspec.Struct, frozen=True):
    """WebSocket upgrade with `reconnect=0`. `link` stands for the peer connection that the client
    offers.
    """

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
    """The upgrade was answered with an HTTP error."""

    status: int


class JoinResponse(msgspec.Struct, frozen=True):
    """The session exists; `others` are the participants that were there before."""

    identity: str
    sid: str
    others: tuple[ParticipantInfo, ...]


class ReconnectResponse(msgspec.Struct, frozen=True):
    """The connection is attached to a session; `participants` is the whole roster, the client
    itself included.
    """

    participants: tuple[ParticipantInfo, ...]


class SdpAnswer(msgspec.Struct, frozen=True):
    """The client's SDP answer: ICE starts."""


class AddTrackRequest(msgspec.Struct, frozen=True):
    """The client is going to publish `source`, which it calls `cid`."""

    cid: int
    source: Source
    muted: bool


class TrackPublishedResponse(msgspec.Struct, frozen=True):
    """The server's name for the track that the client calls `cid`."""

    cid: int
    sid: str


class RemoveTrack(msgspec.Struct, frozen=True):
    """A new offer without this track."""

    sid: str


class MuteTrackRequest(msgspec.Struct, frozen=True):
    """Either side: a published track is muted or unmuted."""

    sid: str
    muted: bool


class TrackUnpublishedResponse(msgspec.Struct, frozen=True):
    """The server has taken the client's track away."""

    sid: str


class SimulateScenario(msgspec.Struct, frozen=True):
    """`SimulateScenario`, by the name of the SDK's `SimulateScenarioKind`."""

    scenario: str


class SyncState(msgspec.Struct, frozen=True):
    """First thing after a resume: the tracks that the client believes to have published."""

    tracks: tuple[TrackInfo, ...]


class ParticipantUpdate(msgspec.Struct, frozen=True):
    """News about other participants."""

    participants: tuple[ParticipantInfo, ...]


class SpeakersChanged(msgspec.Struct, frozen=True):
    """Who has begun to speak, and who has stopped: (sid, speaks)."""

    changes: tuple[tuple[str, bool], ...]


class LeaveRequest(msgspec.Struct, frozen=True):
    """Either side: this session is over, or shall be resumed or restarted."""

    reason: Reason
    action: LeaveAction = LeaveAction.DISCONNECT
