"""The app's own server at the other end of a page's WebSockets, as a class of the user's own.

Times are integer microseconds of the run. A handler knows no other clock and no other chance, or
its runs do not repeat themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

CLOSE_CODES = (1000, 1001, 1006, 1008, 1011, 1012, 1013, *range(3000, 5000))
"""The codes with which a server closes a WebSocket (RFC 6455, 7.4); 1006 breaks the connection."""


class Socket(Protocol):
    """One WebSocket at the server, from its handshake on. `url` is the one that the page opened."""

    @property
    def url(self) -> str:
        """The address, with its query."""

    def send(self, message: object) -> None:
        """Send a text as it stands, everything else as JSON; nothing once it is closed."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close it, with one of `CLOSE_CODES`."""


class ServerWorld(Protocol):
    """The run, as a handler may ask it for time and chance."""

    @property
    def now_us(self) -> int:
        """The time since the run began."""

    def after(self, delay_us: int, call: Callable[[], object]) -> None:
        """Call `call` after that time."""

    def between(self, low_us: int, high_us: int) -> int:
        """A drawn time from `low_us` to `high_us`, both of them possible."""


class SocketHandler:
    """The server of one or more paths: a subclass named `module:Class`, one object a run."""

    # Set before the first socket is opened.
    world: ServerWorld

    def opened(self, socket: Socket) -> None:
        """A page has opened a socket."""

    def received(self, socket: Socket, message: str) -> None:
        """A message has come; it is answered when the handler sends something."""

    def closed(self, socket: Socket) -> None:
        """The page has closed the socket, or its connection is lost."""
