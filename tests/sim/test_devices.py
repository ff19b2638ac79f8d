"""Devices in a whole run: prompts that are refused, shares that are stopped, microphones that go
and come back.
"""

from __future__ import annotations

import pytest

from oneroom.core.state import Source
from oneroom.trace import people_records as p
from oneroom.trace import records as r
from tests.sim.played import HEAD, JOIN, Played, play, steps
from tests.units import SECOND

MICROPHONE, CAMERA, SCREEN = Source.MICROPHONE, Source.CAMERA, Source.SCREEN_SHARE
SHARES = "at: 5s, share_screen: {window: main}"


def captures(played: Played, source: Source) -> list[bool]:
    return [one.on for one in played.all(r.CaptureChanged, "main") if one.source == source]


def prompts(played: Played, source: Source) -> list[bool]:
    return [one.up for one in played.all(r.PromptChanged, "main") if one.source == source]


def at_server(played: Played, source: Source) -> list[int]:
    """What became of a track at the SFU."""
    return [one.state for one in played.all(r.TrackChanged) if one.source == source]


def errors(played: Played) -> list[str]:
    return [played.name(one.error) for one in played.all(r.Rendered, "overlay")]


def test_a_click_in_the_window_opens_the_picker() -> None:
    played = play(JOIN, SHARES, until_us=15 * SECOND)
    assert (prompts(played, SCREEN), captures(played, SCREEN)) == ([True, False], [True])


def test_a_strict_browser_opens_no_picker_that_nobody_clicked_for() -> None:
    bug = HEAD + "without: [share_waits_for_gesture]\n"
    asks = steps(JOIN, "at: 9s, share_screen: {window: overlay}", head=bug)
    lax = steps(JOIN, "at: 9s, share_screen: {window: overlay}", head=bug + "picker: lax\n")
    assert prompts(Played(asks).until(15 * SECOND), SCREEN) == []
    assert prompts(Played(lax).until(15 * SECOND), SCREEN) == [True, False]


def test_a_refused_share_is_over_and_may_be_asked_for_again() -> None:
    played = play(JOIN, SHARES, "at: 5500ms, refuse_prompt: {window: main}", until_us=6 * SECOND)
    assert (prompts(played, SCREEN), captures(played, SCREEN)) == ([True, False], [])
    again = play(
        JOIN,
        SHARES,
        "at: 5500ms, refuse_prompt: {window: main}",
        "at: 8s, share_screen: {window: main}",
    )
    assert captures(again, SCREEN) == [True]


def test_a_refused_microphone_is_remembered() -> None:
    refuses = steps(
        JOIN, "at: 3s, refuse_prompt: {window: main}", head=HEAD + "microphone: prompt\n"
    )
    played = Played(refuses).until(10 * SECOND)
    assert (prompts(played, MICROPHONE), captures(played, MICROPHONE)) == ([True, False], [])
    assert played.world.browser.devices.permission == "denied"


def test_the_browsers_own_bar_stops_a_share_and_everybody_sees_it() -> None:
    played = play(JOIN, SHARES, "at: 12s, stop_sharing: {window: main}", until_us=14 * SECOND)
    assert captures(played, SCREEN) == [True, False]
    assert at_server(played, SCREEN) == [r.TrackState.PUBLISHED, r.TrackState.UNPUBLISHED]
    assert [one.share for one in played.all(r.Rendered, "overlay")][-1] == 0


def test_an_unplugged_microphone_is_muted_for_the_others_and_comes_back() -> None:
    unplugs, handle = (
        "at: 6s, unplug: {device: microphone}",
        "at: 9s, plug_in: {device: microphone}",
    )
    played = play(JOIN, unplugs, handle, until_us=8 * SECOND)
    assert captures(played, MICROPHONE) == [True, False]
    assert at_server(played, MICROPHONE)[-1] == r.TrackState.MUTED
    assert errors(played)[-1] == "NotFoundError"
    assert played.world.faults.counts() == {("world", "unplug microphone"): 1}
    played.until(12 * SECOND)
    assert captures(played, MICROPHONE) == [True, False, True]
    assert at_server(played, MICROPHONE)[-1] == r.TrackState.UNMUTED
    assert errors(played)[-1] == ""
    assert played.world.faults.counts() == {}


