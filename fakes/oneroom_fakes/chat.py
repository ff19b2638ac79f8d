"""The app's chat: a server that numbers and stores messages, and the client of each window.

Models (Socket.IO v4, its defaults; Discord's `nonce` for a message that is sent twice; Chromium for
the page): a push goes over every open socket and is kept for no other client; the server sends a
ping every 25 s and closes the socket if no pong arrives within 20 s; history is requested by HTTP.
A frozen, stalled or stopped page runs no handler: the engine keeps what arrives, and the socket is
closed for want of a pong. Chromium closes the sockets of a frozen page when it resumes, and what
has arrived meanwhile is lost; what it has asked by `fetch` is sent then. Text is stored and never
reported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.chat_events import (
    ChatMessage,
    HistoryFailed,
    HistoryLoaded,
    Latest,
    SocketBeat,
    SocketClosed,
    SocketOpened,
    SocketReceived,
)
from oneroom.core.events import Event
from oneroom.ports.chat import ChatObserver
from oneroom.ports.page import SocketPage, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.network import CLOSED_ABNORMALLY, Closed, NetworkPath, TcpConnection

# Socket.IO v4 `pingInterval` and `pingTimeout`.
PING_INTERVAL_US = 25_000_000
PING_TIMEOUT_US = 20_000_000
# Time for which the server recognises a message by its sender's id (Discord: "the past few
# minutes").
REMEMBERED_US = 180_000_000
# Time-out of a history request (`AbortSignal.timeout()`): the app's own choice, no browser has one
# this short.
FETCH_US = 10_000_000
# Delay of the `close` event of a socket whose closing handshake is not answered (Chromium,
# net/websockets).
CLOSING_HANDSHAKE_US = 60_000_000
# Delay of the `close` event of a socket that was closed before it was open.
ABORT_US = 1_000

_PER_MILLION = 1_000_000


class UpgradeRequest(msgspec.Struct, frozen=True):
    """The client opens a WebSocket. `sender` is its instance id."""

    sender: str


class UpgradeResponse(msgspec.Struct, frozen=True):
    """The socket is open. Messages newer than `latest` will be pushed."""

    latest: tuple[Latest, ...]


class Ping(msgspec.Struct, frozen=True):
    """Socket.IO's ping, with the newest message of each channel."""

    latest: tuple[Latest, ...]


class Pong(msgspec.Struct, frozen=True):
    """Socket.IO's pong."""


class SendMessage(msgspec.Struct, frozen=True):
    """A message of the user; (`sender` of the socket, `number`) is its id."""

    channel: str
    number: int
    text: str


class HistoryRequest(msgspec.Struct, frozen=True):
    """`GET /history`."""

    channel: str
    after: int
    limit: int


