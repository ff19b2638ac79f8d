"""Rules of tracks: capture, publish, mute, and what survives a reconnect."""

from __future__ import annotations

import pytest

from oneroom.core.events import CaptureFailed, CaptureStarted, RoomHealed, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.sfu.sdk import JS, PYTHON, Sdk
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, Rig
from tests.units import MILLISECOND, SECOND

MICROPHONE, CAMERA, SCREEN = Source.MICROPHONE, Source.CAMERA, Source.SCREEN_SHARE


def test_a_track_is_captured_first_and_at_the_server_one_message_later() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.publish(MICROPHONE)
    assert rig.devices.capturing("main") == [MICROPHONE]
    assert main.events[-1] == CaptureStarted(1, MICROPHONE)
    assert rig.tracks() == []
    rig.run_for(DELAY_HIGH_US)
    assert rig.tracks() == [("main", MICROPHONE, TrackState.PUBLISHED)]


def test_the_server_reports_a_track_that_is_published_muted_as_muted() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.publish(MICROPHONE, muted=True)
    rig.run_for(DELAY_HIGH_US)
    assert rig.tracks() == [("main", MICROPHONE, TrackState.PUBLISHED_MUTED)]


def test_muting_and_unmuting_reach_the_server_once_each() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    for muted in (True, True, False, False):
        main.set_muted(muted)
        rig.run_for(DELAY_HIGH_US)
    assert [state for _, _, state in rig.tracks()[1:]] == [TrackState.MUTED, TrackState.UNMUTED]


def test_muting_before_the_server_has_named_the_track_is_not_lost() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.publish(MICROPHONE)
    main.set_muted(True)
    rig.run_for(3 * DELAY_HIGH_US)
    assert [state for _, _, state in rig.tracks()] == [TrackState.PUBLISHED, TrackState.MUTED]


def test_unpublishing_before_the_server_has_named_the_track_is_not_lost() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.publish(CAMERA)
    main.unpublish(CAMERA)
    main.publish(CAMERA)
    rig.run_for(3 * DELAY_HIGH_US)
    states = [state for _, _, state in rig.tracks()]
    assert states == [TrackState.PUBLISHED, TrackState.PUBLISHED, TrackState.UNPUBLISHED]
    assert rig.devices.capturing("main") == [CAMERA]


def test_a_frozen_page_can_be_muted_and_the_server_hears_it() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.page.freeze()
    main.set_muted(True)
    rig.run_for(DELAY_HIGH_US)
    assert rig.tracks()[-1] == ("main", MICROPHONE, TrackState.MUTED)
    assert main.roster()[0].muted


def test_unpublishing_stops_the_capture_at_once() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.publish(SCREEN)
    rig.run_for(2 * DELAY_HIGH_US)
    main.unpublish(SCREEN)
    assert rig.devices.capturing("main") == []
    rig.run_for(DELAY_HIGH_US)
    assert rig.tracks()[-1] == ("main", SCREEN, TrackState.UNPUBLISHED)


def test_a_refusal_is_told_and_nothing_is_published() -> None:
    rig = Rig()
    main = rig.joined("main")
    rig.devices.refusing = True
    main.publish(MICROPHONE)
    rig.run_for(SECOND)
    assert rig.tracks() == []
    rig.devices.refusing = False
    main.publish(MICROPHONE)
    assert main.events[1:] == [
        CaptureFailed(1, MICROPHONE, "NotAllowedError"),
        CaptureStarted(1, MICROPHONE),
    ]


def test_a_source_that_is_asked_for_is_not_asked_for_twice() -> None:
    rig = Rig()
    main = rig.joined("main")
    rig.devices.waiting = True
    main.publish(MICROPHONE)
    main.publish(MICROPHONE)
    assert len(rig.devices.asked) == 1
    [(window, source, done)] = rig.devices.asked
    main.page.call(lambda: rig.devices.answer(window, source, done))
    main.publish(MICROPHONE)
    assert main.events[1:] == [CaptureStarted(1, MICROPHONE)] * 2


def test_an_answer_that_comes_after_the_room_has_ended_captures_nothing() -> None:
    rig = Rig()
    main = rig.joined("main")
    rig.devices.waiting = True
    main.publish(SCREEN)
    [(_, _, done)] = rig.devices.asked
    main.close()
    rig.run_for(SECOND)
    assert rig.devices.asked == []
    main.page.call(lambda: done(True))
    rig.run_for(SECOND)
    assert main.kinds() == ["RoomConnected", "RoomEnded"]
    assert rig.tracks() == []


@pytest.mark.parametrize("how", ["kick", "duplicate", "delete"])
def test_nothing_is_captured_after_the_room_has_ended(how: str) -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.publish(CAMERA)
    if how == "kick":
        rig.sfu.remove_participant("u1")
    elif how == "delete":
        rig.sfu.delete_room()
    else:
        rig.joined("overlay")
    rig.run_for(DELAY_HIGH_US)
    assert main.kinds()[-1] == "RoomEnded"
    assert rig.devices.capturing("main") == []


