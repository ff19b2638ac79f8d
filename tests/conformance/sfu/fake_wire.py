"""A bare connection to the fake: its messages, without an SDK."""

from __future__ import annotations

from typing import Any

from oneroom.core.state import Source
from oneroom_fakes.network import Closed, NetworkPath, TcpConnection
from oneroom_fakes.sfu.peer_connection import PeerConnection
from oneroom_fakes.sfu.signal_messages import (
    JoinRequest,
    JoinResponse,
    LeaveRequest,
    ReconnectResponse,
    ResumeRequest,
    SyncState,
    TcpSyn,
    TcpSynAck,
    TrackInfo,
    UpgradeRefused,
)
from oneroom_fakes.tokens import Claims, mint
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, DELAY_LOW_US, ROOM, Rig

WINDOW = "wire"


class FakeWire:
    """`tests.conformance.sfu.server_rig.Wire`."""

    def __init__(self, rig: Rig, identity: str, resume: str, ttl_us: int) -> None:
        self._heard: list[str] = []
        self._closed = 0
        self._refused = 0
        path = NetworkPath(rig.scheduler, rig.choices, DELAY_LOW_US, DELAY_HIGH_US)
        token = mint(Claims(identity, ROOM, rig.now_us + ttl_us))
        link = PeerConnection(path)
        self._request = (
            ResumeRequest(WINDOW, token, resume, link)
            if resume
            else JoinRequest(WINDOW, token, link)
        )
        self._connection = TcpConnection(path, self._arrived)
        rig.sfu.accept(self._connection)
        self._connection.send_up(TcpSyn())

    def _arrived(self, message: Any) -> None:
        match message:
            case TcpSynAck():
                self._connection.send_up(self._request)
            case JoinResponse():
                self._heard.append("join")
            case ReconnectResponse():
                self._heard.append("reconnect")
            case LeaveRequest():
                self._heard.append(f"leave {message.reason.name} {message.action.name}")
            case UpgradeRefused():
                self._refused = message.status
            case Closed():
                self._closed = 0 if self._refused else message.code

    def heard(self) -> list[str]:
        return self._heard

    def closed(self) -> int:
        return self._closed

    def refused(self) -> int:
        return self._refused

    def claim(self, track_sid: str) -> None:
        track = TrackInfo(Source.MICROPHONE, track_sid, muted=False)
        self._connection.send_up(SyncState((track,)))

    def hang_up(self) -> None:
        self._connection.close_client()
