"""Faults of the server's process: drained, ended, paused, killed. Each case has its own server."""

from __future__ import annotations

from oneroom.core.events import RoomEnded, RoomHealed, RoomLost
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from tests.conformance.sfu.sdk_differences import SERVER_AWAY, SERVER_RESTARTED
from tests.conformance.sfu.server_rig import (
    Rig,
    joined,
    left,
    published,
    sids,
    times,
    told_since,
    until,
)
from tests.units import SECOND


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
    until(own_rig, lambda: not own_rig.server_runs(), 10 * SECOND)
    # Told so; or, where the process was faster than its last words, with a connection that broke
    # (busy; 1 of 12 seen).
    until(
        own_rig,
        lambda: all({"RoomEnded", "RoomLost"} & set(one.kinds()) for one in (main, other)),
        0,
    )
    for window in (main, other):
        assert window.ended() in (Reason.SERVER_SHUTDOWN, None)
        assert (window.ended() is None) == ("RoomLost" in window.kinds())


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
    until(
        own_rig,
        lambda: main.kinds()[-1] == "RoomHealed" and other.kinds()[-1] == "RoomHealed",
        15 * SECOND,
    )
    assert {identity for identity, _ in own_rig.listed()} == {"u1", "u2"}
    assert before.isdisjoint(own_rig.listed())
    # Still muted: nothing that was silent is heard after a restart.
    until(own_rig, lambda: published(own_rig, "u1") == 2, 10 * SECOND)
    assert TrackState.PUBLISHED_MUTED in [one.what for one in own_rig.told()]
    assert Presence.RESUMED not in [one.presence for one in own_rig.facts()]


def test_a_server_that_is_away_for_2_s_is_joined_anew(own_rig: Rig) -> None:
    main = joined(own_rig, "main")
    stopped_us = own_rig.now_us
    own_rig.stop_server()
    own_rig.run_for(2 * SECOND)
    own_rig.start_server()
    back = SERVER_RESTARTED.of(own_rig.sdk)
    until(own_rig, lambda: main.kinds()[-1] in ("RoomHealed", "RoomEnded"), back.high_us)
    assert main.kinds()[-1] == "RoomHealed"
    assert main.at(RoomHealed)[0] - stopped_us >= back.low_us
    assert len(sids(own_rig)) == 1


def test_a_pause_of_30_s_is_over_some_seconds_after_its_end(own_rig: Rig) -> None:
    main = joined(own_rig, "main")
    own_rig.pause_server()
    own_rig.run_for(30 * SECOND)
    own_rig.unpause_server()
    until(own_rig, lambda: main.kinds()[-1] == "RoomHealed", 12 * SECOND)
    assert main.ended() is None
    assert len(sids(own_rig)) == 1


def test_a_server_that_stays_away_is_given_up_and_joined_anew_when_it_is_back(own_rig: Rig) -> None:
    main = joined(own_rig, "main", publish=True)
    stopped_us = own_rig.now_us
    own_rig.stop_server()
    until(own_rig, lambda: "RoomLost" in main.kinds(), 0)
    # Ten tries.
    gives_up = SERVER_AWAY.of(own_rig.sdk)
    until(own_rig, lambda: main.ended() is not None, gives_up.high_us)
    assert main.ended() is Reason.UNKNOWN
    assert main.at(RoomEnded)[0] - stopped_us >= gives_up.low_us
    own_rig.start_server()
    # Nobody comes back by itself: the SDK has given up, and who wants the call opens another Room.
    own_rig.run_for(10 * SECOND)
    assert own_rig.listed() == ()
    main.join(2)
    until(own_rig, lambda: main.kinds()[-1] == "RoomConnected", 10 * SECOND)
    assert len(sids(own_rig)) == 1


def test_a_server_off_its_network_is_lost_at_once_and_found_again(unpluggable_rig: Rig) -> None:
    main = joined(unpluggable_rig, "main", publish=True)
    unplugged_us = unpluggable_rig.now_us
    unpluggable_rig.unplug_server()
    until(unpluggable_rig, lambda: "RoomLost" in main.kinds(), 0)
    assert main.at(RoomLost)[0] - unplugged_us <= unpluggable_rig.slack_us
    unpluggable_rig.run_for(3 * SECOND)
    # It runs on, and has noticed nothing.
    assert unpluggable_rig.server_runs()
    assert left(unpluggable_rig) == []
    unpluggable_rig.plug_in_server()
    until(unpluggable_rig, lambda: main.kinds()[-1] == "RoomHealed", 20 * SECOND)
    # The JS SDK resumes; livekit 1.2.1 joins anew after a resume that was refused, which evicts its
    # own older session.
    assert left(unpluggable_rig) in ([], [(1, Reason.DUPLICATE_IDENTITY)])
    assert len(sids(unpluggable_rig)) == 1
    assert max(len(listed) for listed in unpluggable_rig.polled()) == 1


def test_a_server_off_its_network_removes_who_is_not_heard_any_more(unpluggable_rig: Rig) -> None:
    joined(unpluggable_rig, "main", publish=True)
    unplugged_us = unpluggable_rig.now_us
    unpluggable_rig.unplug_server()
    unpluggable_rig.run_for(23 * SECOND)
    assert left(unpluggable_rig) == [(1, Reason.CONNECTION_TIMEOUT)]
    late_us = times(unpluggable_rig, Presence.LEFT)[0] - unplugged_us
    assert 19 * SECOND <= late_us <= 21 * SECOND + unpluggable_rig.slack_us
    unpluggable_rig.plug_in_server()
    unpluggable_rig.run_for(SECOND)
