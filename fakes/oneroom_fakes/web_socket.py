"""WebSockets of one page, over TCP connections to the application's own server.

Models (WebSockets standard; Chromium 156 for the page): an opening handshake that fails is an
`error` and a `close` 1006; a connection that breaks later is a `close` 1006 alone, and one that the
server closes a clean `close` with its code. After `close()` nothing comes but the `close` event,
when the closing handshake is over; on a dead network after 60 s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from oneroom.ports.page import SocketPage, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.network import CLOSED_ABNORMALLY, Closed, NetworkPath, TcpConnection

# Delay of the `close` event of a socket whose closing handshake is not answered (Chromium,
# net/websockets).
CLOSING_HANDSHAKE_US = 60_000_000
# Delay of the `close` event of a socket that was closed before it was open.
ABORT_US = 1_000


class OpeningHandshake(msgspec.Struct, frozen=True):
    """The client opens a WebSocket."""


class HandshakeAccepted(msgspec.Struct, frozen=True):
    """The WebSocket is open."""


class CloseFrame(msgspec.Struct, frozen=True):
    """The server closes the WebSocket; the end of its connection follows."""

    code: int
    reason: str


class SocketClosed(msgspec.Struct, frozen=True):
    """The `close` event; after an `error` event if `failed`."""

    code: int
    reason: str = ""
    clean: bool = False
    failed: bool = False


# What a page hears of a socket: that it is open, a message, that it is closed.
SocketHeard = HandshakeAccepted | SocketClosed | str


class WebSockets:
    """The WebSockets of a page, by number. `accept` is called with the URL and the connection of
    each that is opened, `hear` in tasks of the page.
    """

    def __init__(
        self,
        page: SocketPage,
        path: NetworkPath,
        scheduler: Scheduler,
        accept: Callable[[str, TcpConnection], None],
        hear: Callable[[int, SocketHeard], None],
    ) -> None:
        self._page = page
        self._path = path
        self._scheduler = scheduler
        self._accept = accept
        self._hear = hear
        self._connections: dict[int, TcpConnection] = {}
        self._open: set[int] = set()
        self._closing: dict[int, SocketClosed] = {}

    def open(self, number: int, url: str) -> None:
        """`new WebSocket(url)`."""
        connection = TcpConnection(
            self._path,
            lambda message: self._page.run(TaskSource.SOCKET, self._said, (number, message)),
        )
        self._accept(url, connection)
        self._connections[number] = connection
        self._page.open_socket(self._closed_by_browser, number)
        connection.send_up(OpeningHandshake())

    def send(self, number: int, text: str) -> None:
        """`send()`: what is written before or after the socket is open is lost."""
        if number in self._open:
            self._connections[number].send_up(text)

    def close(self, number: int, code: int, reason: str) -> None:
        """`close()`."""
        connection = self._connections.pop(number, None)
        if connection is None:
            return
        self._page.forget_socket(self._closed_by_browser, number)
        if number not in self._open:
            connection.abort_client()
            self._closing[number] = SocketClosed(CLOSED_ABNORMALLY, failed=True)
            self._scheduler.after(ABORT_US, self._closed_at_last, number)
        elif connection.carries:
            self._closing[number] = SocketClosed(code, reason, clean=True)
            connection.close_client(lambda _: self._closed_at_last(number))
        else:
            connection.close_client()
            self._closing[number] = SocketClosed(CLOSED_ABNORMALLY)
            self._scheduler.after(CLOSING_HANDSHAKE_US, self._closed_at_last, number)
        self._open.discard(number)

    def died(self) -> None:
        """The document is gone: the kernel sends what was written and closes every socket."""
        for connection in self._connections.values():
            connection.close_client()
        self._connections.clear()
        self._open.clear()
        self._closing.clear()

    def _closed_by_browser(self, number: int) -> None:
        """The end of a freeze has closed the socket."""
        if number in self._connections:
            self._said((number, Closed(CLOSED_ABNORMALLY)))

    def _said(self, said: tuple[int, Any]) -> None:
        number, message = said
        if number not in self._connections:
            return  # closed by the page meanwhile
        match message:
            case HandshakeAccepted():
                self._open.add(number)
                self._hear(number, message)
            case CloseFrame(code=code, reason=reason):
                self._over(number, SocketClosed(code, reason, clean=True))
            case Closed():
                failed = number not in self._open
                self._over(number, SocketClosed(CLOSED_ABNORMALLY, failed=failed))
            case str():
                self._hear(number, message)

    def _over(self, number: int, closed: SocketClosed) -> None:
        self._connections.pop(number).close_client()
        self._page.forget_socket(self._closed_by_browser, number)
        self._open.discard(number)
        self._hear(number, closed)

    def _closed_at_last(self, number: int) -> None:
        self._page.run(TaskSource.SOCKET, self._tell_closed, number)

    def _tell_closed(self, number: int) -> None:
        closed = self._closing.pop(number, None)
        if closed is not None:
            self._hear(number, closed)
