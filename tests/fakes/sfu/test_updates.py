"""Rules of what others are told, and when: the 3 s batch, and what a duplicate looks like from
outside.
"""

from __future__ import annotations

from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.sfu.timers import SfuTimers
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, JOIN_US, Rig
from tests.units import SECOND

BATCH_US = SfuTimers().update_batch_us
MICROPHONE = Source.MICROPHONE


def test_a_participant_who_publishes_nothing_is_announced_with_the_next_tick() -> None:
    late_us = []
    for seed in range(20):
        rig = Rig(seed)
        rig.joined("main")
        rig.run_for(BATCH_US)
        told = rig.witnessed()
        assert [what[1:] for what in told] == [("PA_1", Presence.JOINED), ("PA_1", Presence.ACTIVE)]
        late_us.append(told[0][0] - rig.times("main", Presence.JOINED)[0])
    assert all(0 <= late <= BATCH_US for late in late_us)
    assert max(late_us) - min(late_us) > BATCH_US // 2  # the phase is a draw


def test_two_ticks_are_whole_batch_intervals_apart() -> None:
    rig = Rig()
    main = rig.joined("main")
    rig.run_for(BATCH_US)
    main.close()
    rig.run_for(DELAY_HIGH_US + BATCH_US)
    first_us, left_us = rig.witnessed()[0][0], rig.witnessed()[-1][0]
    assert rig.witnessed()[-1][1:] == ("PA_1", Presence.LEFT)
    assert (left_us - first_us) % BATCH_US == 0


def test_a_publisher_is_announced_at_once_and_so_is_everything_about_it() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    published_us = rig.observer.reports[-1][0]
    assert rig.witnessed()[-1] == (published_us, "PA_1", MICROPHONE, TrackState.PUBLISHED)
    main.set_muted(True)
    main.close()
    rig.run_for(DELAY_HIGH_US + 2)
    left_us = rig.left("main")[0][0]
    assert rig.witnessed()[-3:] == [
        (rig.witnessed()[-3][0], "PA_1", MICROPHONE, TrackState.MUTED),
        (left_us, "PA_1", MICROPHONE, TrackState.UNPUBLISHED),
        (left_us, "PA_1", Presence.LEFT),
    ]


def test_the_eviction_of_a_publisher_shows_only_when_the_newcomer_is_announced() -> None:
    rig = Rig()
    rig.joined("main", publish=True)
    seen = len(rig.witnessed())
    overlay = rig.window("overlay")
    overlay.join()
    rig.run_for(JOIN_US + BATCH_US)
    told = rig.witnessed()[seen:]
    assert [what[1:] for what in told] == [
        ("PA_1", MICROPHONE, TrackState.UNPUBLISHED),
        ("PA_1", Presence.LEFT),
        ("PA_2", Presence.JOINED),
        ("PA_2", Presence.ACTIVE),
    ]
    assert len({what[0] for what in told}) == 1
    assert told[0][0] > rig.left("main")[0][0]


def test_the_eviction_of_a_publisher_shows_at_once_when_the_newcomer_publishes() -> None:
    rig = Rig()
    rig.joined("main", publish=True)
    seen = len(rig.witnessed())
    rig.joined("overlay", publish=True)
    told = rig.witnessed()[seen:]
    assert told[-1][1:] == ("PA_2", MICROPHONE, TrackState.PUBLISHED)
    assert told[-1][0] <= rig.now_us


def test_the_queued_farewell_of_an_older_session_goes_out_before_the_news_of_the_newer() -> None:
    rig = Rig()
    rig.joined("main")
    rig.run_for(BATCH_US)
    seen = len(rig.witnessed())
    rig.window("overlay").join()
    rig.run_for(JOIN_US)
    told = rig.witnessed()[seen:]
    joined_us = rig.times("overlay", Presence.JOINED)[0]
    assert told[:2] == [(joined_us, "PA_1", Presence.LEFT), (joined_us, "PA_2", Presence.JOINED)]


def test_clients_see_others_with_the_same_delay_as_the_witness() -> None:
    rig = Rig()
    main = rig.joined("main", identity="u1")
    rig.joined("other", identity="u2")
    rig.run_for(BATCH_US + DELAY_HIGH_US)
    assert [one.identity for one in main.roster()] == ["u1", "witness", "u2"]
    told_us = next(what[0] for what in rig.witnessed() if what[1] == "PA_2")
    heard_us = [
        time_us
        for event, time_us in zip(main.page.events, main.page.times_us, strict=True)
        if "u2" in str(event) and time_us >= told_us
    ]
    assert heard_us[0] - told_us <= DELAY_HIGH_US


def test_the_roster_says_who_shares_and_who_is_muted_but_carries_no_tracks() -> None:
    rig = Rig()
    main = rig.joined("main", identity="u1")
    other = rig.joined("other", identity="u2")
    other.publish(Source.SCREEN_SHARE)
    other.publish(Source.MICROPHONE, muted=True)
    rig.run_for(4 * DELAY_HIGH_US)
    seen = main.roster()[-1]
    assert (seen.identity, seen.muted, seen.screen_share_track, seen.camera_track) == (
        "u2",
        True,
        True,
        False,
    )
    own = other.roster()[0]
    assert (own.identity, own.muted, own.screen_share_track) == ("u2", True, True)


def test_who_left_during_a_cut_is_missing_from_the_resumes_roster() -> None:
    rig = Rig()
    main = rig.joined("main", identity="u1")
    other = rig.joined("other", identity="u2", publish=True)
    rig.run_for(BATCH_US)
    main.path.drop("signal")
    other.close()
    rig.run_for(15 * SECOND)
    assert len(main.roster()) == 3
    main.path.heal()
    rig.run_for(10 * SECOND)
    assert [one.identity for one in main.roster()] == ["u1", "witness"]