class ChatServer:
    """One process with a database: messages survive a restart, sockets do not."""

    def __init__(
        self, scheduler: Scheduler, choices: Choices, observer: ChatObserver, user: str
    ) -> None:
        self.scheduler = scheduler
        self.user = user
        # Share of pushes that are lost behind the socket (pub/sub between nodes is at-most-once); a
        # scenario sets it.
        self.loss_ratio = 0.0
        # Bounds of the time from the arrival of a message to its storage; a scenario sets them.
        self.takes_us = (0, 0)
        self._choices = choices
        self._observer = observer
        self._channels: dict[str, list[ChatMessage]] = {}
        self._sockets: list[ServerSocket] = []
        self._remembered: dict[tuple[str, int], tuple[ChatMessage, int]] = {}
        self._messages = 0
        self._stored_us = 0
        self._up_at_us = 0

    def accept(self, connection: TcpConnection) -> None:
        """Take the server's end of `connection`, which a client is about to use."""
        self._sockets = [socket for socket in self._sockets if socket.connection.server_open]
        self._sockets.append(ServerSocket(self, connection))

    def post(self, channel: str, author: str, text: str) -> None:
        """Store a message of another user."""
        self._store(channel, author, "", 0, text)

    def restart(self, down_us: int = 0) -> None:
        """End the process without closing handshakes, and start it `down_us` later."""
        self._up_at_us = self.scheduler.now_us + down_us
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            socket.connection.close_server(CLOSED_ABNORMALLY)

    def end(self) -> None:
        """The run is over: drop all references."""
        self._sockets.clear()

    # Calls of its sockets.

    def is_up(self) -> bool:
        """True while the process exists and listens."""
        return self.scheduler.now_us >= self._up_at_us

    def latest(self) -> tuple[Latest, ...]:
        """The newest message of every channel."""
        return tuple(Latest(name, len(messages)) for name, messages in self._channels.items())

    def history(self, request: HistoryRequest) -> HistoryLoaded:
        """One page of the stored messages; the client fills in its request number."""
        messages = self._channels.get(request.channel, [])
        page = messages[request.after : request.after + request.limit]
        return HistoryLoaded(0, request.channel, tuple(page))

    def send(self, socket: ServerSocket, sent: SendMessage) -> None:
        """Accept a message; it is stored even if its socket breaks meanwhile."""
        now_us = self.scheduler.now_us
        due_us = now_us + self._choices.between(Label.CHAT_STORE, *self.takes_us)
        if due_us <= self._stored_us:
            due_us = self._stored_us + 1  # one message at a time
        if due_us > now_us:
            self._stored_us = due_us
            self.scheduler.after(due_us - now_us, self._keep, (socket, sent))
        else:
            self._keep((socket, sent))

    def _keep(self, taken: tuple[ServerSocket, SendMessage]) -> None:
        """Store a message, or push the one that is stored under its id to the sender."""
        socket, sent = taken
        known = self._remembered.get((socket.sender, sent.number))
        if known is not None and self.scheduler.now_us - known[1] <= REMEMBERED_US:
            socket.push(known[0])
            return
        message = self._store(sent.channel, self.user, socket.sender, sent.number, sent.text)
        self._remembered[socket.sender, sent.number] = (message, self.scheduler.now_us)

    def _store(self, channel: str, author: str, sender: str, number: int, text: str) -> ChatMessage:
        messages = self._channels.setdefault(channel, [])
        self._messages += 1
        message = ChatMessage(
            self._messages, channel, len(messages) + 1, author, sender, number, text
        )
        messages.append(message)
        self._observer.chat_stored(channel, message.id, message.seq, sender, number)
        for socket in self._sockets:
            if socket.is_attached and not self._loses():
                socket.push(message)
        return message

    def _loses(self) -> bool:
        if self.loss_ratio <= 0:
            return False
        return self._choices.draw(Label.CHAT_PUSH, _PER_MILLION) >= round(
            (1 - self.loss_ratio) * _PER_MILLION
        )


class ServerSocket:
    """The server's end of one connection: a WebSocket, or a request to history."""

    def __init__(self, server: ChatServer, connection: TcpConnection) -> None:
        self.connection = connection
        self.sender = ""
        self.is_attached = False  # pushes go here
        self._server = server
        self._pings = 0
        self._answered = 0  # the number of the last ping that was answered
        connection.accept(self._received)

    def push(self, message: ChatMessage) -> None:
        """Send `message` over the socket."""
        self.connection.send_down(message)

    def _received(self, message: Any) -> None:
        if isinstance(message, Closed):
            self.is_attached = False
        elif not self._server.is_up():
            self.connection.close_server(CLOSED_ABNORMALLY)
        else:
            self._serve(message)

    def _serve(self, message: Any) -> None:
        match message:
            case UpgradeRequest(sender=sender):
                self.sender = sender
                self.is_attached = True
                self.connection.send_down(UpgradeResponse(self._server.latest()))
                self._server.scheduler.after(PING_INTERVAL_US, self._ping, None)
            case SendMessage():
                self._server.send(self, message)
            case Pong():
                if self._answered < self._pings:
                    self._answered = self._pings
                    self._server.scheduler.after(PING_INTERVAL_US, self._ping, None)
            case HistoryRequest():
                self.connection.send_down(self._server.history(message))

    def _ping(self, _: None) -> None:
        if self.connection.server_open:
            self._pings += 1
            self.connection.send_down(Ping(self._server.latest()))
            self._server.scheduler.after(PING_TIMEOUT_US, self._answer_due, self._pings)

    def _answer_due(self, ping: int) -> None:
        if self._answered < ping and self.connection.server_open:
            self.is_attached = False
            self.connection.close_server(CLOSED_ABNORMALLY)


