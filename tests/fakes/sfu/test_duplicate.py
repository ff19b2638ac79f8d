"""Rules of one identity in two windows: who is removed, who hears of it, who comes back."""

from __future__ import annotations

import pytest

from oneroom.core.events import RoomEnded, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from oneroom_fakes.sfu.sdk import JS, PYTHON
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, DELAY_LOW_US, JOIN_US, Rig
from tests.units import SECOND


def test_a_roster_begins_with_the_window_itself_and_goes_on_in_the_order_of_joining() -> None:
    rig = Rig()
    main = rig.joined("main", identity="u1#main")
    overlay = rig.joined("overlay", identity="u1#overlay")
    rig.run_for(5 * SECOND)
    assert [one.identity for one in main.roster()] == ["u1#main", "witness", "u1#overlay"]
    assert [one.identity for one in overlay.roster()] == ["u1#overlay", "witness", "u1#main"]


def test_the_loser_of_two_joins_in_one_instant_stays_out_with_livekit_client() -> None:
    rig = Rig()
    main, overlay = rig.window("main"), rig.window("overlay")
    main.join()
    overlay.join()
    rig.run_for(60 * SECOND)
    assert sorted([main.kinds(), overlay.kinds()]) == [["RoomConnected"], ["RoomEnded"]]
    assert [reason for name in ("main", "overlay") for _, reason in rig.left(name)] == [
        Reason.DUPLICATE_IDENTITY
    ]


def test_the_loser_of_two_joins_in_one_instant_comes_back_with_python() -> None:
    rig = Rig(sdk=PYTHON)
    main, overlay = rig.window("main"), rig.window("overlay")
    main.join()
    overlay.join()
    rig.run_for(JOIN_US)
    loser, winner = (main, overlay) if main.events == [] else (overlay, main)
    assert winner.kinds() == ["RoomConnected"]
    kicked_us = rig.left(loser.name)[0][0]
    rig.run_for(JS.join_media_us + JOIN_US)
    came_back_us = rig.times(loser.name, Presence.JOINED)[1]
    assert abs(came_back_us - kicked_us - JS.join_media_us) <= 3 * DELAY_HIGH_US
    assert winner.ended() is Reason.DUPLICATE_IDENTITY
    assert loser.kinds() == ["RoomConnected"]


def test_closing_the_loser_in_time_is_what_keeps_the_winner() -> None:
    rig = Rig(sdk=PYTHON)
    main, overlay = rig.window("main"), rig.window("overlay")
    main.join()
    overlay.join()
    rig.run_for(JOIN_US)
    loser, winner = (main, overlay) if main.events == [] else (overlay, main)
    loser.close()
    rig.run_for(120 * SECOND)
    assert loser.events == [RoomEnded(1, Reason.CLIENT_INITIATED)]
    assert winner.kinds() == ["RoomConnected"]


def test_a_kick_that_a_cut_holds_back_is_heard_after_the_heal() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.path.drop("both")
    overlay = rig.joined("overlay")
    rig.run_for(5 * SECOND)
    assert main.ended() is None
    main.path.heal()
    rig.run_for(DELAY_HIGH_US)
    assert main.ended() is Reason.DUPLICATE_IDENTITY
    rig.run_for(120 * SECOND)
    assert overlay.kinds() == ["RoomConnected"]


@pytest.mark.parametrize("race", [0, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_joins_of_one_instant_come_to_the_same_for_whoever_joins_however_the_server_fares(
    seed: int, race: int
) -> None:
    rig = Rig(seed, race=race)
    windows = [rig.window(name) for name in ("main", "overlay", "widget")]
    for window in windows:
        window.join()
    rig.run_for(JOIN_US)
    assert len(rig.listed()) == 1
    left = [
        (window, reason)
        for _, window, _, presence, reason in rig.presence()
        if presence is Presence.LEFT
    ]
    assert [reason for _, reason in left] == [Reason.DUPLICATE_IDENTITY] * 2
    joined = [sid for _, _, sid, presence, _ in rig.presence() if presence is Presence.JOINED]
    assert len(joined) == 3, "what failed inside the server was never there"


def _last_joined_us(race: int) -> int:
    rig = Rig(2, race=race)
    for name in ("main", "overlay", "widget"):
        rig.window(name).join()
    rig.run_for(JOIN_US)
    return [at_us for at_us, _, _, presence, _ in rig.presence() if presence is Presence.JOINED][-1]


def test_a_join_that_is_overtaken_begins_again_some_milliseconds_later() -> None:
    assert _last_joined_us(2) > _last_joined_us(0)


def test_the_farewell_of_a_session_that_never_was_is_taken_for_that_of_the_one_that_is_there() -> (
    None
):
    """Two windows join in one instant while a third is in the call. Whoever is told of it loses the
    participant, and has it back with the next update about it (seen, 4 of 4 rounds).
    """
    rig = Rig(race=3)
    rig.joined("main")
    other = rig.joined("other", "u2")
    rig.run_for(4 * SECOND)
    known = len(rig.witnessed())
    for name in ("overlay", "widget"):
        rig.window(name, delays_us=(DELAY_LOW_US, DELAY_LOW_US)).join()
    rig.run_for(4 * SECOND)
    seen = [presence for _, _, presence in rig.witnessed()[known:]]
    assert seen.count(Presence.LEFT) >= 1
    rosters = [event for event in other.page.events if isinstance(event, RosterChanged)]
    assert any(
        [one.identity for one in roster.participants] == ["u2", "witness"]
        for roster in rosters[-3:]
    )
    # The join that starts over is announced, and repairs it.
    [(_, sid)] = [one for one in rig.listed() if one[0] == "u1"]
    assert rig.witnessed()[-1][1] == sid
    assert "u1" in [one.identity for one in other.roster()]
