"""The client's end of a peer connection: an RTCPeerConnection and its `connectionstatechange`
(client-sdk-js, PCTransport.ts).

Rules: the connection lives outside the page and changes state whatever the page does; the page is
told when it runs.
"""

from __future__ import annotations

from typing import Protocol

from oneroom.ports.page import TaskSource
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.peer_connection import PeerConnection


class TransportListener(Protocol):
    """The SDK client that owns a transport. It is called in a task of the page."""

    def media_connected(self, transport: PCTransport) -> None:
        """State `connected`, for the first time or again."""

    def media_failed(self, transport: PCTransport) -> None:
        """State `failed`: no answers for `media_failed_us`. Only an ICE restart reconnects it."""


class PCTransport:
    """One RTCPeerConnection."""

    def __init__(self, context: ClientContext, user: TransportListener) -> None:
        self.peer_connection = PeerConnection(context.path)
        self._context = context
        self._user = user
        self._answered = False
        self._changes = 0  # a timer or task of an older change is void
        self.peer_connection.attach_client(self)

    def is_connected(self) -> bool:
        """True if the server answers."""
        return self.peer_connection.answered_by_server()

    def media_changed(self) -> None:
        """See `oneroom_fakes.sfu.peer_connection.ClientEnd`."""
        answered = self.peer_connection.answered_by_server()
        if answered == self._answered:
            return
        self._answered = answered
        self._changes += 1
        if answered:
            self._context.page.run(TaskSource.NETWORK, self._connected, self._changes)
        else:
            self._context.scheduler.after(
                self._context.sdk.media_failed_us, self._silent, self._changes
            )

    def _silent(self, changes: int) -> None:
        if changes == self._changes:
            self._context.page.run(TaskSource.NETWORK, self._failed, changes)

    def _connected(self, changes: int) -> None:
        if changes == self._changes:
            self._user.media_connected(self)

    def _failed(self, changes: int) -> None:
        if changes == self._changes:
            self._user.media_failed(self)
