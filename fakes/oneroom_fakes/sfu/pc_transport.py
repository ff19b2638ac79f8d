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
        self._seems_connected = False  # to an SDK that ignores silence
        self._restarted = False  # ICE, since the silence began
        self._silent_since_us = 0
        self._stopped_at_us = -1  # the process stands still since; -1: it runs
        self._changes = 0  # a timer or task of an older change is void
        self.peer_connection.attach_client(self)

    def is_connected(self) -> bool:
        """True if a reconnect may be over, as far as media goes."""
        if self._context.sdk.ignores_silence:
            return self._seems_connected
        silent_us = self._context.scheduler.now_us - self._silent_since_us
        is_short = self._seems_connected and silent_us < self._context.sdk.disconnected_us
        return self._answered or is_short

    def restart_ice(self) -> None:
        """A resume restarts ICE, and so the time-out of a silent connection. The second restart of
        one silence is seen in its state (livekit-client, seen).
        """
        if self._answered:
            return
        if self._restarted:
            self._seems_connected = False
        self._restarted = True
        self._wait_for_answers(self._context.sdk.ice_restart_failed_us)

    def media_changed(self) -> None:
        """See `oneroom_fakes.sfu.peer_connection.ClientEnd`."""
        stopped_us = self._stood_still_us()
        answered = self.peer_connection.answered_by_server()
        if not answered and stopped_us >= self._context.sdk.media_failed_us:
            # The last packet is that old.
            self._seems_connected = False
        if answered == self._answered:
            return
        self._answered = answered
        if answered:
            self._changes += 1
            self._seems_connected = True
            self._restarted = False
            self._context.page.run(TaskSource.NETWORK, self._connected, self._changes)
        else:
            self._silent_since_us = self._context.scheduler.now_us
            self._wait_for_answers(self._context.sdk.media_failed_us)

    def _stood_still_us(self) -> int:
        """For how long the process has been stopped, when it runs again; otherwise 0."""
        now_us = self._context.scheduler.now_us
        since_us = self._stopped_at_us
        if not self.peer_connection.client_running:
            self._stopped_at_us = now_us if since_us < 0 else since_us
            return 0
        self._stopped_at_us = -1
        return now_us - since_us if since_us >= 0 else 0

    def _wait_for_answers(self, limit_us: int) -> None:
        self._changes += 1
        self._context.scheduler.after(limit_us, self._silent, self._changes)

    def _silent(self, changes: int) -> None:
        if changes == self._changes:
            self._seems_connected = False
            self._context.page.run(TaskSource.NETWORK, self._failed, changes)

    def _connected(self, changes: int) -> None:
        if changes == self._changes:
            self._user.media_connected(self)

    def _failed(self, changes: int) -> None:
        if changes == self._changes:
            self._user.media_failed(self)
