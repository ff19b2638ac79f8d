"""The client's end of a media link, as the page hears of it: `connectionstatechange` of an
RTCPeerConnection.

Rules: the connection lives outside the page and changes state whatever the page does; the page
hears of it when it runs.
"""

from __future__ import annotations

from typing import Protocol

from oneroom.ports.page import TaskSource
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.media import MediaLink


class PeerUser(Protocol):
    """Who owns a peer connection. Called in a task of the page."""

    def media_connected(self, peer: Peer) -> None:
        """State `connected`, for the first time or again."""

    def media_failed(self, peer: Peer) -> None:
        """State `failed`: silence for too long. Only an ICE restart brings it back."""


class Peer:
    """One RTCPeerConnection."""

    def __init__(self, context: ClientContext, user: PeerUser) -> None:
        self.link = MediaLink(context.path)
        self._context = context
        self._user = user
        self._hears = False
        self._changes = 0  # a timer or task of an older change is void
        self.link.attach_client(self)

    def is_connected(self) -> bool:
        """Packets get through, both ways as far as anyone here can tell."""
        return self.link.heard_by_client()

    def media_changed(self) -> None:
        """See `oneroom_fakes.sfu.media.ClientEnd`."""
        hears = self.link.heard_by_client()
        if hears == self._hears:
            return
        self._hears = hears
        self._changes += 1
        if hears:
            self._context.page.run(TaskSource.NETWORK, self._connected, self._changes)
        else:
            self._context.scheduler.after(
                self._context.timers.media_failed_us, self._silent, self._changes
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
