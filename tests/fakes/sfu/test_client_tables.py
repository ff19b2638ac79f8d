"""Rules of the client that are data: its states, and its retry delays."""

from __future__ import annotations

from itertools import pairwise

from oneroom.choices.seeded import Seeded
from oneroom_fakes.sfu.rtc_engine import reconnect_delay_us, refreshed_token
from oneroom_fakes.sfu.sdk import JS
from oneroom_fakes.sfu.states import TRANSITIONS, On, State, following
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.tokens import Claims, mint, parse
from tests.units import SECOND


def test_every_state_but_the_last_can_end_and_the_last_is_for_good() -> None:
    for state in State:
        over = following(state, On.OVER)
        assert over is State.ENDED
    assert TRANSITIONS[State.ENDED] == {}


def test_a_restart_is_sticky() -> None:
    assert following(State.RESTARTING, On.LOST) is State.RESTARTING
    assert following(State.RESUMING, On.LOST) is State.RESUMING
    assert following(State.RESUMING, On.RESTART) is State.RESTARTING


def test_the_first_tries_come_without_jitter_and_the_others_within_a_second_of_their_delay() -> (
    None
):
    for seed in range(20):
        delays_us = [
            reconnect_delay_us(JS, Seeded(seed), tries) for tries in range(len(JS.retry_delays_us))
        ]
        assert tuple(delays_us[:2]) == JS.retry_delays_us[:2]
        for delay_us, base_us in zip(delays_us[2:], JS.retry_delays_us[2:], strict=True):
            assert delay_us is not None
            assert base_us <= delay_us <= base_us + JS.retry_jitter_us


def test_there_are_ten_tries_and_they_never_get_more_frequent() -> None:
    assert reconnect_delay_us(JS, Seeded(1), 10) is None
    assert reconnect_delay_us(JS, Seeded(1), 9) is not None
    assert all(earlier <= later for earlier, later in pairwise(JS.retry_delays_us))


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
