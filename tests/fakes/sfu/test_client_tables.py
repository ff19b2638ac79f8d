"""Rules of the client that are data: its states, and its retry delays."""

from __future__ import annotations

from itertools import pairwise

import pytest

from oneroom.choices.seeded import Seeded
from oneroom_fakes.sfu.refreshed_token import refreshed_token
from oneroom_fakes.sfu.sdk import JS, PYTHON, Sdk
from oneroom_fakes.sfu.states import TRANSITIONS, On, State, following
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.tokens import Claims, mint, parse
from tests.units import MILLISECOND, SECOND


def test_every_state_but_the_last_can_end_and_the_last_is_for_good() -> None:
    for state in State:
        over = following(state, On.OVER)
        assert over is State.ENDED
    assert TRANSITIONS[State.ENDED] == {}


def test_a_restart_is_sticky() -> None:
    assert following(State.RESTARTING, On.LOST) is State.RESTARTING
    assert following(State.RESUMING, On.LOST) is State.RESUMING
    assert following(State.RESUMING, On.RESTART) is State.RESTARTING


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_there_are_ten_tries_and_they_never_get_more_frequent(sdk: Sdk) -> None:
    assert sdk.retry_delay_us(10, Seeded(1)) is None
    assert sdk.retry_delay_us(9, Seeded(1)) is not None
    assert all(earlier <= later for earlier, later in pairwise(sdk.retry_delays_us))


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_a_delay_is_drawn_between_its_least_and_its_most(sdk: Sdk) -> None:
    for failures, (low_us, high_us) in enumerate(sdk.retry_delays_us):
        delays_us = {sdk.retry_delay_us(failures, Seeded(seed)) for seed in range(20)}
        assert all(delay_us is not None and low_us <= delay_us <= high_us for delay_us in delays_us)
        assert (len(delays_us) > 1) == (high_us > low_us)


def test_livekit_client_spreads_a_delay_by_half_and_python_from_nothing() -> None:
    """Seen: 42 to 48 s until livekit-client gives up, 10 to 36 s until livekit for Python does."""
    assert sum(low for low, _ in JS.retry_delays_us) == 22_000 * MILLISECOND
    assert sum(high for _, high in JS.retry_delays_us) == 66_500 * MILLISECOND
    assert sum(low for low, _ in PYTHON.retry_delays_us) == 0


def test_a_ghost_lives_for_21_s_after_its_last_packet() -> None:
    """The sum that was seen on a real server: 16.0 s to the Leave, 21.0 s to the removal."""
    timers = SfuTimers()
    assert timers.media_failed_us == 16 * SECOND
    assert timers.media_failed_us + timers.ghost_after_failure_us == 21 * SECOND


def test_a_refreshed_token_lives_from_the_last_refresh_heard_and_no_shorter_than_its_own() -> None:
    short, long = (
        mint(Claims("u1", "lobby", 60 * SECOND)),
        mint(Claims("u1", "lobby", 9_999 * SECOND)),
    )
    joined_us = 10 * SECOND
    for heard_us, refreshes in (
        (joined_us, 0),
        (joined_us + 299 * SECOND, 0),
        (joined_us + 601 * SECOND, 2),
        (0, 0),
    ):
        expected_us = joined_us + refreshes * JS.token_refresh_us + JS.refreshed_ttl_us
        assert parse(refreshed_token(short, joined_us, heard_us, JS)).expires_us == expected_us
        assert refreshed_token(long, joined_us, heard_us, JS) == long
