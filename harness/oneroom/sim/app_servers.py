"""The app's own server, which its page reaches by `fetch`: the routes of the scenario.

Rules: the first route that fits answers. A path that no route names and that has `token` in it is a
token endpoint, which answers under all names that apps use; others are not there. A token's room is
what the route, the query, the body or the path says; its identity is the one of the user, whatever
the page says.
"""

from __future__ import annotations

import json
from functools import partial
from http import HTTPStatus
from string import Template
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from oneroom.choices.labels import Label
from oneroom.driver.script import identity
from oneroom.javascript.protocol import Fetch
from oneroom.javascript.window import JavaScriptWindow
from oneroom.ports.page import TaskSource
from oneroom.scenario.app_server import Route
from oneroom.sim.app_tokens import signed
from oneroom.sim.browser import Browser
from oneroom.sim.environment import Environment
from oneroom_fakes.http_client import HttpClient, HttpRequest

ROOM_KEYS = ("room", "roomName", "room_name", "channel", "channelId", "channelName")
TOKEN_KEYS = ("token", "accessToken", "participantToken", "participant_token", "jwt")
URL_KEYS = ("url", "serverUrl", "server_url", "wsUrl", "ws_url", "livekitUrl")
DEFAULT_ROOM = "room"
SFU_URL = "wss://sfu.example"
# The time for an answer without a token, of which the scenario does not say one.
ANSWER_US = 20_000
ANY_TOKEN = Route(json={**dict.fromkeys(TOKEN_KEYS, "$token"), **dict.fromkeys(URL_KEYS, "$url")})
NO_ROUTE = Route(status=404, json={"error": "the simulator has no such route"})
NO_TOKEN = Route(status=503, json={"error": "no token"})
NETWORK_ERROR = -1


class Asked(NamedTuple):
    """A request that is under way."""

    number: int
    route: Route
    room: str


class AppServers:
    """Implements `oneroom.javascript.window_ports.AppServer`."""

    def __init__(
        self, window: JavaScriptWindow, browser: Browser, environment: Environment
    ) -> None:
        self._window = window
        self._http = HttpClient(window, browser.app_path(window.name), environment.kernel)
        self._minting = browser.minting
        self._environment = environment
        self._identity = identity(environment.scenario, window.name)
        self._routes = environment.scenario.app_server.routes
        self._waiting: dict[int, str] = {}

    def fetch(self, fetch: Fetch) -> None:
        """See the port."""
        self._waiting[fetch.number] = fetch.url
        route, named = self._find(fetch.method, urlsplit(fetch.url).path)
        asked = Asked(fetch.number, route, named or room_of(fetch.url, fetch.body))
        takes_us = partial(self._takes_us, route)
        self._http.send(HttpRequest(takes_us, self._answer, self._fail, asked))

    def abort(self, number: int) -> None:
        """See the port."""
        self._waiting.pop(number, None)

    def _find(self, method: str, path: str) -> tuple[Route, str]:
        """The route of a request, and the room that it names."""
        for name, route in self._routes.items():
            named, _, pattern = name.rpartition(" ")
            room = room_in(pattern, path) if named in ("", method) else None
            if room is not None:
                return route, room
        return (ANY_TOKEN if "token" in path.lower() else NO_ROUTE), ""

    def _takes_us(self, route: Route) -> int:
        choices = self._environment.choices
        if route.mints:
            minting = self._minting
            return choices.between(Label.MINT_DELAY, minting.low_us, minting.high_us)
        if route.takes is None:
            return ANSWER_US
        return choices.between(Label.APP_ANSWER, route.takes.low_us, route.takes.high_us)

    def _answer(self, asked: Asked) -> None:
        number, route, room = asked
        values = {"url": SFU_URL, "room": room, "identity": self._identity}
        if route.mints and self._minting.failing:
            route = NO_TOKEN
        elif route.mints:
            now_us, ttl_us = self._environment.kernel.now_us, self._minting.ttl_us
            values["token"] = signed(self._identity, room, now_us, ttl_us)
            self._environment.recorder.token_minted(self._window.name, number)
        answer = (number, route.status, filled(route.body, values))
        self._window.run(TaskSource.FETCH, self._respond, answer)

    def _fail(self, asked: Asked) -> None:
        self._window.run(TaskSource.FETCH, self._respond, (asked.number, NETWORK_ERROR, None))

    def _respond(self, answer: tuple[int, int, object]) -> None:
        number, status, body = answer
        url = self._waiting.pop(number, None)
        if url is None:
            return
        known = status in HTTPStatus._value2member_map_
        told = {
            "statusText": HTTPStatus(status).phrase if known else "",
            "url": url,
            "headers": {"content-type": "application/json"},
            "body": json.dumps(body),
        }
        self._window.responded(number, status, told)


def room_in(pattern: str, path: str) -> str | None:
    """The room that a path names where the pattern has `$room`; empty if it names none, None if
    the path is another one.
    """
    wanted, found = pattern.split("/"), path.split("/")
    if len(wanted) != len(found):
        return None
    room = ""
    for part, given in zip(wanted, found, strict=True):
        if part == "$room":
            room = unquote(given)
        elif part not in ("*", given):
            return None
    return room


def filled(body: object, values: dict[str, str]) -> object:
    """The body of an answer, with the values in its texts."""
    match body:
        case str():
            return Template(body).safe_substitute(values)
        case list():
            return [filled(item, values) for item in body]
        case dict():
            return {key: filled(item, values) for key, item in body.items()}
    return body


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
