"""One WebSocket of one SDK client, from its TCP handshake to its close (client-sdk-js,
SignalClient.ts).

Rules: script of the SDK runs as tasks of the page, so it waits while the page is frozen, stalled or
stopped. The handshake does not: it is the browser's, and goes on while the page is frozen. A signal
that was closed says nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from oneroom.core.reasons import Reason
from oneroom.ports.page import TaskSource
from oneroom_fakes.network import Closed, TcpConnection
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.signal_messages import (
    JoinRequest,
    JoinResponse,
    LeaveRequest,
    ReconnectResponse,
    ResumeRequest,
    TcpSyn,
    TcpSynAck,
    UpgradeRefused,
)


class SignalListener(Protocol):
    """Who owns a signal. Everything is called in a task of the page."""

    def answered(self, signal: SignalClient, response: JoinResponse | ReconnectResponse) -> None:
        """The server has accepted the request."""

    def refused(self, signal: SignalClient) -> None:
        """The token is not good (HTTP 401). The signal is closed."""

    def unreachable(self, signal: SignalClient) -> None:
        """No first message: connection refused, broken, or timed out. The signal is closed."""

    def received(self, signal: SignalClient, message: Any) -> None:
        """A message after the answer, or a Leave in its place."""

    def severed(self, signal: SignalClient) -> None:
        """The connection broke, or pings went unanswered. The signal is closed."""


class SignalClient:
    """See the top of this file. It is opened by its constructor."""

    def __init__(
        self,
        context: ClientContext,
        user: SignalListener,
        accept: Callable[[TcpConnection], None],
        request: JoinRequest | ResumeRequest,
    ) -> None:
        self._context = context
        self._user = user
        self._request = request
        self._answered = False
        self._closed = False
        self._answered_at_us = 0
        self._was_up = self._talks()
        self._cut_at_us = 0
        self._cuts = 0
        self._connection = TcpConnection(context.path, self._arrived)
        accept(self._connection)
        self._connection.send_up(TcpSyn())
        context.page.after(context.timers.first_response_us, self._first_response_due, None)
        context.path.listen(self._path_changed)

    def is_open(self) -> bool:
        """The server has answered, and nothing has broken since, as far as the client knows."""
        return self._answered and not self._closed

    def heard_until_us(self) -> int:
        """Up to when messages of the server can have arrived; 0 if it never answered."""
        if not self._answered:
            return 0
        return self._context.scheduler.now_us if self._was_up else self._cut_at_us

    def send(self, message: msgspec.Struct) -> None:
        """Write to the open socket. During a cut the message waits in it, and is lost with it."""
        if self.is_open():
            self._connection.send_up(message)

    def leave(self, closed: Callable[[Reason], None] | None = None) -> bool:
        """Say goodbye if the network is up, and close. Returns whether a Leave is on its way."""
        leaving = (
            self.is_open() and self._context.path.carries_signal and self._connection.server_open
        )
        if leaving:
            self.send(LeaveRequest(Reason.CLIENT_INITIATED))
        self.close(closed)
        return leaving

    def close(self, closed: Callable[[Reason], None] | None = None) -> None:
        """`close()`; before the handshake is through, that aborts it, and the request never
        arrives. `closed` is called in a task of the page when the server has answered.
        """
        if self._closed:
            return
        self._forget()
        if self._answered:
            page = self._context.page
            self._connection.close_client(
                closed and (lambda _: page.run(TaskSource.NETWORK, closed, Reason.CLIENT_INITIATED))
            )
        else:
            self._connection.abort_client()

    def killed(self) -> None:
        """The process is gone; the kernel closes the socket, after what was already written."""
        self._forget()
        self._connection.close_client()

    def _arrived(self, message: Any) -> None:
        if isinstance(message, TcpSynAck) and not self._context.page.stopped():
            self._connection.send_up(self._request)
        else:
            self._context.page.run(TaskSource.NETWORK, self._handle, message)

    def _handle(self, message: Any) -> None:
        if self._closed:
            return
        match message:
            case TcpSynAck():
                self._connection.send_up(self._request)
            case Closed():
                self._break()
            case UpgradeRefused():
                self.close()
                self._user.refused(self)
            case JoinResponse() | ReconnectResponse():
                self._answered = True
                self._answered_at_us = self._context.scheduler.now_us
                self._watch_pings()
                self._user.answered(self, message)
            case _:
                self._user.received(self, message)

    def _break(self) -> None:
        answered = self._answered
        self.close()
        if answered:
            self._user.severed(self)
        else:
            self._user.unreachable(self)

    def _first_response_due(self, _: None) -> None:
        if not self._answered and not self._closed:
            self._break()

    def _forget(self) -> None:
        self._closed = True
        if self._was_up:
            self._was_up = False
            self._cut_at_us = self._context.scheduler.now_us
        self._context.path.unlisten(self._path_changed)

    def _talks(self) -> bool:
        return self._context.path.signal_up and self._context.path.server_running

    # Pings. None is ever sent: an idle hour must cost nothing. The time-out is computed when pongs
    # stop coming.

    def _path_changed(self) -> None:
        if self._talks() != self._was_up:
            self._was_up = self._talks()
            self._cut_at_us = self._context.scheduler.now_us
            self._watch_pings()

    def _watch_pings(self) -> None:
        self._cuts += 1
        if self._was_up or not self.is_open():
            return
        timers = self._context.timers
        now_us = self._context.scheduler.now_us
        since_last_pong_us = (now_us - self._answered_at_us) % timers.ping_interval_us
        self._context.page.after(
            timers.ping_timeout_us - since_last_pong_us, self._ping_unanswered, self._cuts
        )

    def _ping_unanswered(self, cuts: int) -> None:
        if cuts == self._cuts and not self._closed:
            self._break()
