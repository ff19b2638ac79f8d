"""One signalling connection of an SDK client: a WebSocket, from its TCP handshake to its close
(client-sdk-js, SignalClient.ts).

Rules: the SDK's script runs in tasks of the page, so it waits while the page is frozen, stalled or
stopped. The handshake is the browser's and goes on while the page is frozen; the end of the freeze
closes a WebSocket of the browser's. A closed signal client reports nothing more.
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
    """The SDK client that owns a signal client. It is called in a task of the page."""

    def answered(self, signal: SignalClient, response: JoinResponse | ReconnectResponse) -> None:
        """The server has accepted the request."""

    def refused(self, signal: SignalClient) -> None:
        """The token was refused (HTTP 401). The signal client is closed."""

    def unreachable(self, signal: SignalClient, timed_out: bool) -> None:
        """No first message: the connection was refused or broke, or it has `timed_out`. The signal
        client is closed.
        """

    def received(self, signal: SignalClient, message: Any) -> None:
        """A message after the answer, or a Leave in its place."""

    def severed(self, signal: SignalClient) -> None:
        """The connection broke, or pings went unanswered. The signal client is closed."""


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
        self._heard_at_us = 0  # of the last message; pongs are not counted
        self._connection = TcpConnection(context.path, self._arrived)
        self._was_up = self._pongs_arrive()
        self._cut_at_us = 0
        self._cuts = 0
        self._source = TaskSource.NETWORK
        if context.sdk.has_browser_sockets:
            self._source = TaskSource.SOCKET
            context.page.open_socket(self._closed_by_browser, None)
        accept(self._connection)
        self._connection.send_up(TcpSyn())
        context.page.after(context.sdk.answer_us, self._answer_due, None)
        context.path.listen(self._path_changed)

    def is_open(self) -> bool:
        """True if the server has answered and the client has not noticed a break since."""
        return self._answered and not self._closed

    def close_arrives(self) -> bool:
        """True if the server would hear of a close: the connection carries, and was not reset at
        this end.
        """
        return self._connection.client_open and self._connection.carries

    def heard_until_us(self) -> int:
        """Time until which messages of the server can have arrived; 0 if it never answered."""
        if not self._answered:
            return 0
        return self._context.scheduler.now_us if self._was_up else self._cut_at_us

    def send(self, message: msgspec.Struct) -> None:
        """Send `message` if the connection is open. During a cut it waits, and is lost if the
        connection is.
        """
        if self.is_open():
            self._connection.send_up(message)

    def leave(self, closed: Callable[[Reason], None] | None = None) -> bool:
        """Send a Leave if the network is up, and close. Return whether a Leave was sent."""
        leaving = self.is_open() and self._connection.carries and self._connection.server_open
        if leaving:
            self.send(LeaveRequest(Reason.CLIENT_INITIATED))
        self.close(closed)
        return leaving

    def close(self, closed: Callable[[Reason], None] | None = None) -> None:
        """`close()` of the WebSocket. A close before the answer aborts the connection, and a
        request under way never arrives. `closed` is called in a task of the page when the server
        has answered the close.
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
        """The process is gone; the kernel sends what was written and closes the socket."""
        self._forget()
        self._connection.close_client()

    def _arrived(self, message: Any) -> None:
        if isinstance(message, TcpSynAck) and not self._context.page.stopped():
            self._connection.send_up(self._request)
        else:
            self._context.page.run(self._source, self._handle, message)

    def _handle(self, message: Any) -> None:
        if self._closed:
            return
        self._heard_at_us = self._context.scheduler.now_us
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

    def _closed_by_browser(self, _: None) -> None:
        if not self._closed:
            self._break()

    def _break(self) -> None:
        answered = self._answered
        self.close()
        if answered:
            self._user.severed(self)
        else:
            self._user.unreachable(self, timed_out=False)

    def _answer_due(self, _: None) -> None:
        if not self._answered and not self._closed:
            self.close()
            validate_us = self._context.sdk.validate_us
            if validate_us and isinstance(self._request, JoinRequest):
                self._context.page.after(validate_us, self._give_up, None)
            else:
                self._give_up(None)

    def _give_up(self, _: None) -> None:
        self._user.unreachable(self, timed_out=True)

    def _forget(self) -> None:
        self._closed = True
        if self._was_up:
            self._was_up = False
            self._cut_at_us = self._context.scheduler.now_us
        self._context.path.unlisten(self._path_changed)
        self._context.page.forget_socket(self._closed_by_browser, None)

    def _pongs_arrive(self) -> bool:
        path = self._context.path
        return path.signal_up and path.server_running and not self._connection.lost

    # Pings. None is sent, so that an idle hour costs nothing: the time-out is computed when pongs
    # cease to arrive. It counts from the last message of any kind (SignalClient.ts
    # handleSignalResponse, signal_client/mod.rs signal_task; seen).

    def _path_changed(self) -> None:
        if self._pongs_arrive() != self._was_up:
            self._was_up = self._pongs_arrive()
            self._cut_at_us = self._context.scheduler.now_us
            self._watch_pings()

    def _watch_pings(self) -> None:
        self._cuts += 1
        if self._was_up or not self.is_open():
            return
        sdk = self._context.sdk
        now_us = self._context.scheduler.now_us
        silent_us = min(
            (now_us - self._answered_at_us) % sdk.ping_interval_us, now_us - self._heard_at_us
        )
        self._context.page.after(sdk.ping_timeout_us - silent_us, self._ping_unanswered, self._cuts)

    def _ping_unanswered(self, cuts: int) -> None:
        if cuts == self._cuts and not self._closed:
            self._break()
