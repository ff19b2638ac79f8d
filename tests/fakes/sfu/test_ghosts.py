"""Rules of clients that are gone without a word: how long they stay listed, and who knows
better.
"""

from __future__ import annotations

from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.sfu.timers import SfuTimers
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, DELAY_LOW_US, Rig
from tests.units import SECOND

SERVER = SfuTimers()
GHOST_LIFE_US = SERVER.media_failed_us + SERVER.ghost_after_failure_us


def test_a_crashed_client_is_a_ghost_at_once_and_is_removed_21_s_later() -> None:
    rig = Rig()
    main = rig.joined("main")
    crashed_us = rig.now_us
    main.crash()
    assert rig.times("main", Presence.GHOST) == [crashed_us]
    rig.run_for(GHOST_LIFE_US - 1)
    assert len(rig.listed()) == 1
    rig.run_for(1)
    assert rig.left("main") == [(crashed_us + GHOST_LIFE_US, Reason.CONNECTION_TIMEOUT)]
    assert rig.listed() == ()


def test_a_crash_frees_the_devices_and_the_tracks_go_with_the_ghost() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.crash()
    assert rig.devices.capturing("main") == []
    rig.run_for(GHOST_LIFE_US - SECOND)
    assert rig.tracks("main") == [("main", Source.MICROPHONE, TrackState.PUBLISHED)]
    rig.run_for(SECOND)
    assert rig.tracks("main")[-1] == ("main", Source.MICROPHONE, TrackState.UNPUBLISHED)


def test_a_client_that_crashes_before_its_media_connected_is_removed_with_its_connection() -> None:
    rig = Rig()
    main = rig.window("main")
    main.path.drop("media")
    main.join()
    rig.run_for(SECOND)
    main.crash()
    assert len(rig.times("main", Presence.GHOST)) == 1
    rig.run_for(DELAY_HIGH_US)
    assert rig.left("main")[0][1] is Reason.SIGNAL_CLOSE


def test_a_request_that_outlives_its_client_makes_a_ghost_and_evicts_all_the_same() -> None:
    rig = Rig()
    rig.joined("main")
    overlay = rig.window("overlay", delays_us=(DELAY_LOW_US, DELAY_LOW_US))
    overlay.join()
    rig.run_for(3 * DELAY_LOW_US - 1)
    overlay.crash()
    rig.run_for(SECOND)
    assert rig.left("main")[0][1] is Reason.DUPLICATE_IDENTITY
    assert [presence for _, _, _, presence, _ in rig.presence("overlay")] == [
        Presence.JOINED,
        Presence.GHOST,
        Presence.LEFT,
    ]
    assert rig.listed() == ()


def test_the_life_of_a_ghost_has_one_obvious_place() -> None:
    rig = Rig(timers=SfuTimers(ghost_after_failure_us=40 * SECOND))
    main = rig.joined("main")
    crashed_us = rig.now_us
    main.crash()
    rig.run_for(120 * SECOND)
    assert rig.left("main")[0][0] == crashed_us + SERVER.media_failed_us + 40 * SECOND


def test_a_cut_off_client_that_still_tries_is_no_ghost() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("both")
    rig.run_for(GHOST_LIFE_US)
    assert rig.times("main", Presence.GHOST) == []
    assert rig.left("main")[0][1] is Reason.CONNECTION_TIMEOUT
    assert main.ended() is None


def test_a_crash_during_a_cut_is_removed_by_silence_alone() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("both")
    cut_us = rig.now_us
    rig.run_for(5 * SECOND)
    main.crash()
    rig.run_for(60 * SECOND)
    assert rig.left("main")[0][0] == cut_us + GHOST_LIFE_US


def test_a_crash_of_a_client_whose_session_is_gone_makes_no_ghost() -> None:
    rig = Rig()
    main = rig.joined("main")
    rig.joined("overlay")
    main.crash()
    assert rig.times("main", Presence.GHOST) == []


def test_closing_a_connection_that_was_reset_leaves_a_ghost_whose_media_never_connected() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join()
    rig.run_for(4 * DELAY_HIGH_US)
    assert rig.listed() == (("u1", "PA_1"),)
    rig.sfu.unplug()
    rig.run_for(SECOND)
    rig.sfu.plug_in()
    assert rig.times("main", Presence.ACTIVE) == []
    main.close()
    rig.run_for(SECOND)
    assert len(rig.times("main", Presence.GHOST)) == 1
    assert len(rig.listed()) == 1
    rig.run_for(SERVER.never_answered_us)
    assert rig.listed() == ()
