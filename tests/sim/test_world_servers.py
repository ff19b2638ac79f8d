"""Faults of the SFU and of the application's server, and what a window sees of them."""

from __future__ import annotations

import pytest

from oneroom.choices.labels import Label
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from oneroom.trace import records as r
from oneroom.trace.records import RoomState
from tests.sim.played import JOIN, Played, play, steps
from tests.units import MILLISECOND, SECOND
from tests.virtual_time import Drawn

RECONNECTED = [RoomState.OPENING, RoomState.CONNECTED, RoomState.RECONNECTING, RoomState.HEALED]
REOPENED = [
    RoomState.OPENING,
    RoomState.CONNECTED,
    RoomState.ENDED,
    RoomState.OPENING,
    RoomState.CONNECTED,
]


def presences(played: Played, presence: Presence, since_us: int = 0) -> list[r.PresenceChanged]:
    return [
        one for one in played.all(r.PresenceChanged, since_us=since_us) if one.presence == presence
    ]


def reasons(played: Played) -> list[Reason]:
    """Why sessions left the SFU."""
    return [Reason(one.reason) for one in presences(played, Presence.LEFT)]


@pytest.mark.parametrize(
    ("fault", "left", "rooms"),
    [
        ("signal_reconnect", [], RECONNECTED),
        ("full_reconnect", [Reason.DUPLICATE_IDENTITY], RECONNECTED),
        ("disconnect_signal_on_resume_no_messages", [], RECONNECTED),
        (
            "resume_reconnect",
            [Reason.CLIENT_INITIATED],
            [*RECONNECTED[:3], RoomState.RECONNECTING, RoomState.HEALED],
        ),
        (
            "node_failure",
            [Reason.SERVER_SHUTDOWN],
            [*RECONNECTED[:3], RoomState.RECONNECTING, RoomState.HEALED],
        ),
        (
            "migration",
            [Reason.MIGRATION],
            [*RECONNECTED[:3], RoomState.RECONNECTING, RoomState.HEALED],
        ),
        ("server_leave", [Reason.SERVER_SHUTDOWN], REOPENED),
    ],
)
def test_a_simulated_fault(fault: str, left: list[Reason], rooms: list[RoomState]) -> None:
    played = play(JOIN, f"at: 5s, {fault}: {{window: main}}", until_us=25 * SECOND)
    assert reasons(played) == left
    assert played.rooms("main") == rooms
    assert played.faults() == [], "it is over as soon as it has happened"


def test_a_resume_whose_signal_dies_again_is_resumed_or_joined_anew() -> None:
    played = play(JOIN, "at: 5s, disconnect_signal_on_resume: {window: main}", until_us=40 * SECOND)
    assert len(presences(played, Presence.RESUMED)) >= 1
    assert played.rooms("main")[-1] is RoomState.HEALED


def test_a_resume_that_is_not_answered_is_tried_again() -> None:
    played = play(
        JOIN,
        "at: 5s, disconnect_signal_on_resume_no_messages: {window: main}",
        until_us=25 * SECOND,
    )
    (resumed,) = presences(played, Presence.RESUMED)
    assert resumed.at_us >= 5 * SECOND + 300 * MILLISECOND, "by the second try"


def test_a_frozen_page_simulates_nothing_until_it_runs_again() -> None:
    fault, thaw = "at: 6s, full_reconnect: {window: main}", "at: 8s, resume: {window: main}"
    played = play(JOIN, "at: 5s, freeze: {window: main}", fault, thaw, until_us=15 * SECOND)
    (lost,) = [
        one.at_us
        for one in played.all(r.RoomChanged, "main")
        if one.state is RoomState.RECONNECTING
    ]
    assert lost >= 8 * SECOND


def test_a_fault_of_a_room_that_is_not_there_is_nothing() -> None:
    played = play("at: 2s, node_failure: {window: main}", "at: 3s, server_leave: {window: overlay}")
    assert played.all(r.PresenceChanged) == []
    assert played.all(r.RoomChanged) == []


def test_a_reset_signal_is_resumed() -> None:
    played = play(JOIN, "at: 5s, break_signal: {window: main}")
    assert played.rooms("main") == RECONNECTED
    assert len(presences(played, Presence.RESUMED)) == 1
    assert reasons(played) == []


