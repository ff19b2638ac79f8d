"""Actions of an application's server on people in the call: permissions, mutes, token renewal."""

from __future__ import annotations

from oneroom.core.state import Source
from oneroom.ports.observer import TrackState
from tests.conformance.sfu.server_rig import (
    Rig,
    Window,
    joined,
    left,
    published,
    sids,
    told_since,
    until,
)
from tests.units import SECOND

MICROPHONE = Source.MICROPHONE


def test_who_may_publish_no_more_loses_its_tracks_and_stays(rig: Rig) -> None:
    main = _heard(rig)
    seen, listed = len(rig.told()), rig.listed()
    rig.permit("u1", ())
    until(rig, lambda: len(rig.told()) > seen, 0)
    assert told_since(rig, seen) == [(1, MICROPHONE, TrackState.UNPUBLISHED)]
    rig.run_for(2 * SECOND)
    assert rig.listed() == listed
    assert main.ended() is None
    assert left(rig) == []


def test_who_may_not_publish_is_not_heard_and_may_again_when_permitted(rig: Rig) -> None:
    main = joined(rig, "main")
    rig.permit("u1", ())
    rig.run_for(SECOND)
    main.publish(Source.CAMERA)
    rig.run_for(3 * SECOND)
    assert published(rig, "u1") == 0
    rig.permit("u1", tuple(Source))
    rig.run_for(SECOND)
    main.publish(MICROPHONE)
    until(rig, lambda: published(rig, "u1") > 0, SECOND)
    assert (1, MICROPHONE, TrackState.PUBLISHED) in told_since(rig, 0)
    assert main.ended() is None


def test_who_may_not_publish_one_source_loses_that_alone_and_is_told(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    main.publish(Source.CAMERA)
    until(rig, lambda: published(rig, "u1") == 2, 10 * SECOND)
    seen = len(rig.told())
    rig.permit("u1", (Source.CAMERA,))
    until(rig, lambda: len(rig.told()) > seen, 0)
    until(rig, lambda: main.kinds()[-1] == "PermissionChanged", SECOND)
    rig.run_for(SECOND)
    assert told_since(rig, seen) == [(1, MICROPHONE, TrackState.UNPUBLISHED)]
    rig.permit("u1", tuple(Source))
    until(rig, lambda: main.kinds().count("PermissionChanged") == 2, SECOND)
    rig.run_for(2 * SECOND)
    assert told_since(rig, seen) == [(1, MICROPHONE, TrackState.UNPUBLISHED)]


def test_a_withdrawn_permission_outlives_a_full_reconnect(rig: Rig) -> None:
    main = joined(rig, "main")
    rig.permit("u1", ())
    until(rig, lambda: main.kinds()[-1] == "PermissionChanged", SECOND)
    main.simulate("FULL_RECONNECT")
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 10 * SECOND)
    main.publish(Source.CAMERA)
    rig.run_for(3 * SECOND)
    assert published(rig, "u1") == 0


def _heard(rig: Rig) -> Window:
    """A window whose `publishTrack` is through: livekit-client loses a mute that comes before."""
    main = joined(rig, "main", publish=True)
    rig.run_for(SECOND)
    return main


def test_the_server_mutes_and_the_client_follows(rig: Rig) -> None:
    main = _heard(rig)
    seen = len(rig.told())
    assert rig.mute("u1", MICROPHONE, muted=True)
    until(rig, lambda: len(rig.told()) > seen, 0)
    until(rig, lambda: main.roster()[0].muted, SECOND)
    rig.run_for(SECOND)
    assert told_since(rig, seen) == [(1, MICROPHONE, TrackState.MUTED)]
    assert main.kinds() == ["RoomConnected", "CaptureStarted", "TrackMuted"]


def test_the_server_unmutes_nobody_and_the_client_may(rig: Rig) -> None:
    main = _heard(rig)
    assert rig.mute("u1", MICROPHONE, muted=True)
    until(rig, lambda: main.roster()[0].muted and rig.told()[-1].what is TrackState.MUTED, SECOND)
    seen = len(rig.told())
    assert not rig.mute("u1", MICROPHONE, muted=False)
    rig.run_for(SECOND)
    assert main.roster()[0].muted
    main.set_muted(False)
    until(rig, lambda: len(rig.told()) > seen, SECOND)
    assert told_since(rig, seen) == [(1, MICROPHONE, TrackState.UNMUTED)]


def test_a_mute_by_the_server_outlives_a_full_reconnect(rig: Rig) -> None:
    main = _heard(rig)
    assert rig.mute("u1", MICROPHONE, muted=True)
    until(rig, lambda: main.roster()[0].muted, SECOND)
    rig.run_for(SECOND)
    main.simulate("FULL_RECONNECT")
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 8 * SECOND)
    until(rig, lambda: published(rig, "u1") == 2, 5 * SECOND)
    assert rig.told()[-1].what is not TrackState.PUBLISHED
    assert TrackState.PUBLISHED_MUTED in [one.what for one in rig.told()]


def test_a_token_that_has_expired_since_the_join_still_resumes(rig: Rig) -> None:
    main = rig.window("main", path=True)
    # Accepted for ten seconds more; the server hands out a fresh one with the join.
    main.join(ttl_us=-50 * SECOND)
    until(rig, lambda: main.kinds() == ["RoomConnected"], SECOND)
    [sid] = sids(rig)
    rig.run_for(13 * SECOND)
    main.break_signal()
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 8 * SECOND)
    assert sids(rig) == [sid]


def test_a_token_that_has_expired_since_the_join_still_joins_anew(rig: Rig) -> None:
    main = rig.window("main")
    main.join(ttl_us=-50 * SECOND)
    until(rig, lambda: main.kinds() == ["RoomConnected"], SECOND)
    [sid] = sids(rig)
    rig.run_for(13 * SECOND)
    main.simulate("FULL_RECONNECT")
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 8 * SECOND)
    assert len(sids(rig)) == 1
    assert sids(rig) != [sid]
