"""Rules of disconnect(), in every state."""

from __future__ import annotations

import pytest

from oneroom.core.events import RoomConnected, RoomEnded
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence
from oneroom_fakes.sfu.sdk import JS
from oneroom_fakes.sfu.timers import SfuTimers
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, DELAY_LOW_US, JOIN_US, Rig
from tests.units import SECOND

SERVER = SfuTimers()
CLOSED = RoomEnded(1, Reason.CLIENT_INITIATED)


def test_closing_says_a_leave_and_ends_when_the_server_has_answered_the_close() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.close()
    while not rig.left("main"):
        assert CLOSED not in main.events
        assert rig.devices.capturing("main") == [Source.MICROPHONE]
        rig.run_for(1_000)
    assert [reason for _, reason in rig.left("main")] == [Reason.CLIENT_INITIATED]
    assert CLOSED not in main.events, "the answer is on its way"
    rig.run_for(2 * DELAY_HIGH_US)
    assert main.events[-1] == CLOSED
    assert rig.devices.capturing("main") == []
    assert rig.times("main", Presence.GHOST) == []


def test_a_close_that_is_answered_too_late_is_not_waited_for() -> None:
    rig = Rig()
    main = rig.window("main", delays_us=(JS.close_us, JS.close_us))
    main.join()
    rig.run_for(10 * SECOND)
    main.publish()
    rig.run_for(SECOND)
    main.close()
    rig.run_for(JS.close_us - 1)
    assert CLOSED not in main.events
    rig.run_for(1)
    assert main.events[-1] == CLOSED
    assert rig.devices.capturing("main") == []
    rig.run_for(SECOND)
    assert main.events.count(CLOSED) == 1, "the answer is no second end"


def test_after_closing_the_sdk_never_acts_and_says_nothing_more() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.close()
    rig.run_for(2 * DELAY_HIGH_US)
    said = len(main.page.events)
    main.path.drop("both")
    rig.run_for(30 * SECOND)
    main.path.heal()
    rig.run_for(60 * SECOND)
    main.close()
    assert len(main.page.events) == said
    assert len(rig.times("main", Presence.JOINED)) == 1


def test_closing_before_the_request_has_arrived_means_it_never_does() -> None:
    rig = Rig()
    main = rig.window("main", delays_us=(DELAY_LOW_US, DELAY_LOW_US))
    main.join()
    rig.run_for(3 * DELAY_LOW_US - 1)  # it is on its way
    main.close()
    rig.run_for(120 * SECOND)
    assert main.events == [CLOSED]
    assert rig.presence() == []


def test_closing_between_the_join_and_its_answer_ends_the_session_with_its_connection() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join()
    while not rig.listed():
        rig.run_for(1)
    main.close()
    assert main.events == [CLOSED]
    rig.run_for(DELAY_HIGH_US)
    assert rig.listed() == ()
    assert rig.left("main")[0][1] is Reason.SIGNAL_CLOSE
    assert rig.times("main", Presence.GHOST) == []


def test_closing_while_media_is_still_connecting_sends_a_leave() -> None:
    rig = Rig()
    main = rig.window("main")
    main.path.drop("media")
    main.join()
    rig.run_for(SECOND)
    main.close()
    rig.run_for(2 * DELAY_HIGH_US)
    assert main.events == [CLOSED]
    assert rig.left("main")[0][1] is Reason.CLIENT_INITIATED
    rig.run_for(60 * SECOND)
    assert len(rig.presence("main")) == 2


@pytest.mark.parametrize("path", ["signal", "both"])
def test_closing_during_a_cut_leaves_a_ghost_for_21_s(path: str) -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop(path)
    closed_us = rig.now_us
    main.close()
    rig.run_for(JS.close_us)
    assert main.events[-1] == CLOSED
    assert rig.times("main", Presence.GHOST) == [closed_us]
    main.path.heal()  # too late: the socket went down with its buffers
    rig.run_for(60 * SECOND)
    assert rig.left("main") == [
        (
            closed_us + SERVER.media_failed_us + SERVER.ghost_after_failure_us,
            Reason.CONNECTION_TIMEOUT,
        )
    ]


