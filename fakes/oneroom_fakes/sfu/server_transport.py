"""The server's transport of one session: ICE, and the time-outs of a client whose packets cease
(LiveKit v1.13.5 rtc/transport.go, participant.go).

Without packets for `media_failed_us` the transport fails and the client is told to resume;
`ghost_after_failure_us` later the session is removed. A resume asks for an ICE restart, which
begins both anew.
"""

from __future__ import annotations

from typing import Protocol

from oneroom.choices.labels import Label
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.peer_connection import PeerConnection


class ServerTransportListener(Protocol):
    """The session that owns a transport."""

    def ice_connected(self) -> None:
        """ICE has succeeded for the first time."""

    def media_arrives(self) -> None:
        """Packets of the client arrive, for the first time or again."""

    def media_failed(self) -> None:
        """No packets for `media_failed_us`: the transport has failed."""

    def ghost_due(self) -> None:
        """No restart within `ghost_after_failure_us` after that."""


class ServerTransport:
    """One transport. It does nothing before `answered` and after `close`."""

    def __init__(
        self,
        context: ServerContext,
        peer_connection: PeerConnection,
        listener: ServerTransportListener,
    ) -> None:
        self.has_answer = False
        self._context = context
        self._peer_connection = peer_connection
        self._listener: ServerTransportListener | None = listener
        self._checking = False  # ICE is on its way to success
        self._restarting = False  # a resume has asked for an ICE restart
        self._hears = False
        self._silence = 0  # numbers the silences: a timer of an older one is void

    def answered(self) -> None:
        """The client's SDP answer has arrived: ICE may start."""
        self.has_answer = True

    def restart(self, ice: bool) -> None:
        """A resume begins the time-outs anew, whatever is heard (seen: still listed at 30 s);
        `ice` says that its client restarts ICE on this peer connection.
        """
        self._restarting = ice
        self._wait_for_media()

    def close(self) -> None:
        """The session is over: report nothing more."""
        self._listener = None
        self._silence += 1

    def update(self) -> None:
        """Look whether packets arrive: that may have changed."""
        self._check_ice()
        hears = self._peer_connection.heard_by_server()
        if self._listener is not None and hears != self._hears:
            self._hears = hears
            if hears:
                self._silence += 1
                self._restarting = False
                self._listener.media_arrives()
            elif not self._peer_connection.server_failed:
                self._wait_for_media()

    def _check_ice(self) -> None:
        wanted = self._restarting if self._peer_connection.connected else self.has_answer
        if wanted and not self._checking and self._peer_connection.can_flow():
            self._checking = True
            timers = self._context.timers
            delay_us = self._context.choices.between(
                Label.MEDIA_DELAY, timers.media_connect_low_us, timers.media_connect_high_us
            )
            self._context.scheduler.after(delay_us, self._ice_checked, None)

    def _ice_checked(self, _: None) -> None:
        self._checking = False
        if self._listener is None or not self._peer_connection.can_flow():
            return
        if self._peer_connection.connected:
            self._peer_connection.connect()
        else:
            self._listener.ice_connected()

    def _wait_for_media(self) -> None:
        self._silence += 1
        self._hears = False
        self._context.scheduler.after(
            self._context.timers.media_failed_us, self._media_failed, self._silence
        )

    def _media_failed(self, silence: int) -> None:
        if silence == self._silence and self._listener is not None:
            self._peer_connection.fail_server()
            self._listener.media_failed()
            self._context.scheduler.after(
                self._context.timers.ghost_after_failure_us, self._ghost_due, silence
            )

    def _ghost_due(self, silence: int) -> None:
        if silence == self._silence and self._listener is not None:
            self._listener.ghost_due()
