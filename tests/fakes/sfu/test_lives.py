"""Rules of pages that do not run: media is not in the page, script is."""

from __future__ import annotations

from oneroom.core.events import RoomConnected, RoomLost
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.sfu.sdk import JS, PYTHON
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, DELAY_LOW_US, JOIN_US, Rig
from tests.units import SECOND


def test_a_frozen_owner_stays_in_the_call_and_keeps_sending() -> None:
    """Chromium 156, livekit-client 2.23, LiveKit v1.13.5, seen for 50 s of freeze."""
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.page.freeze()
    rig.run_for(300 * SECOND)
    assert rig.listed() == (("u1", "PA_1"),)
    assert rig.tracks() == [("main", Source.MICROPHONE, TrackState.PUBLISHED)]
    assert main.kinds() == ["RoomConnected", "CaptureStarted"]
    main.page.resume()
    rig.run_for(60 * SECOND)
    # The end of the freeze has closed its WebSocket.
    assert main.kinds() == ["RoomConnected", "CaptureStarted", "RoomLost", "RoomHealed"]
    assert rig.listed() == (("u1", "PA_1"),)


def test_a_freeze_breaks_no_connection_of_livekit_for_python() -> None:
    """Its WebSockets are no browser's."""
    rig = Rig(sdk=PYTHON)
    main = rig.joined("main", publish=True)
    main.page.freeze()
    rig.run_for(5 * SECOND)
    main.page.resume()
    rig.run_for(60 * SECOND)
    assert main.kinds() == ["RoomConnected", "CaptureStarted"]


def test_a_stalled_main_thread_keeps_its_call_too() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.page.stall()
    rig.run_for(60 * SECOND)
    main.page.unstall()
    rig.run_for(60 * SECOND)
    assert main.kinds() == ["RoomConnected", "CaptureStarted"]
    assert len(rig.presence("main")) == 2


def test_a_frozen_page_never_hears_of_its_eviction_and_evicts_its_successor_when_it_resumes() -> (
    None
):
    """The Leave is lost with its WebSocket. It resumes in the session of its successor, fails, and
    joins anew (Chromium 156, livekit-client 2.23, LiveKit v1.13.5, seen).
    """
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.page.freeze()
    overlay = rig.joined("overlay", publish=True)
    rig.run_for(3 * SECOND)
    assert main.ended() is None
    main.page.resume()
    rig.run_for(20 * SECOND)
    assert main.kinds()[2:] == ["RoomLost", "RoomLost", "RoomHealed"]
    assert overlay.kinds()[2:] == ["RoomLost", "RoomLost", "RoomHealed", "RoomEnded"]
    assert overlay.ended() is Reason.DUPLICATE_IDENTITY


def test_a_page_that_leaves_in_the_turn_of_its_resume_evicts_nobody() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.page.freeze()
    overlay = rig.joined("overlay", publish=True)
    rig.run_for(3 * SECOND)
    main.page.thaw()
    main.close()
    main.page.catch_up(after_freeze=True)
    rig.run_for(20 * SECOND)
    assert overlay.kinds() == ["RoomConnected", "CaptureStarted"]


def test_a_stopped_page_hears_of_its_eviction_when_it_runs_again() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.page.stop()
    rig.joined("overlay")
    rig.run_for(3 * SECOND)
    main.page.unstop()
    assert main.ended() is Reason.DUPLICATE_IDENTITY
    assert rig.devices.capturing("main") == []


def test_ping_timers_stand_still_while_the_page_does() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.page.freeze()
    main.path.drop("signal")
    rig.run_for(60 * SECOND)
    assert main.at(RoomLost) == []
    thawed_us = rig.now_us
    main.page.resume()
    rig.run_for(JS.ping_timeout_us)
    assert main.at(RoomLost)[0] >= thawed_us


def test_a_handshake_goes_on_while_the_page_is_frozen_and_its_end_fails_the_join() -> None:
    """ "Encountered websocket error during connection establishment" at once (Chromium 156,
    livekit-client 2.23, LiveKit v1.13.5, seen).
    """
    rig = Rig()
    main = rig.window("main")
    main.join()
    main.page.freeze()
    rig.run_for(10 * SECOND)
    assert rig.listed() == (("u1", "PA_1"),)
    assert rig.times("main", Presence.ACTIVE) == []
    main.page.resume()
    assert main.ended() is Reason.JOIN_FAILURE


def test_a_stopped_process_does_not_even_finish_its_handshake() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join()
    rig.run_for(DELAY_LOW_US)
    main.stop()
    rig.run_for(2 * SECOND)
    assert rig.listed() == ()
    main.go_on()
    rig.run_for(JOIN_US)
    assert main.at(RoomConnected) != []


def test_two_overlapping_reasons_to_stand_still_end_with_the_last() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.stop()
    main.rooms.stopped()
    main.rooms.continued()
    rig.run_for(25 * SECOND)
    assert rig.left("main")[0][1] is Reason.CONNECTION_TIMEOUT


def test_a_dead_page_says_nothing_and_its_timers_are_void() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("both")
    rig.run_for(SECOND)
    said = len(main.page.events)
    main.crash()
    main.path.heal()
    rig.run_for(120 * SECOND)
    assert len(main.page.events) == said
    assert len(rig.times("main", Presence.JOINED)) == 1
    assert rig.listed() == ()


def test_a_kick_of_a_thawed_page_comes_before_its_first_new_try() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.stop()
    rig.run_for(10 * SECOND)
    rig.joined("overlay")
    rig.run_for(30 * SECOND)
    main.go_on()
    rig.run_for(DELAY_HIGH_US)
    assert main.kinds() == ["RoomConnected", "RoomEnded"]
    assert rig.times("main", Presence.RESUMED) == []
