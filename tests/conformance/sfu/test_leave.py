"""disconnect(), and what an administrator does."""

from __future__ import annotations

from oneroom.core.events import RoomEnded
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.sfu.sdk import JS
from tests.conformance.sfu.sdk_differences import KICKED_WHILE_CONNECTING
from tests.conformance.sfu.server_rig import Rig, joined, left, news, times, until
from tests.units import MILLISECOND, SECOND


def test_closing_ends_soon_and_the_server_hears_a_leave(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    closed_us = rig.now_us
    main.close()
    until(rig, lambda: rig.listed() == () and main.ended() is Reason.CLIENT_INITIATED, SECOND)
    assert main.at(RoomEnded)[0] - closed_us <= JS.close_us + 100 * MILLISECOND
    assert left(rig) == [(1, Reason.CLIENT_INITIATED)]


def test_after_closing_the_sdk_says_nothing_more_and_never_comes_back(rig: Rig) -> None:
    main = joined(rig, "main")
    main.close()
    rig.run_for(20 * SECOND)
    main.close()
    main.publish()
    rig.run_for(SECOND)
    assert main.kinds() == ["RoomConnected", "RoomEnded"]
    assert len(times(rig, Presence.JOINED)) == 1


def test_a_publisher_that_leaves_is_missed_at_once(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    seen = len(rig.told())
    main.close()
    until(rig, lambda: len(rig.told()) >= seen + 2, 0)
    assert news(rig.told()[seen:]) == [
        (1, Source.MICROPHONE, TrackState.UNPUBLISHED),
        (1, None, Presence.LEFT),
    ]


def test_a_removed_participant_is_told_and_stays_away(rig: Rig) -> None:
    main = joined(rig, "main")
    rig.remove_participant("u1")
    until(rig, lambda: main.ended() is not None, 0)
    assert main.ended() is Reason.PARTICIPANT_REMOVED
    rig.run_for(20 * SECOND)
    assert main.kinds() == ["RoomConnected", "RoomEnded"]
    assert rig.listed() == ()
    assert left(rig) == [(1, Reason.PARTICIPANT_REMOVED)]


def test_removal_is_by_identity_and_does_not_revoke_the_token(rig: Rig) -> None:
    main = joined(rig, "main")
    other = joined(rig, "other", "u2")
    rig.remove_participant("u1")
    until(rig, lambda: main.ended() is not None, 0)
    main.join(epoch=2)
    until(rig, lambda: main.kinds()[-1] == "RoomConnected", SECOND)
    assert other.kinds() == ["RoomConnected"]


def test_removing_nobody_disturbs_nobody(rig: Rig) -> None:
    main = joined(rig, "main")
    rig.remove_participant("nobody")
    rig.run_for(SECOND)
    assert main.kinds() == ["RoomConnected"]


def test_a_removal_while_connect_is_pending(rig: Rig) -> None:
    main = rig.window("main", path=True)
    # connect() waits for media.
    main.cut(signal=False)
    main.join()
    until(rig, lambda: times(rig, Presence.JOINED) != [], SECOND)
    rig.remove_participant("u1")
    until(rig, lambda: left(rig) == [(1, Reason.PARTICIPANT_REMOVED)], SECOND)
    main.heal()
    again = KICKED_WHILE_CONNECTING.of(rig.sdk)
    if again is None:
        until(rig, lambda: main.ended() is not None, SECOND)
        rig.run_for(16 * SECOND)
        assert main.kinds() == ["RoomEnded"]
        assert main.ended() is Reason.PARTICIPANT_REMOVED
        assert len(times(rig, Presence.JOINED)) == 1
    else:
        until(rig, lambda: main.kinds() != [], again.high_us)
        assert main.kinds() == ["RoomConnected"]
        joined_us = times(rig, Presence.JOINED)
        assert len(joined_us) == 2
        assert again.low_us <= joined_us[1] - joined_us[0] <= again.high_us + rig.slack_us


def test_a_deleted_room_ends_everybody(rig: Rig) -> None:
    main = joined(rig, "main", "u1", publish=True)
    other = joined(rig, "other", "u2")
    rig.delete_room()
    until(rig, lambda: main.ended() is not None and other.ended() is not None, 0)
    assert main.ended() is other.ended() is Reason.ROOM_DELETED
    again = joined(rig, "again", "u1")
    assert again.kinds() == ["RoomConnected"]
    assert [identity for identity, _ in rig.listed()] == ["u1"]


def test_who_watches_a_room_that_is_deleted_sees_nobody_any_more(rig: Rig) -> None:
    joined(rig, "main", "u1", publish=True)
    seen = len(rig.told())
    rig.delete_room()
    until(rig, lambda: len(rig.told()) >= seen + 2, SECOND)
    assert news(rig.told()[seen:]) == [
        (1, Source.MICROPHONE, TrackState.UNPUBLISHED),
        (1, None, Presence.LEFT),
    ]


def test_a_restart_forgets_everybody_and_clients_come_back_under_new_sids(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    before = own_rig.listed()
    own_rig.kill_server()
    until(own_rig, lambda: main.kinds()[-1] == "RoomHealed", 15 * SECOND)
    assert main.kinds()[:3] == ["RoomConnected", "CaptureStarted", "RoomLost"]
    [(identity, sid)] = own_rig.listed()
    assert identity == "u1"
    assert (identity, sid) not in before
