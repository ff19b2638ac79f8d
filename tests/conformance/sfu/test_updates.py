"""Updates to the others, and their times: the 3 s batch, tracks, a duplicate seen from outside."""

from __future__ import annotations

import pytest

from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from tests.conformance.sfu.server_rig import (
    Rig,
    Told,
    Window,
    joined,
    news,
    published,
    times,
    until,
)
from tests.units import MILLISECOND, SECOND

BATCH_US = 3 * SECOND
MICROPHONE = Source.MICROPHONE


def announced(rig: Rig, identity: str) -> list[Told]:
    return [one for one in rig.told(identity) if one.what is Presence.JOINED]


def test_participants_who_publish_nothing_are_announced_with_one_tick(rig: Rig) -> None:
    names = ("a", "b", "c")
    for name in names:
        joined(rig, name, name)
    until(rig, lambda: all(len(rig.told(name)) == 2 for name in names), 2 * BATCH_US)
    seen_us = sorted(announced(rig, name)[0].at_us for name in names)
    for name in names:
        late_us = announced(rig, name)[0].at_us - times(rig, Presence.JOINED, name)[0]
        assert -100 * MILLISECOND <= late_us <= BATCH_US + rig.slack_us
        assert news(rig.told(name)) == [(1, None, Presence.JOINED), (1, None, Presence.ACTIVE)]
    # All with one tick, or with some of one grid if those fell between them.
    apart_us = seen_us[-1] - seen_us[0]
    assert min(apart_us % BATCH_US, -apart_us % BATCH_US) <= 200 * MILLISECOND


def test_ticks_keep_one_grid(rig: Rig) -> None:
    main = joined(rig, "main")
    until(rig, lambda: announced(rig, "u1") != [], BATCH_US)
    main.close()
    until(rig, lambda: rig.told()[-1].what is Presence.LEFT, BATCH_US)
    apart_us = rig.told()[-1].at_us - rig.told()[0].at_us
    assert min(apart_us % BATCH_US, -apart_us % BATCH_US) <= 200 * MILLISECOND


def test_a_publisher_is_announced_at_once(rig: Rig) -> None:
    main = joined(rig, "main")
    main.publish()
    until(rig, lambda: published(rig, "u1") == 1, 0)
    # That it is active may come with it, and after it.
    assert [one for one in news(rig.told()) if one[1]] == [(1, MICROPHONE, TrackState.PUBLISHED)]


def test_a_track_that_is_published_muted_is_never_heard(rig: Rig) -> None:
    main = joined(rig, "main")
    main.publish(muted=True)
    until(rig, lambda: published(rig, "u1") == 1, 0)
    rig.run_for(SECOND)
    tracks = [one.what for one in rig.told() if one.source is not None]
    assert tracks == [TrackState.PUBLISHED_MUTED]


