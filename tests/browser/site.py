"""The pages that real windows show: a tiny web server on the loopback interface.

Rules: it serves the texts that it was given and hears what pages send with `navigator.sendBeacon`,
the only voice of a page that is just going away. Every name under `localhost` is this machine to a
browser, and an origin of its own, so cases that must not disturb each other take a name each. A
path may have headers of its own (isolation, for one); `takes_ms` in a query is the time that the
answer takes. `/socket` is a WebSocket that passes on what one client of an origin sends to all
others of it.
"""

from __future__ import annotations

import contextlib
import http
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from oneroom.live.server.free_ports import LOOPBACK
from tests.browser.web_socket import WebSocket

_TYPES = {".html": "text/html", ".js": "text/javascript", ".json": "application/json"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: Mapping[str, str]
    headers: Mapping[str, Mapping[str, str]]
    hear: Callable[[str], None]
    sockets: dict[str, list[WebSocket]]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that goes hangs up in the middle: that is nobody's error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade") == "websocket":
            self._relay()
            return
        _, _, path, query, _ = urlsplit(self.path)
        time.sleep(int(parse_qs(query).get("takes_ms", ["0"])[0]) / 1000)
        text = self.server.pages.get(path)
        if text is None:
            self._answer(http.HTTPStatus.NOT_FOUND, "text/plain", "")
        else:
            kind = next((kind for end, kind in _TYPES.items() if path.endswith(end)), "text/html")
            more = self.server.headers.get(path, {})
            self._answer(http.HTTPStatus.OK, f"{kind}; charset=utf-8", text, more)

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.hear(said)
        with contextlib.suppress(ConnectionError):  # a page that is gone does not wait for it
            self._answer(http.HTTPStatus.NO_CONTENT, "text/plain", "")

    def _relay(self) -> None:
        clients = self.server.sockets.setdefault(self.headers["Host"], [])
        client = WebSocket(self.rfile, self.wfile, self.headers["Sec-WebSocket-Key"])
        clients.append(client)
        try:
            for text in client.texts():
                for other in list(clients):
                    if other is not client:
                        other.send(text)
        finally:
            clients.remove(client)
            self.close_connection = True

    def _answer(
        self, status: http.HTTPStatus, kind: str, text: str, more: Mapping[str, str] | None = None
    ) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's name
        """Nobody reads it."""


class Site:
    """`pages` maps a path to a text, `headers` to what is sent with it; `hear` is called with what
    beacons say, on a thread of the server's.
    """

    def __init__(
        self,
        pages: Mapping[str, str],
        hear: Callable[[str], None],
        headers: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._pages = pages
        self._hear = hear
        self._headers = headers or {}

    def __enter__(self) -> Site:
        self._server = _Server((LOOPBACK, 0), _Handler)
        self._server.pages = self._pages
        self._server.headers = self._headers
        self._server.hear = self._hear
        self._server.sockets = {}
        self.port: int = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, name: str, path: str) -> str:
        """`path` at an origin of its own: `name` is the first part of its host."""
        return f"http://{name}.localhost:{self.port}{path}"
