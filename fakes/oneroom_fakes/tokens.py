"""Access tokens: the application's server, and one window's requests to it.

Rules: a token is text that only the fake SFU reads. It carries an identity, a room and an expiry,
as LiveKit's JWT does (claims `sub`, `video.room`, `exp`); it is not signed, because no token is
forged here.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.events import TokenFailed, TokenReady
from oneroom.core.state import Source
from oneroom.ports.observer import Observer
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.http_client import HttpClient, HttpRequest
from oneroom_fakes.network import NetworkPath


class Claims(msgspec.Struct, frozen=True):
    """The claims of a token. `expires_us` is virtual time; `sources` are what its participant may
    publish.
    """

    identity: str
    room: str
    expires_us: int
    sources: tuple[Source, ...] = tuple(Source)


class TokenService:
    """The application's server: it answers within `low_us`..`high_us`, with a token that is valid
    for `ttl_us`.
    """

    def __init__(self, low_us: int, high_us: int, ttl_us: int) -> None:
        self.low_us = low_us
        self.high_us = high_us
        self.ttl_us = ttl_us
        # Fault, switched by a scenario: the server answers with an error.
        self.failing = False


class Tokens:
    """Implements `oneroom.ports.tokens.Tokens` for one window: HTTP requests to the application's
    server over `path`.

    The answer is a task of the page: it waits while the page is frozen, stalled or stopped, and the
    token ages meanwhile. `sign` makes tokens for an SFU other than the fake.
    """

    def __init__(
        self,
        page: Page,
        path: NetworkPath,
        scheduler: Scheduler,
        choices: Choices,
        observer: Observer,
        identity: str,
        minting: TokenService,
        sign: Callable[[Claims], str] | None = None,
    ) -> None:
        self._page = page
        self._http = HttpClient(page, path, scheduler)
        self._scheduler = scheduler
        self._choices = choices
        self._observer = observer
        self._identity = identity
        self._minting = minting
        self._sign = sign or mint

    def mint(self, epoch: int, channel: str) -> None:
        """Ask for a token for session `epoch`: answered by `TokenReady` or `TokenFailed`."""
        asked = (epoch, channel)
        self._http.send(HttpRequest(self._takes_us, self._answer, self._give_up, asked))

    def _takes_us(self) -> int:
        minting = self._minting
        return self._choices.between(Label.MINT_DELAY, minting.low_us, minting.high_us)

    def _answer(self, asked: tuple[int, str]) -> None:
        epoch, channel = asked
        if self._minting.failing:
            self._give_up(asked)
            return
        ttl_us = self._minting.ttl_us
        token = self._sign(Claims(self._identity, channel, self._scheduler.now_us + ttl_us))
        self._observer.token_minted(self._page.name, epoch)
        self._page.deliver(TaskSource.FETCH, TokenReady(epoch, token, ttl_us))

    def _give_up(self, asked: tuple[int, str]) -> None:
        self._page.deliver(TaskSource.FETCH, TokenFailed(asked[0]))


def mint(claims: Claims) -> str:
    """The token with `claims`: `fake.<identity>.<room>.<expires_us>.<sources>`."""
    sources = "".join(str(source.value) for source in claims.sources)
    names = f"{_escape(claims.identity)}.{_escape(claims.room)}"
    return f"fake.{names}.{claims.expires_us}.{sources}"


def parse(token: str) -> Claims:
    """The claims of `token`. Raises ValueError for text that `mint` did not make."""
    parts = token.split(".")
    if len(parts) != 5 or parts[0] != "fake":
        raise ValueError("not a token of the fake application server")
    sources = tuple(Source(int(digit)) for digit in parts[4])
    return Claims(_unescape(parts[1]), _unescape(parts[2]), int(parts[3]), sources)


def with_sources(token: str, sources: tuple[Source, ...]) -> str:
    """`token` as the server refreshes it after a change of what may be published."""
    return mint(msgspec.structs.replace(parse(token), sources=sources))


def _escape(name: str) -> str:
    return name.replace("%", "%25").replace(".", "%2E")


def _unescape(name: str) -> str:
    return name.replace("%2E", ".").replace("%25", "%")
