"""A peer connection: the pair of a client's transport and the server's, and whether packets get
through.

Rules: it knows no timers. Media does not live in the page's event loop, so freezing or stalling the
page changes nothing here (Chromium 156, seen: 50 packets/s for 50 s of freeze); stopping its
process does.
"""

from __future__ import annotations

from typing import Protocol

from oneroom_fakes.network import NetworkPath


class ServerPeer(Protocol):
    """The session that owns the server's transport."""

    def media_changed(self) -> None:
        """What is heard may have changed."""

    def client_gone(self, leave_under_way: bool) -> None:
        """Nobody runs the client any more. The server cannot know that: only the omniscient
        observer is told.
        """


class ClientPeer(Protocol):
    """The engine that owns the client's transport."""

    def media_changed(self) -> None:
        """What is heard may have changed. Called outside the page: media does not live there."""


class PeerConnection:
    """One join's peer connection. Each end asks whether it hears the other, and is told when that
    may have changed.
    """

    def __init__(self, path: NetworkPath) -> None:
        self.connected = False  # ICE has succeeded once
        self.client_open = True
        self.server_open = True
        self.client_running = True
        # The server's transport is in the state `failed`: only an ICE restart, so a resume, brings
        # it back.
        self.server_failed = False
        self._path = path
        self._server: ServerPeer | None = None
        self._client: ClientPeer | None = None

    @property
    def path(self) -> NetworkPath:
        """The network under it."""
        return self._path

    def can_flow(self) -> bool:
        """Packets could pass now, if both ends wanted to."""
        path = self._path
        return (
            path.media_up
            and path.plugged
            and self.client_open
            and self.server_open
            and self.client_running
        )

    def heard_by_server(self) -> bool:
        """The server gets packets."""
        return self.connected and not self.server_failed and self.can_flow()

    def heard_by_client(self) -> bool:
        """The client gets packets. A stopped process hears nothing, and does not notice that it
        does not.
        """
        path = self._path
        carries = path.media_up and path.plugged and path.server_running
        return self.connected and not self.server_failed and carries and self.server_open

    def attach_server(self, server: ServerPeer) -> None:
        """The server has made a session for this join."""
        self._server = server
        self._path.listen(self.changed)

    def attach_client(self, client: ClientPeer) -> None:
        """The engine that joins."""
        self._client = client

    def detach_client(self) -> None:
        """Nobody listens at the client's end any more."""
        self._client = None

    def connect(self) -> None:
        """ICE succeeds, for the first time or after a restart."""
        self.connected = True
        self.server_failed = False
        self.changed()

    def fail_server(self) -> None:
        """The server's transport gives up."""
        self.server_failed = True
        self.changed()

    def close_client(self) -> None:
        """The client closes its peer connection; the server notices by silence alone."""
        if self.client_open:
            self.client_open = False
            self._client = None
            self.changed()
            self._forget_path()

    def close_server(self) -> None:
        """The server closes its transport; the client notices by silence, or by a Leave."""
        if self.server_open:
            self.server_open = False
            self._server = None
            self.changed()
            self._forget_path()

    def run_client(self, running: bool) -> None:
        """The client's process stops or goes on."""
        self.client_running = running
        self.changed()

    def client_gone(self, leave_under_way: bool) -> None:
        """The client will never act again; `leave_under_way` says that the server is about to hear
        of it.
        """
        if self._server is not None:
            self._server.client_gone(leave_under_way)

    def changed(self) -> None:
        """Tell both ends to look again."""
        if self._server is not None:
            self._server.media_changed()
        if self._client is not None:
            self._client.media_changed()

    def _forget_path(self) -> None:
        if not self.client_open and not self.server_open:
            self._path.unlisten(self.changed)
