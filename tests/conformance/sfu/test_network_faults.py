"""Networks that change, refuse, or carry one direction alone."""

from __future__ import annotations

import pytest

from oneroom.core.events import RoomEnded, RoomLost
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from tests.conformance.sfu.sdk_differences import NETWORK_IS_BACK, RESUMED_OVER_DEAD_MEDIA
from tests.conformance.sfu.server_rig import Rig, Window, joined, left, sids, times, until
from tests.units import MILLISECOND, SECOND


def talking(rig: Rig) -> Window:
    """A window that has been in the call for a while."""
    main = joined(rig, "main", publish=True, path=True)
    rig.run_for(5 * SECOND)
    return main


def test_refused_signalling_is_noticed_at_once_and_tried_again_until_the_heal(rig: Rig) -> None:
    main = talking(rig)
    main.refuse_signal()
    until(rig, lambda: "RoomLost" in main.kinds(), 0)
    rig.run_for(6 * SECOND)
    assert "RoomHealed" not in main.kinds()
    assert sids(rig), "media lives"
    main.heal()
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 15 * SECOND)


def test_a_websocket_whose_server_end_is_gone_is_noticed_by_its_pings_and_resumed(rig: Rig) -> None:
    main = talking(rig)
    lost_us, listed = rig.now_us, rig.listed()
    main.lose_signal()
    until(rig, lambda: "RoomLost" in main.kinds(), 15 * SECOND)
    assert main.at(RoomLost)[0] - lost_us >= 9 * SECOND
    until(rig, lambda: "RoomHealed" in main.kinds(), 5 * SECOND)
    assert len(times(rig, Presence.RESUMED)) == 1
    assert (left(rig), rig.listed()) == ([], listed)


def test_a_call_goes_on_in_its_session_on_another_network(rig: Rig) -> None:
    main = talking(rig)
    changed_us, listed = rig.now_us, rig.listed()
    main.change_network()
    until(rig, lambda: "RoomLost" in main.kinds(), 15 * SECOND)
    assert main.at(RoomLost)[0] - changed_us >= 9 * SECOND
    until(rig, lambda: "RoomHealed" in main.kinds(), 8 * SECOND)
    assert times(rig, Presence.RESUMED)
    assert (left(rig), rig.listed()) == ([], listed)


@pytest.mark.parametrize("way", ["uplink", "downlink"])
def test_one_direction_of_media_that_is_dead_is_noticed_by_the_client(rig: Rig, way: str) -> None:
    main = talking(rig)
    cut_us = rig.now_us
    main.cut_media(uplink=way == "uplink", downlink=way == "downlink")
    until(rig, lambda: "RoomLost" in main.kinds(), 18_500 * MILLISECOND)
    assert main.at(RoomLost)[0] - cut_us >= 14 * SECOND
    rig.run_for(12 * SECOND)
    # Where the server is first to notice, the client's connection has not failed yet.
    healed = way == "uplink" and RESUMED_OVER_DEAD_MEDIA.of(rig.sdk)
    assert ("RoomHealed" in main.kinds()) == healed
    main.heal()
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 30 * SECOND)


def test_a_server_that_still_hears_its_client_keeps_the_session(rig: Rig) -> None:
    main = talking(rig)
    listed = rig.listed()
    main.cut_media(uplink=False)
    rig.run_for(26 * SECOND)
    assert "RoomLost" in main.kinds()
    assert (left(rig), rig.listed()) == ([], listed)


def test_a_network_that_was_gone_for_5_s(rig: Rig) -> None:
    main = talking(rig)
    listed, seen = rig.listed(), len(rig.told())
    main.go_offline()
    rig.run_for(5 * SECOND)
    assert main.kinds() == ["RoomConnected", "CaptureStarted"]
    main.go_online()
    rig.run_for(8 * SECOND)
    noticed = ["RoomLost", "RoomHealed"] if NETWORK_IS_BACK.of(rig.sdk) == "resumes" else []
    assert main.kinds() == ["RoomConnected", "CaptureStarted", *noticed]
    assert len(times(rig, Presence.RESUMED)) == len(noticed) // 2
    assert (left(rig), rig.listed(), rig.told()[seen:]) == ([], listed, [])


def test_a_join_without_a_network_is_refused_at_once(rig: Rig) -> None:
    main = rig.window("main", path=True)
    main.go_offline()
    started_us = rig.now_us
    main.join()
    until(rig, lambda: main.ended() is not None, SECOND)
    assert main.ended() is Reason.JOIN_FAILURE
    assert main.at(RoomEnded)[0] - started_us <= SECOND + rig.slack_us
    main.go_online()
    rig.run_for(2 * SECOND)
    assert (main.kinds(), rig.facts()) == (["RoomEnded"], [])
