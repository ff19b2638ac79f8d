"""Rules of connect(): what happens until a Room is there, or is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec import structs

from oneroom.core.events import RoomConnected, RoomEnded, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from oneroom_fakes.sfu.sdk import JS, PYTHON, Sdk
from oneroom_fakes.sfu.timers import SfuTimers
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, DELAY_LOW_US, JOIN_US, Rig
from tests.units import MILLISECOND, SECOND

SERVER = SfuTimers()


def test_a_join_is_listed_first_active_when_media_connects_and_then_resolves() -> None:
    rig = Rig()
    main = rig.joined("main")
    [(joined_us, _, sid, joined, _), (active_us, _, _, active, _)] = rig.presence("main")
    assert (joined, active) == (Presence.JOINED, Presence.ACTIVE)
    assert main.events == [RoomConnected(1, sid)]
    assert main.at(RoomConnected)[0] >= active_us
    # One answer down, one up, then ICE.
    low_us = 2 * DELAY_LOW_US + SERVER.media_connect_low_us
    high_us = 2 * DELAY_HIGH_US + SERVER.media_connect_high_us
    assert low_us <= active_us - joined_us <= high_us


def test_nothing_reaches_the_server_before_the_tcp_handshake_and_the_request_have_travelled() -> (
    None
):
    rig = Rig()
    rig.window("main").join()
    rig.run_for(3 * DELAY_LOW_US - 1)
    assert rig.listed() == ()
    rig.run_for(3 * DELAY_HIGH_US)
    assert rig.listed() == (("u1", "PA_1"),)


def test_the_roster_follows_the_connection_and_holds_oneself_first_and_the_witness() -> None:
    rig = Rig()
    main = rig.joined("main")
    assert [type(event) for event in main.page.events] == [RoomConnected, RosterChanged]
    assert [one.identity for one in main.roster()] == ["u1", "witness"]


def test_a_token_is_refused_as_soon_as_its_leeway_is_over() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join(ttl_us=-SERVER.token_leeway_us - 1)
    rig.run_for(4 * DELAY_HIGH_US)
    assert main.events == [RoomEnded(1, JS.join_refused)]


def test_a_token_is_good_for_the_leeway_after_its_expiry() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join(ttl_us=-SERVER.token_leeway_us + JOIN_US)
    rig.run_for(JOIN_US)
    assert main.kinds() == ["RoomConnected"]


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_without_signalling_every_attempt_times_out_and_the_last_one_ends_the_room(
    sdk: Sdk,
) -> None:
    rig = Rig(sdk=sdk)
    main = rig.window("main")
    main.path.drop("signal")
    main.join()
    rig.run_for(sdk.join_attempts * (sdk.answer_us + sdk.validate_us) - 1)
    assert main.events == []
    rig.run_for(1)
    assert main.events == [RoomEnded(1, sdk.join_timed_out)]
    assert rig.presence() == []


def test_a_server_that_refuses_is_no_server_at_all_to_livekit_client() -> None:
    """One try, and another reason than for a server that does not answer (seen)."""
    rig = Rig()
    rig.sfu.stop()
    main = rig.window("main")
    main.join()
    rig.run_for(2 * DELAY_HIGH_US)
    assert main.events == [RoomEnded(1, Reason.JOIN_FAILURE)]


def test_an_attempt_goes_through_when_the_network_heals_within_its_time() -> None:
    rig = Rig()
    main = rig.window("main")
    main.path.drop("both")
    main.join()
    rig.run_for(JS.answer_us - SECOND)
    main.path.heal()
    rig.run_for(JOIN_US)
    assert main.kinds() == ["RoomConnected"]
    assert len(rig.listed()) == 1


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_without_media_connect_joins_as_often_as_it_may_every_15_s(sdk: Sdk) -> None:
    rig = Rig(sdk=sdk)
    main = rig.window("main")
    main.path.drop("media")
    main.join()
    rig.run_for(sdk.join_attempts * (sdk.join_media_us + JOIN_US))
    joins = rig.times("main", Presence.JOINED)
    assert len(joins) == sdk.join_attempts
    gaps = [later - earlier for earlier, later in pairwise(joins)]
    assert all(sdk.join_media_us <= gap <= sdk.join_media_us + JOIN_US for gap in gaps)
    assert main.events == [RoomEnded(1, sdk.join_timed_out)]
    assert rig.listed() == ()


def test_a_join_whose_ice_fails_is_ended_by_the_server_with_signal_close() -> None:
    rig = Rig(sdk=structs.replace(JS, join_media_us=30 * SECOND))
    main = rig.window("main")
    main.path.drop("media")
    main.join()
    rig.run_for(SERVER.never_connected_us + JOIN_US)
    [(left_us, reason)] = rig.left("main")
    assert reason is Reason.SIGNAL_CLOSE
    answered_us = left_us - SERVER.never_connected_us
    assert 0 <= answered_us - rig.times("main", Presence.JOINED)[0] <= 2 * DELAY_HIGH_US


def test_a_join_that_is_never_answered_is_removed_after_60_s() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join()
    rig.run_for(3 * DELAY_LOW_US)
    # the handshake is the browser's and goes on; the answer is the page's and does not
    main.page.freeze()
    rig.run_for(SERVER.never_answered_us - SECOND)
    assert len(rig.listed()) == 1
    rig.run_for(SECOND + 3 * DELAY_HIGH_US)
    [(left_us, reason)] = rig.left("main")
    assert reason is Reason.JOIN_FAILURE
    assert left_us - rig.times("main", Presence.JOINED)[0] == SERVER.never_answered_us


def test_media_that_comes_back_in_time_completes_the_join() -> None:
    rig = Rig()
    main = rig.window("main")
    main.path.drop("media")
    main.join()
    rig.run_for(10 * SECOND)
    main.path.heal()
    rig.run_for(SERVER.media_connect_high_us)
    assert main.kinds() == ["RoomConnected"]
    assert len(rig.times("main", Presence.JOINED)) == 1


def test_two_rooms_of_one_window_are_told_apart_by_epoch() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.close(epoch=1)
    main.join(epoch=2)
    rig.run_for(JOIN_US)
    assert [(type(event).__name__, getattr(event, "epoch", 0)) for event in main.events] == [
        ("RoomConnected", 1),
        ("RoomEnded", 1),
        ("RoomConnected", 2),
    ]
    assert rig.listed() == (("u1", "PA_2"),)


def test_an_idle_hour_in_a_call_schedules_nothing() -> None:
    rig = Rig()
    rig.joined("main", publish=True)
    rig.run_for(70 * SECOND)  # the timers of the join are over
    before = rig.scheduler.scheduled
    rig.run_for(3_600 * SECOND)
    assert rig.scheduler.scheduled == before
    assert len(rig.listed()) == 1


def test_the_same_seed_gives_the_same_story_and_another_one_does_not() -> None:
    stories = []
    for seed in (7, 7, 8):
        rig = Rig(seed)
        rig.window("main").join()
        rig.window("overlay").join()
        rig.run_for(40 * SECOND)
        stories.append((rig.observer.reports, rig.choices.tape))
    assert stories[0] == stories[1]
    assert stories[0] != stories[2]


def test_a_join_takes_no_longer_than_connect_takes_on_a_real_server() -> None:
    rig = Rig()
    rig.joined("main")
    times_us = rig.presence("main")
    assert times_us[-1][0] <= 500 * MILLISECOND
