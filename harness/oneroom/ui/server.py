"""The HTTP server of the page: one user, this machine, this process.

Rules: it listens on 127.0.0.1 alone, and lets in what `access` lets in. A GET changes nothing. What
a request asks for is a name that is looked up among names that we have, never a path. Answers are
JSON but for the document; an error is `{"error": sentence}`. The standard library's server is
enough for one user (docs/decisions/one-user-one-thread-each.md).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from oneroom.ui.access import HOST, TOKEN_HEADER, Access
from oneroom.ui.event_stream import EventStream

MOST_BODY = 1_000_000
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Query = Mapping[str, str]


class Refused(Exception):
    """A request that cannot be met; `args` are one sentence for the reader of the page."""


class Routes(msgspec.Struct, frozen=True):
    """The answers of the server: the document, values by path, and streams of events by path."""

    document: Callable[[], str]
    gets: Mapping[str, Callable[[Query], object]]
    posts: Mapping[str, Callable[[bytes], object]]
    streams: Mapping[str, Callable[[EventStream], None]]


class PageServer(ThreadingHTTPServer):
    """A server of `routes` on `port`, 0 for any that is free. Raises OSError."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, routes: Routes, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.routes = routes
        self.access = Access(self.server_port)

    def server_bind(self) -> None:
        """Bind, without the library's question to a name server for the name of 127.0.0.1."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    @property
    def address(self) -> str:
        """The address of the page, with the token."""
        return f"http://{HOST}:{self.server_port}/?token={self.access.token}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that has gone is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer with the document, a value or a stream."""
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        shown = query.get("token", "") if parts.path == "/" else self.headers.get(TOKEN_HEADER, "")
        routes = self.server.routes
        if not self._is_let_in(shown):
            return
        if parts.path == "/":
            self._send(HTTPStatus.OK, routes.document().encode(), "text/html; charset=utf-8")
        elif parts.path in routes.streams:
            self._stream(routes.streams[parts.path])
        elif parts.path in routes.gets:
            self._answer(lambda: routes.gets[parts.path](query))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")

    def do_POST(self) -> None:
        """Answer with a value, after a change."""
        path, posts = urlsplit(self.path).path, self.server.routes.posts
        if not self._is_let_in(self.headers.get(TOKEN_HEADER, "")):
            return
        size = self.headers.get("Content-Length", "")
        if path not in posts:
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")
        elif not size.isdecimal() or int(size) > MOST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too large")
        else:
            body = self.rfile.read(int(size))
            self._answer(lambda: posts[path](body))

    def log_message(self, *_: Any) -> None:
        """Log nothing: addresses have the token in them."""

    def version_string(self) -> str:
        return "oneroom"

    def _is_let_in(self, shown_token: str) -> bool:
        refusal = self.server.access.refusal(self.headers, shown_token)
        if refusal is not None:
            self._refuse(refusal.status, refusal.words)
        return refusal is None

    def _answer(self, value: Callable[[], object]) -> None:
        try:
            found = value()
        except Refused as refused:
            self._refuse(HTTPStatus.BAD_REQUEST, str(refused))
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            self._refuse(HTTPStatus.BAD_REQUEST, f"not such a request: {error}")
        except Exception as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"internal error: {error!r}")
            raise
        else:
            self._send(HTTPStatus.OK, msgspec.json.encode(found))

    def _refuse(self, status: int, words: str) -> None:
        self.close_connection = True  # its body, if it has one, is not read
        self._send(status, msgspec.json.encode({"error": words}))

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self._send_headers(kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, stream: Callable[[EventStream], None]) -> None:
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self._send_headers("text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(ConnectionError, TimeoutError):
            stream(EventStream(self.wfile))

    def _send_headers(self, kind: str) -> None:
        self.send_header("Content-Type", kind)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
