"""Webhooks that the application's server receives."""

from __future__ import annotations

from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence
from tests.conformance.sfu.server_rig import Rig, joined, times, until
from tests.units import SECOND


def names(rig: Rig, identity: str = "u1") -> list[str]:
    return [hook.name for hook in rig.hooks(identity)]


def gone(rig: Rig) -> list[tuple[str, int, Reason]]:
    """(name, session, reason) of those that say that a session is over."""
    over = ("participant_left", "participant_connection_aborted")
    return [(hook.name, hook.session, hook.reason) for hook in rig.hooks("u1") if hook.name in over]


def test_a_room_is_started_once(rig: Rig) -> None:
    joined(rig, "main")
    joined(rig, "other", "u2")
    until(rig, lambda: names(rig, "u2") != [], SECOND)
    assert [hook.name for hook in rig.hooks()] == ["room_started"]


def test_a_participant_has_joined_when_its_media_is_there(rig: Rig) -> None:
    wire = rig.dial()
    until(rig, lambda: wire.heard() == ["join"], SECOND)
    rig.run_for(2 * SECOND)
    assert names(rig) == []
    joined(rig, "main")
    until(rig, lambda: "participant_joined" in names(rig), SECOND)
    assert [hook.session for hook in rig.hooks("u1") if hook.name == "participant_joined"] == [2]


def test_tracks_come_and_go_between_joined_and_left(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    main.publish(Source.SCREEN_SHARE)
    until(rig, lambda: names(rig).count("track_published") == 2, 2 * SECOND)
    main.unpublish(Source.SCREEN_SHARE)
    until(rig, lambda: "track_unpublished" in names(rig), 2 * SECOND)
    main.close()
    until(rig, lambda: "participant_left" in names(rig), 2 * SECOND)
    until(rig, lambda: names(rig).count("track_unpublished") == 2, 2 * SECOND)
    told = names(rig)
    assert told[:4] == [
        "participant_joined",
        "track_published",
        "track_published",
        "track_unpublished",
    ]
    assert sorted(told[4:]) == ["participant_left", "track_unpublished"]
    assert gone(rig) == [("participant_left", 1, Reason.CLIENT_INITIATED)]


def test_a_duplicate_has_left_before_the_newcomer_has_joined(rig: Rig) -> None:
    joined(rig, "main")
    joined(rig, "overlay")
    until(rig, lambda: names(rig).count("participant_joined") == 2, SECOND)
    assert [(hook.name, hook.session) for hook in rig.hooks("u1")] == [
        ("participant_joined", 1),
        ("participant_left", 1),
        ("participant_joined", 2),
    ]
    assert gone(rig) == [("participant_left", 1, Reason.DUPLICATE_IDENTITY)]


def test_who_was_never_active_is_aborted_and_never_left(rig: Rig) -> None:
    wire = rig.dial()
    until(rig, lambda: wire.heard() == ["join"], SECOND)
    wire.hang_up()
    until(rig, lambda: gone(rig) != [], 2 * SECOND)
    assert [(name, reason) for name, _, reason in gone(rig)] == [
        ("participant_connection_aborted", Reason.SIGNAL_CLOSE)
    ]
    assert "participant_joined" not in names(rig)


def test_a_resume_is_told_to_nobody(rig: Rig) -> None:
    main = joined(rig, "main")
    until(rig, lambda: names(rig) == ["participant_joined"], SECOND)
    main.simulate("SIGNAL_RECONNECT")
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 8 * SECOND)
    assert len(times(rig, Presence.RESUMED)) == 1
    rig.run_for(SECOND)
    assert names(rig) == ["participant_joined"]


def test_a_ghost_has_left_with_a_time_out(rig: Rig) -> None:
    main = joined(rig, "main", process=True)
    main.crash()
    until(rig, lambda: gone(rig) != [], 23 * SECOND)
    assert gone(rig) == [("participant_left", 1, Reason.CONNECTION_TIMEOUT)]


def test_who_is_removed_has_left_with_that_reason(rig: Rig) -> None:
    joined(rig, "main")
    rig.remove_participant("u1")
    until(rig, lambda: gone(rig) != [], 2 * SECOND)
    assert gone(rig) == [("participant_left", 1, Reason.PARTICIPANT_REMOVED)]


def test_a_deleted_room_is_finished_when_all_have_left(rig: Rig) -> None:
    joined(rig, "main")
    rig.delete_room()
    until(rig, lambda: "room_finished" in [hook.name for hook in rig.hooks()], 3 * SECOND)
    assert [hook.name for hook in rig.hooks()] == ["room_started", "room_finished"]
    assert gone(rig) == [("participant_left", 1, Reason.ROOM_DELETED)]


def test_a_session_that_moves_to_another_node_has_left_and_unpublished_nothing(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    main.simulate("NODE_FAILURE")
    until(rig, lambda: gone(rig) != [], 5 * SECOND)
    rig.run_for(SECOND)
    assert gone(rig) == [("participant_left", 1, Reason.SERVER_SHUTDOWN)]
    assert "track_unpublished" not in names(rig)


def test_a_killed_server_tells_of_nobody(own_rig: Rig) -> None:
    joined(own_rig, "main", publish=True)
    until(own_rig, lambda: "track_published" in names(own_rig), 2 * SECOND)
    own_rig.stop_server()
    own_rig.run_for(3 * SECOND)
    assert names(own_rig) == ["participant_joined", "track_published"]
    assert [hook.name for hook in own_rig.hooks()] == ["room_started"]
