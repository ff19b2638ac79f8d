"""Access to the page's server: to one user of this machine, through the address that was printed.

The server can write files and start programs, and any site that the user opens can send requests to
127.0.0.1. So each request must show a random token: the document in its address, everything else in
a header that no other site can set without asking first, which is refused. There is no cookie: a
browser would send it to every other server of 127.0.0.1 as well, whatever its port. `Host` is
checked, for a name of somebody else's that resolves to 127.0.0.1 (DNS rebinding), and `Origin`.
"""

from __future__ import annotations

import hmac
import secrets
from typing import NamedTuple, Protocol

HOST = "127.0.0.1"
TOKEN_HEADER = "X-Oneroom-Token"


class Headers(Protocol):
    """The headers of a request."""

    def get(self, name: str, /) -> str | None: ...


class Refusal(NamedTuple):
    """The answer to a request that is not let in."""

    status: int
    words: str


class Access:
    """The door of a server on `port`. `token` is new for each server."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(24)
        self._hosts = {f"{HOST}:{port}", f"localhost:{port}"}

    def refusal(self, headers: Headers, shown_token: str) -> Refusal | None:
        """Return why a request is refused, None for one that is let in. `shown_token` is the one
        that it shows.
        """
        if headers.get("Host") not in self._hosts:
            return Refusal(421, "this server answers to 127.0.0.1 alone")
        origin = headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            return Refusal(403, "this server answers to its own page alone")
        if not hmac.compare_digest(shown_token.encode(), self.token.encode()):
            return Refusal(403, "open the address that `oneroom ui` has printed, token included")
        return None
