"""Access tokens: the application's server, as one window asks it.

Rules: a token is text that only the fake SFU reads. It says who joins which room until when, as LiveKit's JWT does
(claims `sub`, `video.room`, `exp`); nothing is signed, because nobody here forges one.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from harness.choices.choices import Choices
from harness.choices.labels import Label
from harness.core.events import TokenFailed, TokenReady
from harness.ports.observer import Observer
from harness.ports.page import Page, TaskSource
from harness.ports.scheduler import Scheduler


class Claims(msgspec.Struct, frozen=True):
    """What a token says. `expires_us` is virtual time."""

    identity: str
    room: str
    expires_us: int


class Tokens:
    """`harness.ports.tokens.Tokens` for one window: an HTTP request whose answer takes `mint_low_us`..`mint_high_us`.

    The answer is a task of the page: it waits while the page is frozen, stalled or stopped; the token ages meanwhile.
    `sign` writes the tokens for another SFU than the fake.
    """

    def __init__(
        self,
        page: Page,
        scheduler: Scheduler,
        choices: Choices,
        observer: Observer,
        identity: str,
        mint_low_us: int,
        mint_high_us: int,
        ttl_us: int,
        sign: Callable[[Claims], str] | None = None,
    ) -> None:
        # A scenario switches this on to see what a failing application server does to the call.
        self.failing = False
        self._page = page
        self._scheduler = scheduler
        self._choices = choices
        self._observer = observer
        self._identity = identity
        self._mint_low_us = mint_low_us
        self._mint_high_us = mint_high_us
        self._ttl_us = ttl_us
        self._sign = sign or mint

    def mint(self, epoch: int, channel: str) -> None:
        """Ask for a token for session `epoch`: answered by `TokenReady` or `TokenFailed`."""
        delay_us = self._choices.between(Label.MINT_DELAY, self._mint_low_us, self._mint_high_us)
        self._scheduler.after(delay_us, self._answer, (epoch, channel))

    def _answer(self, asked: tuple[int, str]) -> None:
        epoch, channel = asked
        if not self._page.alive():
            return
        if self.failing:
            self._page.deliver(TaskSource.NETWORK, TokenFailed(epoch))
            return
        token = self._sign(Claims(self._identity, channel, self._scheduler.now_us + self._ttl_us))
        self._observer.token_minted(self._page.name, epoch)
        self._page.deliver(TaskSource.NETWORK, TokenReady(epoch, token))


def mint(claims: Claims) -> str:
    """The token that says `claims`: `fake.<identity>.<room>.<expires_us>`."""
    return f"fake.{_escape(claims.identity)}.{_escape(claims.room)}.{claims.expires_us}"


def parse(token: str) -> Claims:
    """What `token` says. Raises ValueError for text that `mint` did not write."""
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != "fake":
        raise ValueError("not a token of the fake application server")
    return Claims(_unescape(parts[1]), _unescape(parts[2]), int(parts[3]))


def _escape(name: str) -> str:
    return name.replace("%", "%25").replace(".", "%2E")


def _unescape(name: str) -> str:
    return name.replace("%2E", ".").replace("%25", "%")
