"""The servers that an app's page reaches by `fetch`: the endpoint that mints tokens alone.

Rules: a path that has `token` in it is the token endpoint. The room is what the query, the body or
the path says; the identity is the one of the app's own server, whatever the page says. The answer
has the token and the address of the SFU under the names that apps use.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs, unquote, urlsplit

from oneroom.core.events import Event, TokenFailed, TokenReady
from oneroom.javascript.protocol import Fetch
from oneroom.javascript.window import JavaScriptWindow
from oneroom.ports.page import TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.tokens import Tokens

ROOM_KEYS = ("room", "roomName", "room_name", "channel", "channelId", "channelName")
TOKEN_KEYS = ("token", "accessToken", "participantToken", "participant_token", "jwt")
URL_KEYS = ("url", "serverUrl", "server_url", "wsUrl", "ws_url", "livekitUrl")
DEFAULT_ROOM = "room"
SFU_URL = "wss://sfu.example"
# Until a server says that it has no such route.
NO_ROUTE_US = 20_000


class AppServers:
    """Implements `oneroom.javascript.window_ports.AppServer` on the fake of the token endpoint."""

    def __init__(self, window: JavaScriptWindow, tokens: Tokens, scheduler: Scheduler) -> None:
        self._window = window
        self._tokens = tokens
        self._scheduler = scheduler
        self._waiting: dict[int, str] = {}

    def fetch(self, fetch: Fetch) -> None:
        """See the port."""
        self._waiting[fetch.number] = fetch.url
        if "token" in urlsplit(fetch.url).path.lower():
            self._tokens.mint(fetch.number, room_of(fetch.url, fetch.body))
        else:
            self._scheduler.after(NO_ROUTE_US, self._no_route, fetch.number)

    def abort(self, number: int) -> None:
        """See the port."""
        self._waiting.pop(number, None)

    def minted(self, event: Event) -> None:
        """See the port."""
        if isinstance(event, TokenReady):
            answer = dict.fromkeys(TOKEN_KEYS, event.token) | dict.fromkeys(URL_KEYS, SFU_URL)
            self._respond(event.epoch, 200, "OK", answer)
        elif isinstance(event, TokenFailed):
            self._respond(event.epoch, 503, "Service Unavailable", {"error": "no token"})

    def _no_route(self, number: int) -> None:
        self._window.run(TaskSource.NETWORK, self._refuse, number)

    def _refuse(self, number: int) -> None:
        self._respond(number, 404, "Not Found", {"error": "the simulator has no such route"})

    def _respond(self, number: int, status: int, text: str, body: dict[str, str]) -> None:
        url = self._waiting.pop(number, None)
        if url is not None:
            headers = {"content-type": "application/json"}
            answer = {"statusText": text, "url": url, "headers": headers, "body": json.dumps(body)}
            self._window.responded(number, status, answer)


def room_of(url: str, body: str | None) -> str:
    """The room for which a request asks for a token."""
    parts = urlsplit(url)
    asked: dict[str, object] = {key: values[0] for key, values in parse_qs(parts.query).items()}
    try:
        sent = json.loads(body or "{}")
    except ValueError:
        sent = {key: values[0] for key, values in parse_qs(body or "").items()}
    if isinstance(sent, dict):
        asked |= sent
    for key in ROOM_KEYS:
        if isinstance(room := asked.get(key), str) and room:
            return room
    *_, parent, last = ("", *parts.path.split("/"))
    return unquote(last) if "token" in parent.lower() and last else DEFAULT_ROOM
