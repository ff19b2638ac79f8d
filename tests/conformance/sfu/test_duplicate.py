"""One identity in two windows: who is removed, who hears of it, who comes back."""

from __future__ import annotations

from oneroom.core.events import RoomConnected, RoomEnded
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from tests.conformance.sfu.sdk_differences import KICKED_WHILE_CONNECTING
from tests.conformance.sfu.server_rig import Rig, joined, left, times, until
from tests.units import SECOND


def test_a_join_removes_the_older_session_of_its_identity_first(rig: Rig) -> None:
    joined(rig, "main")
    joined(rig, "overlay")
    assert [(one.session, one.presence, one.reason) for one in rig.facts()] == [
        (1, Presence.JOINED, Reason.UNKNOWN),
        (1, Presence.ACTIVE, Reason.UNKNOWN),
        (1, Presence.LEFT, Reason.DUPLICATE_IDENTITY),
        (2, Presence.JOINED, Reason.UNKNOWN),
        (2, Presence.ACTIVE, Reason.UNKNOWN),
    ]


def test_the_evicted_client_stops_for_good_before_the_newcomer_is_connected(rig: Rig) -> None:
    main = joined(rig, "main")
    overlay = joined(rig, "overlay")
    until(rig, lambda: main.ended() is not None, 0)
    assert main.kinds() == ["RoomConnected", "RoomEnded"]
    assert main.ended() is Reason.DUPLICATE_IDENTITY
    assert main.at(RoomEnded)[0] < overlay.at(RoomConnected)[0]
    rig.run_for(20 * SECOND)
    assert len(main.kinds()) == 2
    assert overlay.kinds() == ["RoomConnected"]


def test_nobody_ever_lists_two_participants_of_one_identity(rig: Rig) -> None:
    for number in range(4):
        joined(rig, f"window-{number}", publish=number % 2 == 0)
    assert max(len(listed) for listed in rig.polled()) == 1
    assert len(rig.listed()) == 1


def test_a_kick_while_connect_is_pending(rig: Rig) -> None:
    main = rig.window("main", path=True)
    # connect() waits for media.
    main.cut(signal=False)
    main.join()
    until(rig, lambda: times(rig, Presence.JOINED) != [], SECOND)
    overlay = joined(rig, "overlay")
    assert left(rig) == [(1, Reason.DUPLICATE_IDENTITY)]
    main.heal()
    again = KICKED_WHILE_CONNECTING.of(rig.sdk)
    if again is None:
        until(rig, lambda: main.ended() is not None, SECOND)
        assert main.kinds() == ["RoomEnded"]
        assert main.ended() is Reason.DUPLICATE_IDENTITY
        rig.run_for(16 * SECOND)
        assert overlay.kinds() == ["RoomConnected"]
        assert len(times(rig, Presence.JOINED)) == 2
        return
    rig.run_for(5 * SECOND)
    assert main.kinds() == []
    assert overlay.ended() is None
    until(rig, lambda: main.kinds() != [], 11 * SECOND)
    assert main.kinds() == ["RoomConnected"]
    until(rig, lambda: overlay.ended() is not None, 0)
    assert overlay.ended() is Reason.DUPLICATE_IDENTITY
    joined_us = times(rig, Presence.JOINED)
    assert again.low_us <= joined_us[-1] - joined_us[0] <= again.high_us + rig.slack_us
    assert left(rig) == [(1, Reason.DUPLICATE_IDENTITY), (2, Reason.DUPLICATE_IDENTITY)]


def test_three_windows_that_connect_in_one_instant_end_with_one_survivor(rig: Rig) -> None:
    windows = [rig.window(name) for name in ("a", "b", "c")]
    for window in windows:
        window.join()
    rig.run_for(50 * SECOND)
    survivors = [window for window in windows if window.ended() is None]
    assert len(survivors) == len(rig.listed()) == 1
    assert survivors[0].kinds() == ["RoomConnected"]
    evicted = [window.ended() for window in windows if window is not survivors[0]]
    assert evicted == [Reason.DUPLICATE_IDENTITY] * 2
    assert max(len(listed) for listed in rig.polled()) == 1


def test_a_newcomer_replaces_a_ghost_at_once(rig: Rig) -> None:
    main = joined(rig, "main", process=True)
    main.crash()
    rig.run_for(SECOND)
    overlay = joined(rig, "overlay")
    assert left(rig) == [(1, Reason.DUPLICATE_IDENTITY)]
    rig.run_for(22 * SECOND)
    assert overlay.kinds() == ["RoomConnected"]
    assert len(times(rig, Presence.LEFT)) == 1


def test_after_joins_in_one_instant_others_see_who_is_listed(rig: Rig) -> None:
    """A farewell of a join that failed inside the server is repaired by the next update."""
    joined(rig, "main", publish=True)
    rig.run_for(4 * SECOND)
    windows = [rig.window(name) for name in ("a", "b")]
    for window in windows:
        window.join()
    until(rig, lambda: any("RoomConnected" in one.kinds() for one in windows), 5 * SECOND)
    rig.run_for(5 * SECOND)
    assert [one.what for one in rig.told() if one.source is None][-1] is Presence.ACTIVE