class ChatClient:
    """Implements `oneroom.ports.chat.Chat` for one window: the browser's WebSocket and `fetch`."""

    def __init__(
        self,
        page: SocketPage,
        path: NetworkPath,
        server: ChatServer,
        sender: str,
        hear: Callable[[Event], None],
    ) -> None:
        self._page = page
        self._path = path
        self._server = server
        self._sender = sender
        self._hear = hear
        self._sockets: dict[int, TcpConnection] = {}
        self._open: set[int] = set()  # epochs of the sockets whose handshake is through
        self._requests: dict[int, tuple[str, TcpConnection]] = {}

    # Calls of the window.

    def open(self, epoch: int) -> None:
        """See `oneroom.ports.chat.Chat`."""
        connection = TcpConnection(
            self._path,
            lambda message: self._page.run(TaskSource.SOCKET, self._said, (epoch, message)),
        )
        self._server.accept(connection)
        self._sockets[epoch] = connection
        self._page.open_socket(self._closed_by_browser, epoch)
        connection.send_up(UpgradeRequest(self._sender))

    def close(self, epoch: int) -> None:
        """See `oneroom.ports.chat.Chat`."""
        connection = self._sockets.pop(epoch, None)
        if connection is None:
            return
        self._page.forget_socket(self._closed_by_browser, epoch)
        if epoch in self._open:
            self._open.remove(epoch)
            connection.close_client()
            delay_us = 2 * self._path.delay_us() if self._path.signal_up else CLOSING_HANDSHAKE_US
        else:
            connection.abort_client()
            delay_us = ABORT_US
        self._server.scheduler.after(delay_us, self._closed_at_last, epoch)

    def answer_beat(self, epoch: int) -> None:
        """See `oneroom.ports.chat.Chat`."""
        self._write(epoch, Pong())

    def send(self, epoch: int, channel: str, number: int, text: str) -> None:
        """See `oneroom.ports.chat.Chat`."""
        self._write(epoch, SendMessage(channel, number, text))

    def fetch(self, request: int, channel: str, after: int, limit: int) -> None:
        """See `oneroom.ports.chat.Chat`."""
        self._page.run(TaskSource.FETCH, self._send, (request, channel, after, limit))
        self._page.after(FETCH_US, self._fetch_due, request)

    # The window's life.

    def died(self) -> None:
        """The page's process is gone: the kernel sends what was written and closes every socket."""
        for connection in (
            *self._sockets.values(),
            *(request[1] for request in self._requests.values()),
        ):
            connection.close_client()
        self.end()

    def end(self) -> None:
        """Drop all references."""
        self._sockets.clear()
        self._open.clear()
        self._requests.clear()
        self._hear = _vanish

    # The browser.

    def _write(self, epoch: int, message: msgspec.Struct) -> None:
        if epoch in self._open:
            self._sockets[epoch].send_up(message)

    def _send(self, asked: tuple[int, str, int, int]) -> None:
        request, channel, after, limit = asked
        connection = TcpConnection(
            self._path,
            lambda message: self._page.run(TaskSource.FETCH, self._fetched, (request, message)),
        )
        self._server.accept(connection)
        self._requests[request] = (channel, connection)
        connection.send_up(HistoryRequest(channel, after, limit))

    def _closed_by_browser(self, epoch: int) -> None:
        if epoch in self._sockets:
            self._said((epoch, Closed(CLOSED_ABNORMALLY)))

    def _said(self, said: tuple[int, Any]) -> None:
        epoch, message = said
        if epoch not in self._sockets:
            # Closed by the page meanwhile: what still arrives is dropped (WebSockets standard).
            return
        match message:
            case UpgradeResponse(latest=latest):
                self._open.add(epoch)
                self._hear(SocketOpened(epoch, latest))
            case Ping(latest=latest):
                self._hear(SocketBeat(epoch, latest))
            case ChatMessage():
                self._hear(SocketReceived(epoch, message))
            case Closed():
                self._sockets.pop(epoch).close_client()
                self._page.forget_socket(self._closed_by_browser, epoch)
                self._open.discard(epoch)
                self._hear(SocketClosed(epoch))

    def _closed_at_last(self, epoch: int) -> None:
        self._page.run(TaskSource.NETWORK, self._hear, SocketClosed(epoch))

    def _fetched(self, answer: tuple[int, Any]) -> None:
        request, message = answer
        asked = self._requests.pop(request, None)
        if asked is None:
            return
        channel, connection = asked
        connection.close_client()
        if isinstance(message, HistoryLoaded):
            self._hear(HistoryLoaded(request, channel, message.messages))
        else:
            self._hear(HistoryFailed(request, channel))

    def _fetch_due(self, request: int) -> None:
        asked = self._requests.pop(request, None)
        if asked is not None:
            asked[1].abort_client()
            self._hear(HistoryFailed(request, asked[0]))


def _vanish(_: Any) -> None:
    """The listener after the window is gone."""