def test_a_server_that_is_away_for_longer_than_the_sdk_tries_is_joined_in_the_end() -> None:
    played = play(JOIN, "at: 5s, restart_server: {down: 70s}", until_us=100 * SECOND)
    rooms = played.rooms("main")
    assert RoomState.ENDED in rooms, "the SDK has given up"
    assert rooms[-1] is RoomState.CONNECTED
    (back,) = presences(played, Presence.JOINED, 6 * SECOND)
    assert back.at_us >= 75 * SECOND


def test_a_server_that_is_stopped_is_given_up_and_joined_when_it_is_started() -> None:
    played = play(
        JOIN, "at: 5s, stop_server: {}", "at: 70s, start_server: {}", until_us=100 * SECOND
    )
    assert reasons(played) == [Reason.SERVER_SHUTDOWN]
    ended = [one for one in played.all(r.RoomChanged, "main") if one.state is RoomState.ENDED]
    assert ended[0].reason == Reason.UNKNOWN, "the SDK says no more than that it has given up"
    errors = {
        played.name(one.error) for one in played.all(r.Rendered, "overlay", since_us=ended[0].at_us)
    }
    assert "no connection" in errors, "the other window is told"
    assert played.name(played.all(r.Rendered, "overlay")[-1].error) == ""
    (back,) = presences(played, Presence.JOINED, 6 * SECOND)
    assert back.at_us >= 70 * SECOND
    assert played.rooms("main")[-1] is RoomState.CONNECTED
    assert played.faults() == [("world", "stop_server", True), ("world", "stop_server", False)]


def test_healing_starts_a_stopped_server() -> None:
    played = play(JOIN, "at: 5s, stop_server: {}", "at: 8s, heal: {}", until_us=30 * SECOND)
    assert played.rooms("main")[-1] is RoomState.HEALED
    assert played.faults()[-1] == ("world", "stop_server", False)


def test_a_server_off_its_network_is_lost_by_the_first_try_and_resumed() -> None:
    played = play(JOIN, "at: 5s, unplug_server: {lasts: 4s}", until_us=30 * SECOND)
    (lost,) = [
        one.at_us
        for one in played.all(r.RoomChanged, "main")
        if one.state is RoomState.RECONNECTING
    ]
    assert lost <= 5 * SECOND + 600 * MILLISECOND, "said with the first try, 0 to 0.5 s later"
    (resumed,) = presences(played, Presence.RESUMED)
    assert resumed.at_us >= 9 * SECOND
    assert reasons(played) == [], "the server has noticed nothing"
    saw = [(one.presence, one.at_us) for one in played.all(r.WitnessSaw) if one.at_us >= 5 * SECOND]
    assert [presence for presence, _ in saw] == [Presence.LEFT, Presence.JOINED, Presence.ACTIVE]
    assert [at_us for _, at_us in saw] == [5 * SECOND, 9 * SECOND, 9 * SECOND], (
        "the witness was cut off as well"
    )


def test_a_server_that_is_long_off_its_network_removes_who_is_not_heard() -> None:
    played = play(JOIN, "at: 5s, unplug_server: {lasts: 30s}", until_us=70 * SECOND)
    (left,) = presences(played, Presence.LEFT)
    assert (left.reason, left.at_us) == (Reason.CONNECTION_TIMEOUT, 26 * SECOND)
    assert played.rooms("main")[-1] is RoomState.HEALED


def test_who_joins_while_the_server_is_off_its_network_is_refused_and_tries_again() -> None:
    early = "at: 2s, connect: {window: overlay, channel: lobby}"
    played = play("at: 1s, unplug_server: {lasts: 3s}", early, until_us=20 * SECOND)
    (joined,) = presences(played, Presence.JOINED)
    assert joined.at_us >= 4 * SECOND


def test_who_loses_the_server_between_its_join_and_its_media_resumes() -> None:
    unplug = "at: 2060ms, unplug_server: {lasts: 1ms}"
    for phase_ms in range(0, 120, 5):
        joining = f"at: {2_000 - phase_ms}ms, connect: {{window: main, channel: lobby}}"
        played = play(joining, unplug, until_us=20 * SECOND)
        assert played.rooms("main")[-1] in (RoomState.CONNECTED, RoomState.HEALED)
        assert played.all(r.TrackChanged), "its microphone is published whenever that was"


def test_two_unplugs_that_overlap_end_with_the_later_one() -> None:
    unplugs = "at: 5s, unplug_server: {lasts: 4s}", "at: 6s, unplug_server: {lasts: 1s}"
    played = play(JOIN, *unplugs, until_us=20 * SECOND)
    (resumed,) = presences(played, Presence.RESUMED)
    assert resumed.at_us >= 9 * SECOND