def test_muting_and_unmuting_are_told_once_each(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    # Its `publishTrack` is through: what is muted and unmuted before that is told as it ends.
    rig.run_for(SECOND)
    for muted in (True, True, False, False):
        main.set_muted(muted)
        rig.run_for(300 * MILLISECOND)
    tracks = [one.what for one in rig.told() if one.source is not None]
    assert tracks == [TrackState.PUBLISHED, TrackState.MUTED, TrackState.UNMUTED]


@pytest.mark.parametrize("source", [Source.CAMERA, Source.SCREEN_SHARE])
def test_pictures_are_published_and_unpublished(rig: Rig, source: Source) -> None:
    main = joined(rig, "main")
    main.publish(source)
    until(rig, lambda: published(rig, "u1") == 1, SECOND)
    main.unpublish(source)
    until(rig, lambda: rig.told()[-1].what is TrackState.UNPUBLISHED, SECOND)
    assert [one[1:] for one in rig.told() if one.source is not None] == [
        (1, source, TrackState.PUBLISHED),
        (1, source, TrackState.UNPUBLISHED),
    ]


def test_who_has_published_once_stays_a_publisher(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    main.unpublish(MICROPHONE)
    until(rig, lambda: rig.told()[-1].what is TrackState.UNPUBLISHED, SECOND)
    rig.run_for(SECOND)
    left_us = rig.now_us
    main.close()
    until(rig, lambda: rig.told()[-1].what is Presence.LEFT, 0)
    assert rig.told()[-1].at_us - left_us <= rig.slack_us


def test_a_publishers_eviction_is_told_with_the_newcomer(rig: Rig) -> None:
    joined(rig, "main", publish=True)
    seen = len(rig.told())
    joined(rig, "overlay")
    until(rig, lambda: len(rig.told()) >= seen + 4, BATCH_US)
    told = rig.told()[seen:]
    assert news(told) == [
        (1, MICROPHONE, TrackState.UNPUBLISHED),
        (1, None, Presence.LEFT),
        (2, None, Presence.JOINED),
        (2, None, Presence.ACTIVE),
    ]
    assert told[2].at_us - told[0].at_us <= 100 * MILLISECOND
    # It is active with the same tick, or with the next if that fell between the two.
    apart_us = told[3].at_us - told[0].at_us
    assert min(apart_us, abs(apart_us - BATCH_US)) <= 200 * MILLISECOND


def test_a_publishers_eviction_waits_for_the_tick_when_the_newcomer_publishes_nothing(
    rig: Rig,
) -> None:
    late_us = []
    for name in ("a", "b", "c"):
        joined(rig, f"{name}-main", name, publish=True)
        seen = len(rig.told(name))
        joined(rig, f"{name}-overlay", name)
        until(rig, lambda who=name, count=seen: len(rig.told(who)) > count, BATCH_US)  # type: ignore[misc]  # bound now
        late_us.append(rig.told(name)[seen].at_us - times(rig, Presence.JOINED, name)[1])
    assert all(late <= BATCH_US + rig.slack_us for late in late_us)
    # At once every time would be no batch.
    assert max(late_us) >= 500 * MILLISECOND


def test_a_publishers_eviction_shows_at_once_when_the_newcomer_publishes(rig: Rig) -> None:
    joined(rig, "main", publish=True)
    overlay = joined(rig, "overlay")
    started_us = rig.now_us
    overlay.publish()
    until(rig, lambda: published(rig, "u1") == 2, 0)
    shown = [one for one in rig.told() if one.source][-1]
    assert shown[1:] == (2, MICROPHONE, TrackState.PUBLISHED)
    assert shown.at_us - started_us <= rig.slack_us


def test_a_switch_between_two_who_publish_nothing_shows_at_once(rig: Rig) -> None:
    late_us = []
    for name in ("a", "b", "c"):
        joined(rig, f"{name}-main", name)
        until(rig, lambda who=name: announced(rig, who) != [], BATCH_US)  # type: ignore[misc]  # bound now
        # Away from the tick.
        rig.run_for(SECOND)
        joined(rig, f"{name}-overlay", name)
        until(rig, lambda who=name: len(announced(rig, who)) == 2, BATCH_US)  # type: ignore[misc]  # bound now
        late_us.append(announced(rig, name)[1].at_us - times(rig, Presence.JOINED, name)[1])
    assert max(late_us) <= rig.slack_us


def test_a_session_that_came_and_went_between_two_ticks_was_never_there(rig: Rig) -> None:
    unseen = 0
    for number in range(6):
        name = f"guest-{number}"
        guest = joined(rig, name, name)
        guest.close()
        rig.run_for(BATCH_US + rig.slack_us)
        kinds = [one.what for one in rig.told(name)]
        assert kinds in (
            [],
            [Presence.JOINED, Presence.ACTIVE, Presence.LEFT],
            [Presence.JOINED, Presence.LEFT],
        )
        unseen += kinds == []
    assert unseen > 0


def test_rosters_say_who_shares_and_who_is_muted(rig: Rig) -> None:
    main = joined(rig, "main", "u1")
    other = joined(rig, "other", "u2")
    other.publish(Source.SCREEN_SHARE)
    other.publish(MICROPHONE, muted=True)
    until(rig, lambda: published(rig, "u2") == 2, SECOND)

    def listed(window: Window) -> list[tuple[bool, bool, bool]]:
        return [
            (one.muted, one.screen_share_track, one.camera_track)
            for one in window.roster()
            if one.identity == "u2"
        ]

    until(rig, lambda: listed(main) == listed(other) == [(True, True, False)], SECOND)
    assert other.roster()[0].identity == "u2"


def test_who_leaves_goes_from_the_roster(rig: Rig) -> None:
    main = joined(rig, "main", "u1")
    other = joined(rig, "other", "u2", publish=True)
    until(rig, lambda: len(main.roster()) == 3, 0)
    other.close()
    until(rig, lambda: len(main.roster()) == 2, 0)
    assert [one.identity for one in main.roster()] == ["u1", "witness"]


def test_of_somebody_known_the_track_is_told_before_that_it_is_active(rig: Rig) -> None:
    """A queued farewell announces the newcomer at once, as joined. That it is active and publishes
    comes together.
    """
    orders = []
    for name in ("a", "b", "c"):
        joined(rig, f"{name}-1", name, publish=True)
        joined(rig, f"{name}-2", name)
        joined(rig, f"{name}-3", name, publish=True)
        rig.run_for(BATCH_US)
        last = rig.told(name)[-1].session
        orders.append([one.what for one in rig.told(name) if one.session == last])
    whole = [Presence.JOINED, Presence.ACTIVE, TrackState.PUBLISHED]
    apart = [Presence.JOINED, TrackState.PUBLISHED, Presence.ACTIVE]
    # `whole` where a tick came between the join and the track.
    assert all(order in (whole, apart) for order in orders)
    assert apart in orders
