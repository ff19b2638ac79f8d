"""The pages that real windows show: a tiny web server on the loopback interface.

Rules: it serves the texts that it was given and hears what pages send with `navigator.sendBeacon`,
the only voice of a page that is just going away. Every name under `localhost` is this machine to a
browser, and an origin of its own, so cases that must not disturb each other take a name each. A
path may have headers of its own (isolation, for one).
"""

from __future__ import annotations

import contextlib
import http
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from oneroom.live.server.free_ports import LOOPBACK

_TYPES = {".html": "text/html", ".js": "text/javascript", ".json": "application/json"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: Mapping[str, str]
    headers: Mapping[str, Mapping[str, str]]
    hear: Callable[[str], None]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that goes hangs up in the middle: that is nobody's error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
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