def test_a_paused_server_answers_late() -> None:
    joining = "at: 6s, connect: {window: overlay, channel: lobby}"
    played = play("at: 5s, pause_server: {lasts: 4s}", joining, until_us=20 * SECOND)
    (joined,) = presences(played, Presence.JOINED)
    assert 9 * SECOND <= joined.at_us <= 10 * SECOND
    assert played.faults() == [("world", "pause_server", True), ("world", "pause_server", False)]


def test_two_pauses_that_overlap_end_with_the_later_one() -> None:
    pauses = "at: 5s, pause_server: {lasts: 4s}", "at: 6s, pause_server: {lasts: 1s}"
    played = play(
        *pauses, "at: 6s, connect: {window: overlay, channel: lobby}", until_us=20 * SECOND
    )
    (joined,) = presences(played, Presence.JOINED)
    assert joined.at_us >= 9 * SECOND


def test_a_draining_server_accepts_who_comes() -> None:
    played = play("at: 1s, drain: {}", JOIN)
    assert len(presences(played, Presence.ACTIVE)) == 1
    assert reasons(played) == []


@pytest.mark.parametrize("drained", [True, False])
def test_a_server_that_shuts_down_says_so(drained: bool) -> None:
    before = ["at: 4s, drain: {}"] if drained else []
    lines = (JOIN, *before, "at: 5s, shut_down_server: {down: 10s}")
    told = Drawn({Label.LAST_WORDS: [0]})
    played = Played(steps(*lines), told).until(40 * SECOND)
    assert reasons(played) == [Reason.SERVER_SHUTDOWN]
    ended = [one for one in played.all(r.RoomChanged, "main") if one.state is RoomState.ENDED]
    assert ended[0].reason == Reason.SERVER_SHUTDOWN
    (back,) = presences(played, Presence.JOINED, 6 * SECOND)
    assert back.at_us >= 15 * SECOND
    assert played.rooms("main")[-1] is RoomState.CONNECTED


def test_no_token_no_room_until_heal() -> None:
    played = play("at: 1s, fail_tokens: {}", JOIN, "at: 20s, heal: {}", until_us=40 * SECOND)
    (opened,) = [
        one.at_us for one in played.all(r.RoomChanged, "main") if one.state is RoomState.OPENING
    ]
    assert 20 * SECOND <= opened <= 31 * SECOND
    assert "no token" in {played.name(one.error) for one in played.all(r.Rendered, "overlay")}
    assert played.faults() == [("world", "fail_tokens", True), ("world", "fail_tokens", False)]


def test_a_slow_token_makes_a_late_room() -> None:
    slow = "at: 1s, slow_tokens: {takes: 3s}"
    played = play(slow, JOIN, "at: 10s, heal: {}", "at: 11s, server_leave: {window: main}")
    (minted, *_) = played.all(r.TokenMinted)
    assert minted.at_us == 5 * SECOND
    assert played.faults() == [("world", "slow_tokens", True), ("world", "slow_tokens", False)]


def test_a_token_in_hand_opens_the_next_room_without_the_applications_server() -> None:
    played = play(
        JOIN,
        "at: 5s, fail_tokens: {}",
        "at: 6s, server_leave: {window: main}",
        until_us=10 * SECOND,
    )
    assert len(played.all(r.TokenMinted)) == 1
    assert played.rooms("main") == REOPENED


def test_the_applications_server_is_cut_with_everything_and_by_itself() -> None:
    for path, minted in (("app", 0), ("both", 0), ("signal", 1), ("media", 1)):
        played = play(
            f"at: 1s, drop_network: {{window: main, path: {path}}}", JOIN, until_us=5 * SECOND
        )
        assert len(played.all(r.TokenMinted)) == minted, path


def test_an_answer_that_the_network_swallowed_is_not_waited_for() -> None:
    cut = "at: 2010ms, drop_network: {window: main, path: app}"
    slow = "at: 1s, slow_tokens: {takes: 100ms}"
    played = play(slow, JOIN, cut, "at: 3s, heal_network: {window: main}", until_us=25 * SECOND)
    (opened,) = [
        one.at_us for one in played.all(r.RoomChanged, "main") if one.state is RoomState.OPENING
    ]
    assert 17 * SECOND <= opened <= 18 * SECOND + 200 * MILLISECOND