def test_a_muted_microphone_comes_back_muted() -> None:
    mutes = "at: 5s, toggle_mute: {window: overlay}"
    unplugs, handle = (
        "at: 6s, unplug: {device: microphone}",
        "at: 9s, plug_in: {device: microphone}",
    )
    played = play(JOIN, mutes, unplugs, handle, until_us=20 * SECOND)
    assert r.TrackState.UNMUTED not in at_server(played, MICROPHONE)[2:]
    unmutes = play(
        JOIN,
        mutes,
        unplugs,
        handle,
        "at: 12s, toggle_mute: {window: overlay}",
        until_us=20 * SECOND,
    )
    assert captures(unmutes, MICROPHONE)[-1] is True
    assert at_server(unmutes, MICROPHONE)[-1] == r.TrackState.UNMUTED


def test_an_unplugged_camera_comes_back_with_its_track_apart_from_the_share() -> None:
    lines = ("at: 4s, toggle_camera: {window: main}", SHARES, "at: 12s, unplug: {device: camera}")
    played = play(JOIN, *lines, "at: 15s, plug_in: {device: camera}", until_us=20 * SECOND)
    assert captures(played, CAMERA) == [True, False, True]
    assert at_server(played, CAMERA)[-1] is r.TrackState.UNMUTED
    assert captures(played, SCREEN) == [True]


def test_heal_plugs_everything_in() -> None:
    played = play(
        JOIN, "at: 6s, unplug: {device: microphone}", "at: 9s, heal: {}", until_us=12 * SECOND
    )
    assert captures(played, MICROPHONE)[-1] is True
    assert played.world.faults.counts() == {}


@pytest.mark.parametrize("ends", ["crash", "close"])
def test_a_share_that_is_lost_with_its_owner_is_offered_again(ends: str) -> None:
    played = play(JOIN, SHARES, f"at: 12s, {ends}: {{window: main}}", until_us=20 * SECOND)
    told = [played.name(one.text) for one in played.all(r.UserNotified, "overlay")]
    lost = "screen sharing stopped with the window that shared: start it again?"
    assert told == ["ada shares the screen", lost]
    assert [one.share for one in played.all(r.Rendered, "overlay")][-1] == 2


HEADSET = "at: 6s, plug_in_headset: {}"


def microphones(played: Played) -> list[str]:
    """The microphones that the owner captured, one after the other, since there were two."""
    return [played.name(one.device) for one in played.all(p.MicrophoneUsed, "main")]


def test_the_owner_speaks_into_the_headset_that_is_plugged_in() -> None:
    played = play(JOIN, HEADSET, until_us=10 * SECOND)
    assert microphones(played) == ["microphone", "headset"]
    assert captures(played, MICROPHONE) == [True, False, True]
    # for the others nothing has happened
    assert at_server(played, MICROPHONE)[-1] in (r.TrackState.PUBLISHED, r.TrackState.UNMUTED)
    assert played.world.faults.counts() == {}


def test_a_capture_stays_where_it_is_if_nobody_moves_it() -> None:
    bug = HEAD + "without: [follow_default]\n"
    played = Played(steps(JOIN, HEADSET, head=bug)).until(10 * SECOND)
    assert microphones(played) == ["microphone"]
    [default] = played.all(p.DefaultMicrophoneChanged)
    assert played.name(default.device) == "headset"


def test_the_other_microphone_takes_over_when_the_headset_is_gone() -> None:
    played = play(JOIN, HEADSET, "at: 9s, unplug_headset: {}", until_us=12 * SECOND)
    assert microphones(played) == ["microphone", "headset", "microphone"]
    assert r.TrackState.MUTED not in at_server(played, MICROPHONE)[2:]
    assert errors(played)[-1] == ""


def test_a_headset_keeps_the_call_when_the_other_microphone_goes() -> None:
    unplugs = "at: 9s, unplug: {device: microphone}"
    played = play(JOIN, HEADSET, unplugs, until_us=12 * SECOND)
    assert captures(played, MICROPHONE)[-1] is True
    assert microphones(played)[-1] == "headset"


def test_the_default_microphone_can_be_changed_in_the_systems_settings() -> None:
    changes = "at: 9s, change_default_microphone: {to: microphone}"
    mutes = "at: 8s, toggle_mute: {window: overlay}"
    played = play(JOIN, HEADSET, mutes, changes, until_us=12 * SECOND)
    assert microphones(played)[-1] == "microphone"
    assert at_server(played, MICROPHONE)[-1] is r.TrackState.MUTED


def test_the_microphone_that_comes_back_after_both_were_gone_is_the_default() -> None:
    goes = "at: 8s, unplug: {device: microphone}", "at: 9s, unplug_headset: {}"
    played = play(JOIN, HEADSET, *goes, "at: 10s, heal: {}", until_us=12 * SECOND)
    defaults = [played.name(one.device) for one in played.all(p.DefaultMicrophoneChanged)]
    assert defaults == ["headset", "microphone"]
    assert microphones(played)[-1] == "microphone"