@pytest.mark.parametrize("muted", [True, False])
def test_a_full_reconnect_publishes_the_same_captures_with_their_muted_state(muted: bool) -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.publish(SCREEN)
    main.set_muted(muted)
    rig.run_for(2 * DELAY_HIGH_US)
    captures = len([r for r in rig.observer.reports if r[1] == "capture"])
    before = len(rig.tracks())
    rig.sfu.restart()
    rig.run_for(10 * SECOND)
    assert rig.tracks()[before:] == [
        ("main", MICROPHONE, TrackState.UNPUBLISHED),
        ("main", SCREEN, TrackState.UNPUBLISHED),
        ("main", MICROPHONE, TrackState.PUBLISHED_MUTED if muted else TrackState.PUBLISHED),
        ("main", SCREEN, TrackState.PUBLISHED),
    ]
    assert len([r for r in rig.observer.reports if r[1] == "capture"]) == captures


@pytest.mark.parametrize("heal_after_s", [5, 16])
def test_a_mute_during_a_cut_reaches_the_server_after_it(heal_after_s: int) -> None:
    """After 5 s by the same connection, after 16 s by the reconciliation that follows the
    resume.
    """
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.path.drop("signal")
    main.set_muted(True)
    rig.run_for(heal_after_s * SECOND)
    assert rig.tracks()[-1][2] is TrackState.PUBLISHED
    main.path.heal()
    rig.run_for(10 * SECOND)
    assert [state for _, _, state in rig.tracks()] == [TrackState.PUBLISHED, TrackState.MUTED]
    assert len(rig.listed()) == 1


def test_an_unpublish_that_was_lost_is_made_up_for_by_the_resume() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.path.drop("signal")
    main.unpublish(MICROPHONE)
    rig.run_for(JS.ping_timeout_us)
    main.path.heal()
    rig.run_for(10 * SECOND)
    assert [state for _, _, state in rig.tracks()] == [TrackState.PUBLISHED, TrackState.UNPUBLISHED]


def test_an_unpublish_without_signalling_ends_the_session_of_livekit_client() -> None:
    """The offer without the track fails after the resume (seen, 2 of 2)."""
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.path.drop("signal")
    rig.run_for(JS.ping_timeout_us + SECOND)
    main.unpublish(MICROPHONE)
    main.path.heal()
    rig.run_for(10 * SECOND)
    assert [reason for _, reason in rig.left("main")] == [Reason.CLIENT_INITIATED]
    assert main.kinds()[-1] == "RoomHealed"
    assert rig.tracks()[-1][2] is TrackState.UNPUBLISHED


def test_a_full_reconnect_is_not_over_before_it_has_joined() -> None:
    """The tracks still have the names of the session before, and its media may come back in the
    time until the join.
    """
    rig = Rig()
    main = rig.joined("main", publish=True)
    main.publish(CAMERA)
    rig.run_for(2 * DELAY_HIGH_US)
    main.refuse_signal()
    main.break_signal()
    rig.run_for(5 * SECOND)
    main.cut_media(downlink=False)
    main.unpublish(MICROPHONE)
    rig.run_for(16 * SECOND)  # its peer connection has failed, the server has it for 5 s more
    main.heal()
    rig.run_for(20 * SECOND)
    assert [reason for _, reason in rig.left("main")] == [Reason.CLIENT_INITIATED]
    assert main.at(RoomHealed)[-1] > rig.times("main", Presence.JOINED)[-1]
    assert [(source, state) for _, source, state in rig.tracks()][-1] == (
        CAMERA,
        TrackState.PUBLISHED,
    )


@pytest.mark.parametrize("sdk", [JS, PYTHON])
def test_the_roster_is_empty_during_a_full_reconnect_and_kept_in_a_resume(sdk: Sdk) -> None:
    rig = Rig(sdk=sdk)
    main = rig.joined("main")
    everybody = main.roster()
    assert len(everybody) == 2
    main.simulate("SIGNAL_RECONNECT")
    rig.run_for(5 * SECOND)
    assert [event for event in main.page.events if isinstance(event, RosterChanged)] == [
        RosterChanged(1, everybody)
    ]
    main.simulate("FULL_RECONNECT")
    while "RoomLost" not in main.kinds()[3:]:
        rig.run_for(MILLISECOND)
    rig.run_for(MILLISECOND)
    assert [one.identity for one in main.roster()] == ["u1"]
    rig.run_for(5 * SECOND)
    assert main.roster() == everybody


def test_a_publish_that_was_lost_is_made_up_for_by_the_resume() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("signal")
    main.publish(MICROPHONE)
    rig.run_for(JS.ping_timeout_us)
    main.path.heal()
    rig.run_for(10 * SECOND)
    assert [state for _, _, state in rig.tracks()] == [TrackState.PUBLISHED]


def test_a_track_without_media_is_not_published_until_media_flows() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("media")
    main.publish(MICROPHONE)
    rig.run_for(5 * SECOND)
    assert rig.tracks() == []
    main.path.heal()
    assert rig.tracks() == [("main", MICROPHONE, TrackState.PUBLISHED)]


def test_what_is_asked_for_while_connecting_is_published_when_connected() -> None:
    rig = Rig()
    main = rig.window("main")
    main.join()
    main.publish(MICROPHONE)
    rig.run_for(SECOND)
    assert main.kinds() == ["CaptureStarted", "RoomConnected"]
    assert rig.tracks() == [("main", MICROPHONE, TrackState.PUBLISHED)]
