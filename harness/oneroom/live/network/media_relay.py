"""Media between one client and the server: a UDP relay on 127.0.0.1 that can drop everything.

Rules: one socket for each address of the server, which the client sends to; one for each address of
the client, which the server answers to. While a direction is cut, its packets vanish without an
error, as on a dead link; so do those of an address that the client had on another network. It runs
for every packet of every call, so it uses sockets and callbacks, no tasks.
"""

from __future__ import annotations

import asyncio
import socket

from oneroom.live.server.free_ports import LOOPBACK

_DATAGRAM = 65_536
# Packets handled per wake-up, so that other sockets get their turn.
_BATCH = 32

Address = tuple[str, int]


class MediaRelay:
    """The UDP paths of one client. `uplink` (to the server) and `downlink` are checked for every
    packet: if False, it is dropped.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.uplink = True
        self.downlink = True
        self.loop = loop
        self._relay_sockets: dict[Address, _RelaySocket] = {}

    def port(self, server: Address) -> int:
        """The port on 127.0.0.1 that stands for `server`."""
        if server not in self._relay_sockets:
            self._relay_sockets[server] = _RelaySocket(self, server)
        return self._relay_sockets[server].port

    def change_network(self) -> None:
        """Drop the packets of all present addresses of the client, for ever."""
        for relay_socket in self._relay_sockets.values():
            relay_socket.change_network()

    def close(self) -> None:
        """Free all ports."""
        for relay_socket in self._relay_sockets.values():
            relay_socket.close()
        self._relay_sockets.clear()


class _RelaySocket:
    """The relay's socket for one address of the server."""

    def __init__(self, relay: MediaRelay, server: Address) -> None:
        self._relay = relay
        self._server = server
        self._backs: dict[Address, socket.socket] = {}
        self._gone: set[Address] = set()
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.setblocking(False)
        self._front.bind((LOOPBACK, 0))
        self.port: int = self._front.getsockname()[1]
        relay.loop.add_reader(self._front, self._from_client)

    def close(self) -> None:
        for one in (self._front, *self._backs.values()):
            self._relay.loop.remove_reader(one)
            one.close()
        self._backs.clear()

    def change_network(self) -> None:
        for source, back in self._backs.items():
            self._gone.add(source)
            self._relay.loop.remove_reader(back)
            back.close()
        self._backs.clear()

    def _from_client(self) -> None:
        for _ in range(_BATCH):
            try:
                packet, source = self._front.recvfrom(_DATAGRAM)
            except OSError:
                return
            if self._relay.uplink and source not in self._gone:
                back = self._backs.get(source) or self._back(source)
                _send(back, packet)

    def _back(self, source: Address) -> socket.socket:
        back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        back.setblocking(False)
        back.connect(self._server)
        self._backs[source] = back
        self._relay.loop.add_reader(back, self._from_server, back, source)
        return back

    def _from_server(self, back: socket.socket, source: Address) -> None:
        for _ in range(_BATCH):
            try:
                packet = back.recv(_DATAGRAM)
            except OSError:
                # Nothing more, or the server's port is closed: it is down.
                return
            if self._relay.downlink:
                try:
                    self._front.sendto(packet, source)
                except OSError:
                    continue


def _send(back: socket.socket, packet: bytes) -> None:
    try:
        back.send(packet)
    except OSError:
        # A full buffer or a closed port loses packets on a real network too.
        return
