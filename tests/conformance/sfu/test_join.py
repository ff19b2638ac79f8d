"""connect(): what everybody sees until a Room is there, or is not."""

from __future__ import annotations

from oneroom.core.events import RoomConnected, RoomEnded
from oneroom.ports.observer import Presence
from tests.conformance.sfu.sdk_differences import REFUSED_TOKEN
from tests.conformance.sfu.server_rig import Rig, joined, times, until
from tests.units import MILLISECOND, SECOND


def test_a_join_is_listed_then_active_then_connected(rig: Rig) -> None:
    main = joined(rig, "main")
    assert main.kinds() == ["RoomConnected"]
    # The server writes its log when it comes to it.
    until(rig, lambda: len(rig.facts()) >= 2, 0)
    facts = rig.facts()
    assert [(one.session, one.presence) for one in facts] == [
        (1, Presence.JOINED),
        (1, Presence.ACTIVE),
    ]
    # The server's clock and ours are read at different moments.
    assert facts[1].at_us <= main.at(RoomConnected)[0] + 200 * MILLISECOND
    assert [identity for identity, _ in rig.listed()] == ["u1"]


def test_connect_takes_less_than_half_a_second_and_the_slack(rig: Rig) -> None:
    main = rig.window("main")
    started_us = rig.now_us
    main.join()
    until(rig, lambda: main.kinds() != [], SECOND)
    assert main.at(RoomConnected)[0] - started_us <= SECOND // 2 + rig.slack_us


def test_the_roster_of_a_newcomer_holds_itself_first_and_who_was_there(rig: Rig) -> None:
    main = joined(rig, "main")
    assert [one.identity for one in main.roster()] == ["u1", "witness"]


def test_an_expired_token_is_refused_at_once_and_for_good(rig: Rig) -> None:
    main = rig.window("main")
    started_us = rig.now_us
    main.join(ttl_us=-70 * SECOND)
    until(rig, lambda: main.kinds() != [], SECOND)
    assert main.ended() is REFUSED_TOKEN.of(rig.sdk)
    assert main.at(RoomEnded)[0] - started_us <= SECOND // 2 + rig.slack_us
    rig.run_for(5 * SECOND)
    assert main.kinds() == ["RoomEnded"]
    assert rig.facts() == []


def test_a_token_is_good_for_a_minute_after_its_expiry(rig: Rig) -> None:
    main = rig.window("main")
    main.join(ttl_us=-50 * SECOND)
    until(rig, lambda: main.kinds() != [], SECOND)
    assert main.kinds() == ["RoomConnected"]


def test_a_window_may_join_again_under_another_epoch(rig: Rig) -> None:
    main = joined(rig, "main")
    main.close(epoch=1)
    until(rig, lambda: rig.listed() == () and main.ended() is not None, SECOND)
    main.join(epoch=2)
    until(rig, lambda: main.kinds()[-1] == "RoomConnected", SECOND)
    assert main.kinds() == ["RoomConnected", "RoomEnded", "RoomConnected"]
    assert [one.session for one in rig.facts() if one.presence is Presence.JOINED] == [1, 2]


def test_other_identities_are_left_alone(rig: Rig) -> None:
    main = joined(rig, "main", "u1#main")
    overlay = joined(rig, "overlay", "u1#overlay")
    rig.run_for(4 * SECOND)
    assert [identity for identity, _ in rig.listed()] == ["u1#main", "u1#overlay"]
    assert main.kinds() == overlay.kinds() == ["RoomConnected"]
    assert sorted(one.identity for one in main.roster()) == ["u1#main", "u1#overlay", "witness"]
    assert sorted(one.identity for one in overlay.roster()) == ["u1#main", "u1#overlay", "witness"]
    assert len(times(rig, Presence.JOINED, "u1#main")) == 1
