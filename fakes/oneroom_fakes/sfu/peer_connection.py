"""A peer connection: the client's transport, the server's transport, and whether packets pass
between them.

Rules: no timers. A client whose machine has changed its network needs an ICE restart. One whose
checks are not answered has lost its connection (RFC 7675) even if it hears the server; a server has
not while it hears its client (pion/ice). Media does not run in the page's event loop, so freezing
or stalling the page changes nothing here (Chromium 156, seen: 50 packets/s for 50 s of freeze);
stopping its process does.
"""

from __future__ import annotations

from typing import Protocol

from oneroom_fakes.network import NetworkPath


class ServerPeer(Protocol):
    """The session that owns the server's transport."""

    def media_changed(self) -> None:
        """Packets may have begun or ceased to arrive."""

    def client_gone(self, leave_under_way: bool) -> None:
        """The client is gone for good. The server cannot know that: only the omniscient observer is
        told.
        """


class ClientPeer(Protocol):
    """The owner of the client's transport."""

    def media_changed(self) -> None:
        """Packets may have begun or ceased to arrive. Called outside the page's event loop."""


class PeerConnection:
    """The peer connection of one join. Each end asks whether packets of the other arrive, and is
    told when that may have changed.
    """

    def __init__(self, path: NetworkPath) -> None:
        self.connected = False  # ICE has succeeded once
        self.client_open = True
        self.server_open = True
        self.client_running = True
        # The server's transport is in the state `failed`: only an ICE restart, so a resume,
        # reconnects it.
        self.server_failed = False
        self.forwards = True  # the server sends what it has of others
        self._path = path
        self._network = path.network  # on which ICE has succeeded last
        self._server: ServerPeer | None = None
        self._client: ClientPeer | None = None

    @property
    def path(self) -> NetworkPath:
        """The network path under it."""
        return self._path

    def can_flow(self) -> bool:
        """True if packets would pass both ways, so that ICE succeeds if it is begun now."""
        return self._path.media_up and self._is_there()

    def heard_by_server(self) -> bool:
        """True if packets of the client arrive at the server."""
        return self._path.uplink and self._is_connected() and self._is_there()

    def heard_by_client(self) -> bool:
        """True if the packets of others, which the server sends, arrive at the client."""
        return (
            self.forwards
            and self._path.downlink
            and self._path.server_running
            and self._is_connected()
            and self._is_there()
        )

    def answered_by_server(self) -> bool:
        """True if the client's checks are answered, or its process is stopped and does not notice
        that they are not.
        """
        path = self._path
        carries = path.media_up and path.plugged and path.server_running
        return carries and self._is_connected() and self.server_open

    def attach_server(self, server: ServerPeer) -> None:
        """The server has made a session for this join."""
        self._server = server
        self._path.listen(self.changed)

    def attach_client(self, client: ClientPeer) -> None:
        """The client has made its transport."""
        self._client = client

    def detach_client(self) -> None:
        """Report nothing to the client any more."""
        self._client = None

    def connect(self) -> None:
        """ICE succeeds, for the first time or after a restart."""
        self.connected = True
        self.server_failed = False
        self._network = self._path.network
        self.changed()

    def fail_server(self) -> None:
        """The server's transport fails."""
        self.server_failed = True
        self.changed()

    def close_client(self) -> None:
        """The client closes its transport; the server notices only that packets cease."""
        if self.client_open:
            self.client_open = False
            self._client = None
            self.changed()
            self._forget_path()

    def close_server(self) -> None:
        """The server closes its transport; the client notices by a Leave, or that packets cease."""
        if self.server_open:
            self.server_open = False
            self._server = None
            self.changed()
            self._forget_path()

    def run_client(self, running: bool) -> None:
        """The client's process was stopped or continued."""
        self.client_running = running
        self.changed()

    def client_gone(self, leave_under_way: bool) -> None:
        """The client is gone for good; `leave_under_way` says that a Leave is on its way to the
        server.
        """
        if self._server is not None:
            self._server.client_gone(leave_under_way)

    def changed(self) -> None:
        """Tell both ends that packets may have begun or ceased to arrive."""
        if self._server is not None:
            self._server.media_changed()
        if self._client is not None:
            self._client.media_changed()

    def _is_connected(self) -> bool:
        return self.connected and not self.server_failed and self._network == self._path.network

    def _is_there(self) -> bool:
        return self._path.plugged and self.client_open and self.server_open and self.client_running

    def _forget_path(self) -> None:
        if not self.client_open and not self.server_open:
            self._path.unlisten(self.changed)
