"""Rules of losing the connection and getting it back: what is resumed, what is restarted, what is
not even noticed.
"""

from __future__ import annotations

import pytest
from msgspec import structs

from oneroom.core.events import RoomEnded, RoomHealed, RoomLost
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence
from oneroom_fakes.sfu.sdk import JS, PYTHON, Sdk
from oneroom_fakes.sfu.timers import SfuTimers
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, JOIN_US, ROOM, Rig
from tests.units import MILLISECOND, SECOND

SERVER = SfuTimers()


def test_a_cut_of_8_s_is_noticed_by_nobody() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("both")
    rig.run_for(8 * SECOND)
    main.path.heal()
    rig.run_for(60 * SECOND)
    assert main.kinds() == ["RoomConnected"]
    assert len(rig.presence("main")) == 2


def noticed_us(after_us: int, heard: bool) -> int:
    """The time from a cut of signalling, `after_us` after the join, to its loss. With `heard` a
    message about somebody else comes in a second before the cut.
    """
    rig = Rig(sdk=PYTHON)  # which loses no time of its own
    main = rig.joined("main")
    rig.run_for(after_us - SECOND)
    if heard:
        rig.sfu.remotes.joins("u2", ROOM, microphone=True)
    rig.run_for(SECOND)
    cut_us = rig.now_us
    main.path.drop("signal")
    rig.run_for(JS.ping_timeout_us)
    [lost_us] = main.at(RoomLost)
    return lost_us - cut_us


def test_dead_signalling_is_noticed_10_to_15_s_after_the_cut_depending_on_the_last_pong() -> None:
    noticed = [noticed_us(wait_s * SECOND, heard=False) for wait_s in range(1, 11)]
    earliest_us = JS.ping_timeout_us - JS.ping_interval_us
    assert all(earliest_us <= after_us <= JS.ping_timeout_us for after_us in noticed)
    # One second later in the interval, one second earlier noticed.
    assert noticed[0] - noticed[1] == SECOND
    assert noticed[0] == noticed[5]


def test_the_time_out_counts_from_the_last_message_of_any_kind() -> None:
    """Seen: noticed 13.5 to 14.1 s after the cut, and one of 12 s never."""
    silent_us, heard_us = (noticed_us(4 * SECOND, heard) for heard in (False, True))
    assert silent_us < 12 * SECOND
    assert 14 * SECOND <= heard_us <= 14 * SECOND + DELAY_HIGH_US


def test_dead_signalling_alone_leaves_the_participant_active_for_as_long_as_media_lives() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("signal")
    rig.run_for(60 * SECOND)
    assert rig.left("main") == []
    assert rig.times("main", Presence.GHOST) == []
    main.path.heal()
    rig.run_for(15 * SECOND)
    assert main.events[-1] == RoomHealed(1, "PA_1")
    assert len(rig.times("main", Presence.RESUMED)) == 1


def test_a_resume_keeps_the_sid_and_is_called_done_after_the_settling_time() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("signal")
    rig.run_for(JS.ping_timeout_us)
    main.path.heal()
    rig.run_for(SECOND + JS.resume_settle_us)
    assert main.kinds() == ["RoomConnected", "RoomLost", "RoomHealed"]
    [resumed_us] = rig.times("main", Presence.RESUMED)
    assert 0 <= main.at(RoomHealed)[0] - resumed_us - JS.resume_settle_us <= DELAY_HIGH_US
    assert rig.listed() == (("u1", "PA_1"),)


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_a_broken_websocket_is_resumed_after_the_first_delay(sdk: Sdk) -> None:
    """Another connection takes the session: close code 1000, no Leave."""
    rig = Rig(sdk=sdk)
    main = rig.joined("main")
    rig.sfu.restart()
    _, latest_us = sdk.retry_delays_us[0]
    rig.run_for(latest_us + DELAY_HIGH_US)
    assert main.kinds()[:2] == ["RoomConnected", "RoomLost"]


def test_16_s_of_silence_end_with_a_leave_that_says_resume_and_the_sid_is_kept() -> None:
    """Process stopped for 18 s (seen: SIGSTOP 18 s resumes, SIDs kept, others never notice)."""
    rig = Rig()
    main = rig.joined("main", publish=True)
    rig.run_for(4 * SECOND)
    witnessed = len(rig.witnessed())
    main.stop()
    rig.run_for(18 * SECOND)
    assert main.kinds() == ["RoomConnected", "CaptureStarted"]
    main.go_on()
    rig.run_for(10 * SECOND)
    assert main.kinds() == ["RoomConnected", "CaptureStarted", "RoomLost", "RoomHealed"]
    assert rig.listed() == (("u1", "PA_1"),)
    assert rig.left("main") == []
    assert len(rig.witnessed()) == witnessed


