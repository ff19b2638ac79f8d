"""Moderators in a whole run: what they mute and revoke, and what the owner machine makes of it."""

from __future__ import annotations

from oneroom.trace import people_records as p
from oneroom.trace import records as r
from tests.sim.played import JOIN, Played, play
from tests.units import SECOND

MICROPHONE, CAMERA = r.Source.MICROPHONE, r.Source.CAMERA
FILMS = "at: 4s, toggle_camera: {window: overlay}"


def tracks(played: Played, source: r.Source, since_us: int = 0) -> list[r.TrackState]:
    """What became of a track at the SFU."""
    return [one.state for one in played.all(r.TrackChanged, "", since_us) if one.source == source]


def muted(played: Played, window: str) -> bool:
    """Whether the window draws the user as muted."""
    return played.all(r.Rendered, window)[-1].muted


def told(played: Played, window: str) -> list[str]:
    return [played.name(one.text) for one in played.all(r.UserNotified, window)]


def test_a_moderators_mute_is_the_users_in_every_window_and_in_the_next_room() -> None:
    mutes = "at: 6s, moderator_mutes: {window: main}"
    played = play(JOIN, mutes, "at: 9s, crash: {window: main}", until_us=8 * SECOND)
    assert [(one.source, one.muted) for one in played.all(p.TrackMuted, "main")] == [
        (MICROPHONE, True)
    ]
    assert (muted(played, "main"), muted(played, "overlay")) == (True, True)
    assert told(played, "main") == ["a moderator has switched your microphone off"]
    played.until(25 * SECOND)
    assert tracks(played, MICROPHONE, 9 * SECOND)[-1] is r.TrackState.PUBLISHED_MUTED


def test_one_click_unmutes_what_a_moderator_muted() -> None:
    mutes = "at: 6s, moderator_mutes: {window: main}"
    played = play(JOIN, mutes, "at: 8s, toggle_mute: {window: overlay}", until_us=12 * SECOND)
    assert tracks(played, MICROPHONE)[-2:] == [r.TrackState.MUTED, r.TrackState.UNMUTED]
    assert not muted(played, "overlay")


def test_a_microphone_that_a_moderator_opens_is_muted_again() -> None:
    mutes = "at: 5s, toggle_mute: {window: main}"
    unmutes = "at: 8s, moderator_unmutes: {window: main}"
    played = play(JOIN, mutes, unmutes, until_us=12 * SECOND)
    assert tracks(played, MICROPHONE, 8 * SECOND) == [r.TrackState.UNMUTED, r.TrackState.MUTED]
    assert muted(played, "overlay")


def test_a_camera_that_a_moderator_mutes_is_off() -> None:
    mutes = "at: 7s, moderator_mutes: {window: main, track: camera}"
    played = play(JOIN, FILMS, mutes, until_us=10 * SECOND)
    assert tracks(played, CAMERA)[-1] is r.TrackState.UNPUBLISHED
    captured = [one.on for one in played.all(r.CaptureChanged, "main") if one.source == CAMERA]
    assert captured == [True, False]


def test_what_may_not_be_published_stays_off_until_it_may() -> None:
    revokes = "at: 7s, moderator_revokes: {window: main}"
    clicks = ("at: 9s, toggle_camera: {window: main}", "at: 10s, toggle_mute: {window: main}")
    permits = "at: 12s, moderator_permits: {window: main}"
    played = play(JOIN, FILMS, revokes, *clicks, permits, until_us=11 * SECOND)
    for source in (MICROPHONE, CAMERA):
        assert tracks(played, source)[-1] is r.TrackState.UNPUBLISHED
    assert len(told(played, "main")) == 2
    played.until(16 * SECOND)
    assert tracks(played, MICROPHONE)[-1] is r.TrackState.UNMUTED
    assert tracks(played, CAMERA)[-1] is r.TrackState.PUBLISHED


def test_one_source_may_be_revoked_alone() -> None:
    revokes = "at: 7s, moderator_revokes: {window: main, track: camera}"
    played = play(JOIN, FILMS, revokes, "at: 9s, full_reconnect: {window: main}")
    assert tracks(played, CAMERA)[-1] is r.TrackState.UNPUBLISHED
    assert tracks(played, MICROPHONE)[-1] is r.TrackState.PUBLISHED
    [may] = played.all(p.PermissionChanged, "main")
    assert (may.camera, may.microphone, may.screen_share) == (False, True, True)


def test_a_share_that_may_not_be_published_opens_no_picker() -> None:
    revokes = "at: 5s, moderator_revokes: {window: main, track: screen_share}"
    played = play(JOIN, revokes, "at: 8s, share_screen: {window: main}", until_us=12 * SECOND)
    assert played.all(r.PromptChanged) == []
    assert told(played, "main") == ["a moderator has switched your screen share off"]
