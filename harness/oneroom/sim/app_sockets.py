"""WebSockets of an app's page to the app's own server: what the scenario scripts, or a handler of
the user's own.

Rules: the first of `app_server.sockets` whose path fits serves the socket; others are refused. A
server that closes with 1006 breaks the connection, as a process that ends does.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from oneroom.choices.labels import Label
from oneroom.javascript import protocol
from oneroom.javascript.window import JavaScriptWindow, json_text
from oneroom.scenario.app_server import SocketRoute
from oneroom.sim.app_servers import room_in
from oneroom.sim.browser import Browser
from oneroom.sim.environment import Environment
from oneroom.sim.socket_handlers import SocketHandlers, end_socket, text_of
from oneroom_fakes.network import CLOSED_ABNORMALLY, TcpConnection
from oneroom_fakes.web_socket import (
    CloseFrame,
    HandshakeAccepted,
    OpeningHandshake,
    SocketClosed,
    SocketHeard,
    WebSockets,
)


class AppSockets:
    """Implements `oneroom.javascript.window_ports.PageSockets`."""

    def __init__(
        self,
        window: JavaScriptWindow,
        browser: Browser,
        environment: Environment,
        handlers: SocketHandlers,
    ) -> None:
        self._window = window
        self._environment = environment
        self._handlers = handlers
        self._routes = environment.scenario.app_server.sockets
        path = browser.app_path(window.name)
        self._sockets = WebSockets(window, path, environment.kernel, self._accept, self._hear)

    def open(self, number: int, url: str) -> None:
        """See the port."""
        self._sockets.open(number, url)

    def send(self, number: int, text: str) -> None:
        """See the port."""
        self._sockets.send(number, text)

    def close_socket(self, number: int, code: int, reason: str) -> None:
        """See the port."""
        self._sockets.close(number, code, reason)

    def gone(self) -> None:
        """See the port."""
        self._sockets.died()

    def _accept(self, url: str, connection: TcpConnection) -> None:
        path = urlsplit(url).path
        fitting = (route for name, route in self._routes.items() if room_in(name, path) is not None)
        route = next(fitting, None)
        ServedSocket(url, connection, route, self._environment, self._handlers)

    def _hear(self, number: int, heard: SocketHeard) -> None:
        match heard:
            case HandshakeAccepted():
                self._tell(number, "open", {})
            case str():
                self._tell(number, "message", heard)
            case SocketClosed(code=code, reason=reason, clean=clean, failed=failed):
                if failed:
                    self._tell(number, "error", {})
                detail = {"code": code, "reason": reason, "wasClean": clean}
                self._tell(number, "close", detail)

    def _tell(self, number: int, what: str, detail: object) -> None:
        self._window.turn(protocol.SOCKET, float(number), what, json_text(detail))


class ServedSocket:
    """The server's end of one WebSocket; without a route it is refused."""

    def __init__(
        self,
        url: str,
        connection: TcpConnection,
        route: SocketRoute | None,
        environment: Environment,
        handlers: SocketHandlers,
    ) -> None:
        self._url = url
        self._connection = connection
        self._route = route
        self._environment = environment
        self._handlers = handlers
        connection.accept(self._received)

    def _received(self, message: Any) -> None:
        route = self._route
        if route is None:
            self._connection.close_server(CLOSED_ABNORMALLY)
        elif isinstance(message, OpeningHandshake):
            self._open(route)
        elif isinstance(message, str) and message in route.answers:
            self._connection.send_down(text_of(route.answers[message]))

    def _open(self, route: SocketRoute) -> None:
        if route.handler:
            inbox = self._handlers.serve(route.handler, self._url, self._connection)
            self._connection.accept(inbox)
            return
        self._connection.send_down(HandshakeAccepted())
        kernel, choices = self._environment.kernel, self._environment.choices
        for said in route.says:
            after_us = choices.between(Label.APP_ANSWER, said.after.low_us, said.after.high_us)
            kernel.after(after_us, self._connection.send_down, text_of(said.message))
        if route.closes is not None:
            after = route.closes.after
            after_us = choices.between(Label.APP_ANSWER, after.low_us, after.high_us)
            kernel.after(after_us, self._close, CloseFrame(route.closes.code, route.closes.reason))

    def _close(self, frame: CloseFrame) -> None:
        end_socket(self._connection, frame)
