"""Rules of the application's server, as one window asks it."""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.events import TokenFailed, TokenReady
from oneroom_fakes.http_client import FETCH_US
from oneroom_fakes.network import NetworkPath
from oneroom_fakes.tokens import Claims, Tokens, TokenService, mint, parse
from tests.fakes.doubles import ObserverDouble
from tests.units import SECOND
from tests.virtual_time import ListeningPage, VirtualTime

LOW_US, HIGH_US, TTL_US = 10_000, 80_000, 3_600_000_000


class Asking:
    """One window that asks for tokens."""

    def __init__(self) -> None:
        self.scheduler = VirtualTime()
        self.page = ListeningPage("main", self.scheduler)
        self.observer = ObserverDouble(self.scheduler)
        self.path = NetworkPath(self.scheduler, Seeded(1), 5_000, 40_000)
        self.minting = TokenService(LOW_US, HIGH_US, TTL_US)
        self.tokens = Tokens(
            self.page, self.path, self.scheduler, Seeded(1), self.observer, "u1", self.minting
        )


@pytest.mark.parametrize(
    ("identity", "room"), [("u1", "lobby"), ("user.1%2E#main", "a.b%room"), ("", "")]
)
def test_a_token_says_who_joins_which_room_until_when(identity: str, room: str) -> None:
    claims = Claims(identity, room, 5)
    assert parse(mint(claims)) == claims


@pytest.mark.parametrize("text", ["", "fake.u1.lobby", "jwt.u1.lobby.5", "fake.u1.lobby.soon"])
def test_text_that_nobody_minted_is_no_token(text: str) -> None:
    with pytest.raises(ValueError, match=r"token|invalid literal"):
        parse(text)


def test_the_answer_takes_as_long_as_the_server_does_and_expires_from_then_on() -> None:
    asking = Asking()
    asking.tokens.mint(1, "lobby")
    asking.scheduler.run_until(LOW_US - 1)
    assert asking.page.events == []
    asking.scheduler.run_until(HIGH_US)
    [ready] = asking.page.events
    assert isinstance(ready, TokenReady)
    claims = parse(ready.token)
    assert (ready.epoch, claims.identity, claims.room) == (1, "u1", "lobby")
    assert claims.expires_us == asking.page.times_us[0] + TTL_US


def test_the_world_sees_that_a_token_was_minted_but_not_the_token() -> None:
    asking = Asking()
    asking.tokens.mint(3, "lobby")
    asking.scheduler.run_until(HIGH_US)
    assert [report[1:] for report in asking.observer.reports] == [("token_minted", "main", 3)]


def test_a_server_that_fails_says_so() -> None:
    asking = Asking()
    asking.minting.failing = True
    asking.tokens.mint(1, "lobby")
    asking.scheduler.run_until(HIGH_US)
    assert asking.page.events == [TokenFailed(1)]


def test_a_frozen_page_hears_the_answer_when_it_runs_again_and_a_dead_one_never() -> None:
    asking = Asking()
    asking.tokens.mint(1, "lobby")
    asking.page.freeze()
    asking.scheduler.run_until(HIGH_US)
    assert asking.page.events == []
    asking.page.resume()
    assert len(asking.page.events) == 1
    asking.page.die()
    asking.tokens.mint(2, "lobby")
    asking.scheduler.run_until(2 * HIGH_US)
    assert len(asking.page.events) == 1
    assert len(asking.observer.reports) == 1


def test_what_a_frozen_page_asks_is_sent_when_it_resumes() -> None:
    asking = Asking()
    asking.page.freeze()
    asking.page.call(lambda: asking.tokens.mint(1, "lobby"))
    asking.scheduler.run_until(SECOND)
    asking.page.resume()
    assert (asking.page.events, asking.observer.reports) == ([], [])
    asking.scheduler.run_until(SECOND + HIGH_US)
    assert len(asking.page.events) == 1


def test_a_request_without_a_network_fails_when_the_page_gives_up() -> None:
    asking = Asking()
    asking.path.drop("both")
    asking.tokens.mint(1, "lobby")
    asking.path.heal()
    asking.scheduler.run_until(FETCH_US - 1)
    assert asking.page.events == []
    asking.scheduler.run_until(FETCH_US)
    assert asking.page.events == [TokenFailed(1)]
    assert asking.observer.reports == []


def test_an_answer_that_the_network_swallows_fails_then_too() -> None:
    asking = Asking()
    asking.tokens.mint(1, "lobby")
    asking.path.drop("both")
    asking.scheduler.run_until(FETCH_US - 1)
    assert asking.page.events == []
    asking.scheduler.run_until(FETCH_US)
    assert asking.page.events == [TokenFailed(1)]


def test_a_server_that_takes_longer_than_the_page_waits_has_failed() -> None:
    asking = Asking()
    asking.minting.low_us = asking.minting.high_us = FETCH_US
    asking.tokens.mint(1, "lobby")
    asking.scheduler.run_until(2 * FETCH_US)
    assert asking.page.events == [TokenFailed(1)]


def test_the_answer_says_how_long_the_token_is_good_for() -> None:
    asking = Asking()
    asking.tokens.mint(1, "lobby")
    asking.scheduler.run_until(HIGH_US)
    [ready] = asking.page.events
    assert isinstance(ready, TokenReady)
    assert ready.valid_us == TTL_US
