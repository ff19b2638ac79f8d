"""What befalls the server's process: drained, ended, paused, killed. Each case has a server of its own."""

from __future__ import annotations

from harness.core.reasons import Reason
from harness.core.state import Source
from harness.ports.observer import Presence, TrackState
from tests.conformance.sfu.rig import SECOND, Rig, joined, left, published, sids, told_since, until


def test_a_server_that_drains_disturbs_nobody_and_accepts_who_comes(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    seen = len(own_rig.told())
    own_rig.terminate_server()
    # LiveKit looks every 5 s whether all have left.
    own_rig.run_for(8 * SECOND)
    assert own_rig.server_runs()
    assert main.kinds() == ["RoomConnected", "CaptureStarted"]
    assert told_since(own_rig, seen) == []
    joined(own_rig, "late", "u2")
    assert sorted(identity for identity, _ in own_rig.listed()) == ["u1", "u2"]


def test_a_second_sigterm_ends_everybody_and_the_server(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    other = joined(own_rig, "other", "u2")
    own_rig.terminate_server()
    own_rig.run_for(SECOND)
    own_rig.terminate_server()
    until(own_rig, lambda: main.ended() is not None and other.ended() is not None, 6 * SECOND)
    assert main.ended() is other.ended() is Reason.SERVER_SHUTDOWN
    until(own_rig, lambda: not own_rig.server_runs(), 10 * SECOND)


def test_a_pause_of_5_s_is_noticed_by_nobody(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    own_rig.run_for(4 * SECOND)
    seen = len(own_rig.told())
    own_rig.pause_server()
    own_rig.run_for(5 * SECOND)
    own_rig.unpause_server()
    own_rig.run_for(6 * SECOND)
    assert main.kinds() == ["RoomConnected", "CaptureStarted"]
    assert told_since(own_rig, seen) == []
    assert left(own_rig) == []


def test_a_mute_during_a_pause_arrives_after_it(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    own_rig.run_for(4 * SECOND)
    seen = len(own_rig.told())
    own_rig.pause_server()
    main.set_muted(True)
    own_rig.run_for(2 * SECOND)
    assert told_since(own_rig, seen) == []
    own_rig.unpause_server()
    until(own_rig, lambda: told_since(own_rig, seen) != [], SECOND)
    assert told_since(own_rig, seen) == [(1, Source.MICROPHONE, TrackState.MUTED)]


def test_a_join_during_a_short_pause_waits_for_its_end(own_rig: Rig) -> None:
    main = own_rig.window("main")
    own_rig.pause_server()
    main.join()
    own_rig.run_for(2 * SECOND)
    assert main.kinds() == []
    own_rig.unpause_server()
    until(own_rig, lambda: main.kinds() == ["RoomConnected"], 3 * SECOND)


def test_a_pause_of_22_s_loses_the_call_and_it_comes_back(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    own_rig.pause_server()
    until(own_rig, lambda: "RoomLost" in main.kinds(), 17 * SECOND)
    own_rig.run_for(5 * SECOND)
    own_rig.unpause_server()
    until(own_rig, lambda: main.kinds()[-1] == "RoomHealed", 25 * SECOND)
    own_rig.run_for(6 * SECOND)
    assert main.ended() is None
    assert len(sids(own_rig)) == 1


def test_a_kill_is_a_new_beginning_for_everybody(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    other = joined(own_rig, "other", "u2")
    main.set_muted(True)
    own_rig.run_for(SECOND)
    before = set(own_rig.listed())
    own_rig.kill_server()
    until(own_rig, lambda: main.kinds()[-1] == "RoomHealed" and other.kinds()[-1] == "RoomHealed", 15 * SECOND)
    assert {identity for identity, _ in own_rig.listed()} == {"u1", "u2"}
    assert before.isdisjoint(own_rig.listed())
    # Still muted: nothing that was silent is heard after a restart.
    until(own_rig, lambda: published(own_rig, "u1") == 2, 10 * SECOND)
    assert TrackState.PUBLISHED_MUTED in [one.what for one in own_rig.told()]
    assert Presence.RESUMED not in [one.presence for one in own_rig.facts()]