def test_the_session_of_a_stopped_process_ends_when_a_ghost_would_and_is_none() -> None:
    rig = Rig()
    main = rig.joined("main")
    stopped_us = rig.now_us
    main.stop()
    rig.run_for(30 * SECOND)
    assert rig.left("main") == [
        (
            stopped_us + SERVER.media_failed_us + SERVER.ghost_after_failure_us,
            Reason.CONNECTION_TIMEOUT,
        )
    ]
    assert rig.times("main", Presence.GHOST) == []  # its client still exists


def test_whoever_was_taken_over_after_its_transport_failed_is_not_told_and_takes_the_session() -> (
    None
):
    """Stopped for 18 s, taken over at 17 s: the Leave had no connection left to go by."""
    rig = Rig()
    main = rig.joined("main")
    main.stop()
    rig.run_for(17 * SECOND)
    overlay = rig.joined("overlay")
    main.go_on()
    rig.run_for(60 * SECOND)
    assert main.ended() is None
    assert overlay.ended() is Reason.DUPLICATE_IDENTITY


def test_dead_media_alone_is_resumed_by_python_and_restarts_the_servers_timers() -> None:
    rig = Rig(sdk=PYTHON)
    main = rig.joined("main")
    cut_us = rig.now_us
    main.path.drop("media")
    rig.run_for(30 * SECOND)
    assert main.at(RoomLost) == [cut_us + PYTHON.media_failed_us]
    assert rig.left("main") == []  # seen: still listed at 30 s
    main.path.heal()
    rig.run_for(5 * SECOND)
    assert main.events[-1] == RoomHealed(1, "PA_1")


def test_media_that_does_not_come_back_ends_in_a_restart_of_python() -> None:
    """Seen: a full join 30.7 s after the cut."""
    rig = Rig(sdk=PYTHON)
    main = rig.joined("main")
    cut_us = rig.now_us
    main.path.drop("media")
    rig.run_for(32 * SECOND)
    assert main.kinds() == ["RoomConnected", "RoomLost"]
    restarted_us = rig.times("main", Presence.JOINED)[1] - cut_us
    assert 30_500 * MILLISECOND <= restarted_us <= 31 * SECOND
    main.path.heal()
    rig.run_for(5 * SECOND)
    assert main.events[-1] == RoomHealed(1, "PA_2")


def test_livekit_client_calls_a_resume_done_over_dead_media_once() -> None:
    """Seen: the server tells it at 16.5 s, healed at 18.7 s, told again at 31.7 s, a full join at
    49.3 s.
    """
    rig = Rig()
    main = rig.joined("main")
    cut_us = rig.now_us
    main.path.drop("media")
    rig.run_for(55 * SECOND)
    healed_us = main.at(RoomHealed)[0] - cut_us
    assert 18 * SECOND <= healed_us <= 19 * SECOND
    restarted_us = rig.times("main", Presence.JOINED)[1] - cut_us
    assert 48 * SECOND <= restarted_us <= 53 * SECOND
    assert len(main.at(RoomHealed)) == 1


def test_a_restart_says_goodbye_to_the_old_session_while_it_can() -> None:
    rig = Rig(timers=SfuTimers(media_failed_us=60 * SECOND), sdk=PYTHON)
    main = rig.joined("main")
    main.path.drop("media")
    rig.run_for(PYTHON.media_failed_us + PYTHON.resume_media_us + 2 * SECOND)
    assert [reason for _, reason in rig.left("main")] == [Reason.CLIENT_INITIATED]
    assert main.ended() is None


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_a_resume_into_nothing_is_answered_with_a_mismatch_and_restarts_with_the_next_try(
    sdk: Sdk,
) -> None:
    rig = Rig(sdk=sdk)
    main = rig.joined("main")
    broken_us = rig.now_us
    rig.sfu.restart()
    rig.run_for(5 * SECOND)
    joined_us = rig.times("main", Presence.JOINED)[1]
    latest_us = sum(high for _, high in sdk.retry_delays_us[:2]) + 7 * DELAY_HIGH_US
    assert joined_us - broken_us <= latest_us
    assert main.events[-1] == RoomHealed(1, "PA_2")
    assert main.at(RoomHealed)[0] - joined_us >= sdk.restart_settle_us
    assert [reason for _, reason in rig.left("main")] == [Reason.SERVER_SHUTDOWN]


@pytest.mark.parametrize(("sdk", "low_us", "high_us"), [(JS, 0, SECOND), (PYTHON, 0, SECOND)])
def test_a_full_reconnect_of_a_client_with_tracks_is_over_with_them(
    sdk: Sdk, low_us: int, high_us: int
) -> None:
    rig = Rig(sdk=sdk)
    main = rig.joined("main", publish=True)
    main.simulate("FULL_RECONNECT")
    rig.run_for(5 * SECOND)
    took_us = main.at(RoomHealed)[0] - rig.times("main", Presence.JOINED)[1]
    assert low_us <= took_us <= high_us


