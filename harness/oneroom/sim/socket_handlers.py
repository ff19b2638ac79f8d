"""Handlers of WebSockets that are the user's own Python, in the simulator's world.

Rules: one object of a class serves all its sockets in a run, and is made for the first of them. It
gets time and chance from the run. What it raises ends the run, as its user's error.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from oneroom import named_class
from oneroom.choices.labels import Label
from oneroom.named_class import UnknownClass
from oneroom.ports.socket_handler import CLOSE_CODES, SocketHandler
from oneroom.sim.environment import Environment
from oneroom_fakes.network import CLOSED_ABNORMALLY, Closed, TcpConnection
from oneroom_fakes.web_socket import CloseFrame, HandshakeAccepted


class UnknownHandler(ValueError):
    """A name under which there is no handler, in words."""


def load(name: str) -> type[SocketHandler]:
    """The handler called `module:Class`. Raises UnknownHandler."""
    try:
        return named_class.load(name, SocketHandler)
    except UnknownClass as error:
        hint = f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
        raise UnknownHandler(f"handler {name!r} {error.why}{hint}") from error


class World:
    """Implements `oneroom.ports.socket_handler.ServerWorld`."""

    def __init__(self, environment: Environment) -> None:
        self._kernel = environment.kernel
        self._choices = environment.choices

    @property
    def now_us(self) -> int:
        """See the port."""
        return self._kernel.now_us

    def after(self, delay_us: int, call: Callable[[], object]) -> None:
        """See the port."""
        if type(delay_us) is not int or delay_us < 0:
            raise ValueError(f"{delay_us!r} is no number of microseconds from 0 on")
        self._kernel.after(delay_us, _called, call)

    def between(self, low_us: int, high_us: int) -> int:
        """See the port."""
        if type(low_us) is not int or type(high_us) is not int or low_us > high_us:
            raise ValueError(f"{low_us!r} to {high_us!r} is no range of microseconds")
        return self._choices.between(Label.APP_ANSWER, low_us, high_us)


class SocketHandlers:
    """The handlers of one run, by their names."""

    def __init__(self, environment: Environment) -> None:
        self._world = World(environment)
        self._made: dict[str, SocketHandler] = {}

    def serve(self, name: str, url: str, connection: TcpConnection) -> Callable[[Any], None]:
        """The inbox of a connection whose handshake has come: that handler's."""
        handler = self._made.get(name)
        if handler is None:
            handler = self._made[name] = load(name)()
            handler.world = self._world
        connection.send_down(HandshakeAccepted())
        socket = HandledSocket(url, connection)
        handler.opened(socket)

        def receive(message: Any) -> None:
            if isinstance(message, str):
                handler.received(socket, message)
            elif isinstance(message, Closed):
                handler.closed(socket)

        return receive


class HandledSocket:
    """Implements `oneroom.ports.socket_handler.Socket`."""

    def __init__(self, url: str, connection: TcpConnection) -> None:
        self._url = url
        self._connection = connection

    @property
    def url(self) -> str:
        """See the port."""
        return self._url

    def send(self, message: object) -> None:
        """See the port."""
        self._connection.send_down(text_of(message))

    def close(self, code: int = 1000, reason: str = "") -> None:
        """See the port."""
        if code not in CLOSE_CODES:
            raise ValueError(f"no server closes a WebSocket with {code!r}")
        end_socket(self._connection, CloseFrame(code, reason))


def text_of(message: object) -> str:
    """A message as it is sent: a text as it stands, everything else as JSON."""
    return message if isinstance(message, str) else json.dumps(message, separators=(",", ":"))


def end_socket(connection: TcpConnection, frame: CloseFrame) -> None:
    """Close a socket from its server; 1006 breaks the connection."""
    if frame.code != CLOSED_ABNORMALLY:
        connection.send_down(frame)
    connection.close_server(frame.code)


def _called(call: Callable[[], object]) -> None:
    call()
