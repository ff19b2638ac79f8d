"""Free ports on the loopback interface.

Rules: 127.0.0.1 alone. Ports are chosen before the server starts and pinned, for two reasons:
LiveKit advertises its own ICE ports to clients, so those inside a container must equal the
published ones; and an engine that chooses itself picks other ones after every restart (observed
with docker.io 20.10).
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class ServerPorts:
    """The ports of one server.

    `http` is TCP, for signalling and API. ICE uses `ice_udp`, and `ice_tcp` where UDP is blocked.
    """

    http: int
    ice_tcp: int
    ice_udp: int


def free_ports() -> ServerPorts:
    """Three ports that are free now.

    Another process may take one before it is used: then choose again.
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