@pytest.mark.parametrize(
    ("sdk", "lost"),
    [
        # SignalReconnecting, Reconnecting as its media fails, then one of each try.
        (JS, ["RoomLost", "RoomLost", "RoomLost", "RoomLost"]),
        (PYTHON, ["RoomLost"]),
    ],
)
def test_a_session_that_was_removed_during_a_cut_is_restarted_with_a_new_sid(
    sdk: Sdk, lost: list[str]
) -> None:
    rig = Rig(sdk=sdk)
    main = rig.joined("main", publish=True)
    main.path.drop("both")
    rig.run_for(40 * SECOND)
    assert rig.listed() == ()
    main.path.heal()
    rig.run_for(30 * SECOND)
    assert main.kinds() == ["RoomConnected", "CaptureStarted", *lost, "RoomHealed"]
    assert rig.listed() == (("u1", "PA_2"),)
    assert rig.devices.capturing("main") == [Source.MICROPHONE]


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_the_sdk_gives_up_after_its_tries_and_says_so_once(sdk: Sdk) -> None:
    rig = Rig(sdk=sdk)
    main = rig.joined("main")
    rig.sfu.stop()
    rig.run_for(sum(high for _, high in sdk.retry_delays_us) + SECOND)
    assert main.kinds().count("RoomEnded") == 1
    assert main.ended() is Reason.UNKNOWN
    lasted_us = main.at(RoomEnded)[0] - main.at(RoomLost)[0]
    assert lasted_us >= sum(low for low, _ in sdk.retry_delays_us[1:])
    said = len(main.events)
    rig.run_for(300 * SECOND)
    assert len(main.events) == said


def test_a_client_that_gives_up_while_its_media_lives_becomes_a_ghost_only_then() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("signal")
    rig.run_for(300 * SECOND)
    ended_us = main.at(RoomEnded)[0]
    assert ended_us > 150 * SECOND, "ten resumes of 15 s each"
    assert rig.times("main", Presence.GHOST) == [ended_us]
    assert (
        rig.left("main")[0][0] == ended_us + SERVER.media_failed_us + SERVER.ghost_after_failure_us
    )


def test_python_gives_up_its_session_with_the_first_resume_that_fails() -> None:
    rig = Rig(sdk=PYTHON)
    main = rig.joined("main")
    cut_us = rig.now_us
    main.path.drop("signal")
    rig.run_for(60 * SECOND)
    [(left_us, reason)] = rig.left("main")
    assert reason is Reason.CONNECTION_TIMEOUT
    assert 35 * SECOND <= left_us - cut_us <= 42 * SECOND, "seen: 39 s"
    assert main.ended() is None


def test_a_server_that_is_down_for_a_while_is_found_again() -> None:
    rig = Rig()
    main = rig.joined("main")
    rig.sfu.restart(down_us=4 * SECOND)
    rig.run_for(3 * SECOND)
    assert rig.listed() == ()
    rig.run_for(20 * SECOND)
    assert main.events[-1] == RoomHealed(1, "PA_2")


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_signalling_that_breaks_again_during_the_settling_time_is_noticed_when_that_is_over(
    sdk: Sdk,
) -> None:
    rig = Rig(sdk=sdk)
    main = rig.settling("main")
    main.path.break_signal()
    rig.run_for(10 * SECOND)
    resumed, joined = (len(rig.times("main", one)) for one in (Presence.RESUMED, Presence.JOINED))
    assert (resumed, joined) == ((2, 1) if sdk.resumes_again else (1, 2))
    assert main.kinds()[-1] == "RoomHealed"
    assert main.kinds().count("RoomHealed") == 1


def test_the_token_is_refreshed_while_signalling_is_up() -> None:
    ttl_us = 60 * SECOND
    rig = Rig()
    main = rig.window("main")
    main.join(ttl_us=ttl_us)
    rig.run_for(2 * JS.token_refresh_us)
    rig.sfu.restart()  # a restart needs the token
    rig.run_for(10 * SECOND)
    assert main.events[-1] == RoomHealed(1, "PA_2")


def test_refreshes_that_a_cut_kept_away_do_not_count() -> None:
    rig = Rig(sdk=structs.replace(JS, refreshed_ttl_us=30 * SECOND))
    main = rig.window("main")
    main.join(ttl_us=SECOND)
    rig.run_for(JS.token_refresh_us - 10 * SECOND)
    main.path.drop("both")
    rig.run_for(40 * SECOND)  # a refresh was due in these
    main.path.heal()
    rig.run_for(20 * SECOND)
    assert main.events[-1] == RoomEnded(1, Reason.UNKNOWN)


def test_a_token_that_expired_during_the_cut_ends_the_room() -> None:
    rig = Rig(sdk=structs.replace(JS, refreshed_ttl_us=0))
    main = rig.window("main")
    main.join(ttl_us=SECOND)
    rig.run_for(JOIN_US)
    main.path.drop("both")
    rig.run_for(SERVER.token_leeway_us + 5 * SECOND)
    main.path.heal()
    rig.run_for(10 * SECOND)
    assert main.events[-1] == RoomEnded(1, Reason.UNKNOWN)
