"""Rewriting of ICE candidates in LiveKit's signalling, so that media goes through a relay.

Rules: frames are `SignalResponse` (down) and `SignalRequest` (up) of livekit_rtc.proto. Every UDP
address of the server is replaced by the relay's; TCP candidates are removed, because nothing relays
them. The client's own candidates are removed, so the server answers the address that sends to it,
which is the relay (a peer-reflexive candidate, RFC 8445, 7.3.1.3). Observed with LiveKit v1.13.5:
media then flows through the relay alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from livekit.protocol import rtc

from oneroom.live.server.free_ports import LOOPBACK

# From the server's address and port to the port on 127.0.0.1 that stands for it.
Relay = Callable[[tuple[str, int]], int]

_LINE = "a=candidate:"
# Fields of a candidate line (RFC 8839, 5.1): foundation, component, transport, priority, address,
# port, ...
_TRANSPORT, _ADDRESS, _PORT = 2, 4, 5


def to_client(frame: bytes, relay: Relay) -> bytes | None:
    """`frame` with the relay's addresses for the server's; None if nothing is left of it."""
    message = rtc.SignalResponse()
    message.ParseFromString(frame)
    kind = message.WhichOneof("message")
    if kind == "trickle":
        init = json.loads(message.trickle.candidateInit)
        relayed = _relayed(init["candidate"], relay)
        if relayed is None:
            return None
        message.trickle.candidateInit = json.dumps({**init, "candidate": relayed})
    elif kind in ("offer", "answer"):
        description = getattr(message, kind)
        description.sdp = _lines(description.sdp, lambda candidate: _relayed(candidate, relay))
    else:
        return frame
    changed: bytes = message.SerializeToString()
    return changed


def session_begun(frame: bytes) -> str | None:
    """The sid of the session that a frame of the server begins, "" if it resumes one, else None."""
    message = rtc.SignalResponse()
    message.ParseFromString(frame)
    kind = message.WhichOneof("message")
    if kind == "join":
        sid: str = message.join.participant.sid
        return sid
    return "" if kind == "reconnect" else None


def to_server(frame: bytes) -> bytes | None:
    """`frame` without the client's own addresses; None if nothing is left of it."""
    message = rtc.SignalRequest()
    message.ParseFromString(frame)
    kind = message.WhichOneof("message")
    if kind == "trickle":
        return None
    if kind not in ("offer", "answer"):
        return frame
    description = getattr(message, kind)
    description.sdp = _lines(description.sdp, lambda _: None)
    changed: bytes = message.SerializeToString()
    return changed


def _lines(sdp: str, change: Callable[[str], str | None]) -> str:
    kept = []
    for line in sdp.splitlines(keepends=True):
        candidate = line.removeprefix("a=").rstrip("\r\n")
        if not line.startswith(_LINE):
            kept.append(line)
        elif (changed := change(candidate)) is not None:
            kept.append(f"a={changed}\r\n")
    return "".join(kept)


def _relayed(candidate: str, relay: Relay) -> str | None:
    fields = candidate.split()
    # An empty candidate says that there are no more.
    if not fields:
        return candidate
    if fields[_TRANSPORT].lower() != "udp":
        return None
    port = relay((fields[_ADDRESS], int(fields[_PORT])))
    fields[_ADDRESS], fields[_PORT] = LOOPBACK, str(port)
    return " ".join(fields)
