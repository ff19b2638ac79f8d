"""An owner that is cut off, and comes back after another window has taken its identity: who ends in
the Room.
"""

from __future__ import annotations

from oneroom.core.events import RoomEnded
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence, TrackState
from tests.conformance.sfu.sdk_differences import (
    FOREIGN_RESUME,
    ZOMBIE_WITH_TRACKS,
    ZOMBIE_WITHOUT_TRACKS,
)
from tests.conformance.sfu.server_rig import Rig, Window, joined, left, sids, times, until
from tests.units import SECOND


def test_a_leave_that_a_cut_has_held_back_ends_the_old_client_at_the_heal(rig: Rig) -> None:
    main = joined(rig, "main", publish=True, path=True)
    main.cut()
    overlay = joined(rig, "overlay")
    rig.run_for(3 * SECOND)
    assert main.ended() is None
    main.heal()
    until(rig, lambda: main.ended() is not None, 0)
    assert main.ended() is Reason.DUPLICATE_IDENTITY
    rig.run_for(10 * SECOND)
    assert overlay.kinds() == ["RoomConnected"]


def test_a_client_whose_leave_was_lost_comes_back_with_a_full_join_and_evicts_the_newer_one(
    rig: Rig,
) -> None:
    main = joined(rig, "main", publish=True, path=True)
    main.cut()
    overlay = joined(rig, "overlay", publish=True)
    until(rig, lambda: "RoomLost" in main.kinds(), 17 * SECOND)
    # The resume fails, too.
    rig.run_for(6 * SECOND)
    main.heal()
    until(rig, lambda: overlay.ended() is not None, 25 * SECOND)
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 10 * SECOND)
    assert overlay.ended() is Reason.DUPLICATE_IDENTITY
    assert main.ended() is None
    assert max(len(listed) for listed in rig.polled()) == 1
    assert len(sids(rig)) == 1


def test_a_resume_without_its_leave_is_attached_to_the_newer_session(rig: Rig) -> None:
    main = joined(rig, "main", path=True)
    main.cut()
    overlay = joined(rig, "overlay")
    [newer] = sids(rig)
    main.break_signal()
    main.heal()
    until(rig, lambda: times(rig, Presence.RESUMED) != [], 2 * SECOND)
    resumed = [one for one in rig.facts() if one.presence is Presence.RESUMED]
    # The session is the newer one's; its own window loses its connection without a Leave.
    assert resumed[0].session == 2
    assert sids(rig) == [newer]
    until(rig, lambda: "RoomLost" in overlay.kinds(), SECOND)
    assert overlay.ended() is None


def one_is_left(rig: Rig, main: Window, overlay: Window) -> None:
    """Of the two that take the session from each other, one loses it and the other keeps it."""
    until(rig, lambda: main.ended() is not None or overlay.ended() is not None, 60 * SECOND)
    loser, winner = (main, overlay) if main.ended() is not None else (overlay, main)
    assert loser.ended() is Reason.DUPLICATE_IDENTITY
    until(rig, lambda: winner.kinds()[-1] == "RoomHealed", 10 * SECOND)
    rig.run_for(5 * SECOND)
    assert winner.ended() is None
    assert len(sids(rig)) == 1
    assert max(len(listed) for listed in rig.polled()) == 1


def test_two_clients_without_tracks_take_the_session_from_each_other_until_one_wins(
    rig: Rig,
) -> None:
    main = joined(rig, "main", path=True)
    main.cut()
    overlay = joined(rig, "overlay")
    main.break_signal()
    main.heal()
    one_is_left(rig, main, overlay)


def test_after_a_foreign_resume_with_tracks_one_of_the_two_is_left(rig: Rig) -> None:
    main = joined(rig, "main", publish=True, path=True)
    main.cut()
    overlay = joined(rig, "overlay", publish=True)
    main.break_signal()
    main.heal()
    one_is_left(rig, main, overlay)


def _zombie_is_back_us(rig: Rig, publish: bool) -> int:
    """Cut `main` off for 7 s, in which it is taken over, and wait until it has evicted the newer
    one: the time from the heal to that.
    """
    main = joined(rig, "main", publish=publish, path=True)
    # It knows the name of its track.
    rig.run_for(SECOND)
    main.cut()
    overlay = joined(rig, "overlay", publish=publish)
    rig.run_for(7 * SECOND)
    main.break_signal()
    main.heal()
    healed_us = rig.now_us
    until(rig, lambda: overlay.ended() is not None, 30 * SECOND)
    assert main.ended() is None
    assert overlay.ended() is Reason.DUPLICATE_IDENTITY
    return overlay.at(RoomEnded)[-1] - healed_us


def test_a_zombie_with_a_track_is_the_one_who_is_left(rig: Rig) -> None:
    took = ZOMBIE_WITH_TRACKS.of(rig.sdk)
    assert took.low_us <= _zombie_is_back_us(rig, publish=True) <= took.high_us + rig.slack_us


def test_a_zombie_without_tracks_is_the_one_who_is_left(rig: Rig) -> None:
    took = ZOMBIE_WITHOUT_TRACKS.of(rig.sdk)
    assert took.low_us <= _zombie_is_back_us(rig, publish=False) <= took.high_us + rig.slack_us


def test_a_foreign_resume_that_names_no_track(rig: Rig) -> None:
    main = joined(rig, "main", path=True)
    main.cut()
    joined(rig, "overlay", publish=True)
    # Its media is dead for long enough to be noticed.
    rig.run_for(7 * SECOND)
    main.break_signal()
    main.heal()
    until(rig, lambda: times(rig, Presence.RESUMED) != [], 2 * SECOND)
    rig.run_for(9 * SECOND)
    # What it does not name stays; what its offer is without is unpublished, and the newer window,
    # which names that, finds it unknown.
    reason = FOREIGN_RESUME.of(rig.sdk)
    ended = [] if reason is None else [(2, reason)]
    assert left(rig)[:2] == [(1, Reason.DUPLICATE_IDENTITY), *ended]
    unpublished = TrackState.UNPUBLISHED in [one.what for one in rig.told() if one.source]
    assert unpublished == (reason is not None)
