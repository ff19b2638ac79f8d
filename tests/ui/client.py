"""A server of the page for a test, and requests as a browser or a stranger sends them."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from oneroom.cli import selection
from oneroom.policies.registry import NAMES
from oneroom.ui.access import TOKEN_HEADER
from oneroom.ui.search import Choices
from oneroom.ui.server import PageServer
from oneroom.ui.service import Service


class Answer(NamedTuple):
    """The answer to a request."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def value(self) -> Any:
        return json.loads(self.text)


class Client:
    """Sends requests to `server`, with the token and the headers of its own page unless others are
    given; a header of None is left out.
    """

    def __init__(self, server: PageServer) -> None:
        self.server = server
        self.token = server.access.token

    def get(self, path: str, **headers: str | None) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, value: object, **headers: str | None) -> Answer:
        return self._ask("POST", path, json.dumps(value).encode(), headers)

    @contextmanager
    def events(self) -> Iterator[Iterator[tuple[str, Any]]]:
        """The events of a search, as they come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        try:
            connection.request("GET", "/events", headers={TOKEN_HEADER: self.token})
            answer = connection.getresponse()
            assert answer.headers["Content-Type"] == "text/event-stream"
            yield _events(answer)
        finally:
            connection.close()

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str | None]
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        every = {TOKEN_HEADER: self.token, **named}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host="Host" in every)
            if body is not None and "Content-Length" not in every:
                connection.putheader("Content-Length", str(len(body)))
            for name, value in every.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()


def _events(lines: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        field, _, value = line.decode().strip().partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


@contextmanager
def served(*paths: str) -> Iterator[Client]:
    """A server of the scenarios at `paths`, with the reports of the present folder."""
    choices = Choices(lambda: selection.shown_paths(paths), NAMES, paths)
    service = Service(
        lambda path: selection.one_of(paths, path), choices, Path("reports"), Path("kept")
    )
    with service.server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield Client(server)
        finally:
            server.shutdown()
            thread.join()
            service.close()
