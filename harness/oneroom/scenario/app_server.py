"""The app's own server, as a scenario describes it: what it answers to the pages of an app."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue, ValidationInfo
from pydantic.json_schema import WithJsonSchema

from oneroom.ports.socket_handler import CLOSE_CODES
from oneroom.scenario.diagnostic import RefusalError, shorten
from oneroom.scenario.fields import Frozen, Range

ROUTE_PATTERN = r"^(?:(?:GET|POST|PUT|PATCH|DELETE) )?/[^\s?#]*$"
"""A path, perhaps with its method before it; `*` is any one part of it, `$room` names the room."""

SOCKET_PATTERN = r"^/[^\s?#]*$"
_HANDLER = re.compile(r"[\w.]+:\w+")

_TOKEN = re.compile(r"\$(?:token\b|\{token\})")


def _route_name(name: str) -> str:
    if not re.match(ROUTE_PATTERN, name):
        raise RefusalError(
            f"`{shorten(name)}` is no route",
            "write a path without its query, such as `/api/token` or `POST /rooms/$room/token`",
        )
    return name


def _status(status: int) -> int:
    if not 200 <= status <= 599:
        raise RefusalError(
            f"an answer has a status from 200 to 599, not {status}", "write for example `503`"
        )
    return status


def _has_token(value: JsonValue) -> bool:
    match value:
        case str():
            return _TOKEN.search(value) is not None
        case list():
            return any(_has_token(item) for item in value)
        case dict():
            return any(_has_token(item) for item in value.values())
    return False


def _not_for_a_token(takes: object, info: ValidationInfo) -> object:
    if takes is not None and _has_token(info.data.get("body")):
        raise RefusalError(
            "a route that mints a token takes as long as `tokens` says",
            "leave it out, and write `tokens: {mint: 10ms..80ms}`",
        )
    return takes


class Route(Frozen):
    """The answer to a request."""

    status: Annotated[
        int,
        AfterValidator(_status),
        WithJsonSchema({"type": "integer", "minimum": 200, "maximum": 599}),
    ] = Field(default=200, description="The status of the answer.", examples=[503])
    body: JsonValue = Field(
        default={},
        alias="json",
        description="The body of the answer. In its texts `$token` is a token, which the request "
        "mints, `$url` the address of the SFU, `$room` and `$identity` what the token is for.",
        examples=[{"accessToken": "$token", "serverUrl": "$url"}],
    )
    takes: Annotated[Range | None, AfterValidator(_not_for_a_token)] = Field(
        default=None,
        description="How long an answer without a token takes; default: 20ms.",
        examples=["20ms"],
    )

    @property
    def mints(self) -> bool:
        """True if the answer has a token in it."""
        return _has_token(self.body)


def _socket_path(name: str) -> str:
    if not re.match(SOCKET_PATTERN, name):
        raise RefusalError(
            f"`{shorten(name)}` is no path of a WebSocket", "write for example `/live`"
        )
    return name


def _close_code(code: int) -> int:
    if code not in CLOSE_CODES:
        raise RefusalError(
            f"no server closes a WebSocket with {code}",
            "write 1000, 1001, 1008, 1011, 1012, 1013, one from 3000 to 4999, or 1006 for a "
            "connection that breaks",
        )
    return code


class Said(Frozen):
    """A message of the server over a WebSocket."""

    after: Range = Field(description="How long after the socket was opened.", examples=["1s"])
    message: JsonValue = Field(
        description="The message: a text as it stands, everything else as JSON.",
        examples=[{"type": "ready"}],
    )


class Closing(Frozen):
    """The end of a WebSocket by its server."""

    after: Range = Field(description="How long after the socket was opened.", examples=["30s"])
    code: Annotated[
        int,
        AfterValidator(_close_code),
        WithJsonSchema({"type": "integer", "minimum": 1000, "maximum": 4999}),
    ] = Field(
        default=1000,
        description="The close code; 1006 for a connection that breaks.",
        examples=[1012],
    )
    reason: str = Field(default="", description="The reason in the closing frame.")


def _handler(name: str) -> str:
    if name and not _HANDLER.fullmatch(name):
        raise RefusalError(
            f"`{shorten(name)}` names no class", "write module:Class, such as `my_server:Live`"
        )
    return name


def _not_with_handler(script: object, info: ValidationInfo) -> object:
    if info.data.get("handler"):
        raise RefusalError(
            "a socket has a handler or a script, not both",
            "leave it out, and let the handler do it",
        )
    return script


_SCRIPTED = AfterValidator(_not_with_handler)


class SocketRoute(Frozen):
    """The server's part of a WebSocket: a script, or a handler of the user's own."""

    handler: Annotated[str, AfterValidator(_handler)] = Field(
        default="",
        description="A class of your own that serves it, in place of a script: `module:Class`, a "
        "subclass of oneroom.SocketHandler.",
        examples=["my_server:Live"],
    )
    says: Annotated[tuple[Said, ...], _SCRIPTED] = Field(
        default=(),
        description="What it says by itself.",
        examples=[[{"after": "0s", "message": "welcome"}]],
    )
    answers: Annotated[dict[str, JsonValue], _SCRIPTED] = Field(
        default={},
        description="What it answers, by the text of the message.",
        examples=[{"ping": "pong"}],
    )
    closes: Annotated[Closing | None, _SCRIPTED] = Field(
        default=None,
        description="When it closes the socket; default: never.",
        examples=[{"after": "30s", "code": 1012}],
    )


class AppServer(Frozen):
    """The app's own server."""

    routes: dict[
        Annotated[
            str,
            AfterValidator(_route_name),
            WithJsonSchema({"type": "string", "pattern": ROUTE_PATTERN}),
        ],
        Route,
    ] = Field(
        default={},
        description="What it answers, by the path of the request, the first that fits. What is "
        "not named is as without this: a path with `token` in it mints one, others are not there.",
        examples=[{"/api/join": {"json": {"accessToken": "$token"}}}],
    )
    sockets: dict[
        Annotated[
            str,
            AfterValidator(_socket_path),
            WithJsonSchema({"type": "string", "pattern": SOCKET_PATTERN}),
        ],
        SocketRoute,
    ] = Field(
        default={},
        description="The WebSockets that it serves, by their path, the first that fits; others "
        "are refused.",
        examples=[{"/live": {"answers": {"ping": "pong"}}}],
    )

    @property
    def handlers(self) -> tuple[str, ...]:
        """The names of the handlers of the user's own, each once."""
        return tuple(dict.fromkeys(one.handler for one in self.sockets.values() if one.handler))