def test_a_leave_that_a_cut_catches_on_its_way_arrives_late() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.close()
    main.path.drop("signal")
    rig.run_for(SECOND)
    assert len(rig.times("main", Presence.GHOST)) == 1
    main.path.heal()
    rig.run_for(DELAY_HIGH_US)
    assert rig.left("main")[0][1] is Reason.CLIENT_INITIATED


def test_closing_while_a_resume_is_tried_stops_it_and_leaves_a_ghost() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("signal")
    rig.run_for(JS.ping_timeout_us)
    assert main.kinds()[-1] == "RoomLost"
    main.close()
    main.path.heal()
    rig.run_for(60 * SECOND)
    assert main.events[-1] == CLOSED
    assert rig.times("main", Presence.RESUMED) == []
    assert len(rig.times("main", Presence.GHOST)) == 1
    assert rig.left("main")[0][1] is Reason.CONNECTION_TIMEOUT


def test_closing_after_the_resume_but_before_it_is_called_done_sends_a_leave() -> None:
    rig = Rig()
    main = rig.settling("main")
    main.close()
    rig.run_for(2 * DELAY_HIGH_US)
    assert main.kinds() == ["RoomConnected", "RoomLost", "RoomEnded"]
    assert rig.left("main")[0][1] is Reason.CLIENT_INITIATED


def test_a_frozen_page_that_closes_its_room_leaves_at_once_and_hears_of_it_on_resume() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.page.freeze()
    main.close()  # told over the bus, which runs while frozen
    rig.run_for(SECOND)
    assert rig.listed() == ()
    assert rig.devices.capturing("main") == [Source.MICROPHONE]
    assert CLOSED not in main.events
    main.page.resume()
    assert main.events[-1] == CLOSED
    assert rig.devices.capturing("main") == []


def test_leaving_the_page_closes_its_rooms_without_being_asked() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.rooms.page_left()
    main.crash()
    rig.run_for(DELAY_HIGH_US)
    assert rig.left("main")[0][1] is Reason.CLIENT_INITIATED


def test_closing_one_epoch_does_not_touch_another() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join(epoch=1)
    main.close(epoch=1)
    main.join(epoch=2)
    main.close(epoch=1)
    rig.run_for(JOIN_US)
    assert main.events == [CLOSED, RoomConnected(2, "PA_1")]


def test_a_late_leave_does_not_touch_the_newer_session() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.close()
    main.path.drop("signal")
    overlay = rig.joined("overlay")
    main.path.heal()
    rig.run_for(60 * SECOND)
    assert rig.left("main")[0][1] is Reason.DUPLICATE_IDENTITY
    assert overlay.kinds() == ["RoomConnected"]
    assert len(rig.listed()) == 1


def test_closing_right_after_a_restart_has_begun_makes_no_ghost_of_the_session_that_was_told() -> (
    None
):
    rig = Rig(timers=SfuTimers(media_failed_us=60 * SECOND))
    main = rig.joined("main")
    main.path.drop("media")
    rig.run_for(JS.media_failed_us + JS.resume_settle_us + JS.join_media_us)
    while main.kinds().count("RoomLost") < 2:
        rig.run_for(1_000)
    main.close()
    rig.run_for(SECOND)
    assert main.events[-1] == CLOSED
    assert rig.times("main", Presence.GHOST) == []
    assert rig.listed() == ()


def test_publishing_into_a_closed_room_does_nothing() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.close()
    main.publish(Source.CAMERA)
    main.set_muted(True)
    main.unpublish(Source.CAMERA)
    rig.run_for(SECOND)
    assert main.events[-1] == CLOSED
    assert rig.devices.capturing("main") == []
