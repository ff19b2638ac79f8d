"""Free ports on the loopback interface.

Rules: 127.0.0.1 alone. Numbers are chosen before the server starts and pinned, for two reasons:
LiveKit advertises its own ICE ports to clients, so those inside a container must equal the
published ones; and an engine that is left to choose picks other ones after every restart (docker.io
20.10, seen).
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class ServerPorts:
    """`http` is TCP: signalling and API. ICE goes over `ice_udp`, and over `ice_tcp` where UDP does
    not get through.
    """

    http: int
    ice_tcp: int
    ice_udp: int


def free_ports() -> ServerPorts:
    """Three ports that nobody listens on now. Somebody may be faster before they are used: then
    choose again.
    """
    with ExitStack() as held:
        # All at once, or the second could be the first again.
        kinds = (socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM)
        return ServerPorts(*[_bound(held, kind) for kind in kinds])


def _bound(held: ExitStack, kind: socket.SocketKind) -> int:
    one = held.enter_context(socket.socket(socket.AF_INET, kind))
    one.bind((LOOPBACK, 0))
    port: int = one.getsockname()[1]
    return port
