"""LiveKit's own faults: `simulateScenario`, by the names of the SDK's `SimulateScenarioKind`."""

from __future__ import annotations

import pytest

from oneroom.core.events import RoomHealed
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from tests.conformance.sfu.sdk_differences import SIMULATED_FULL_RECONNECT
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

SETTLED_US = 3 * SECOND
HEALED = ["RoomConnected", "CaptureStarted", "RoomLost", "RoomHealed"]


def test_signal_reconnect_keeps_the_session_and_nobody_notices(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    rig.run_for(4 * SECOND)
    listed, seen = rig.listed(), len(rig.told())
    main.simulate("SIGNAL_RECONNECT")
    until(rig, lambda: main.kinds() == HEALED, 8 * SECOND)
    assert rig.listed() == listed
    assert len(times(rig, Presence.RESUMED)) == 1
    assert told_since(rig, seen) == []


def test_full_reconnect_comes_back_under_a_new_sid(rig: Rig) -> None:
    main = joined(rig, "main", publish=True)
    rig.run_for(4 * SECOND)
    [sid], seen = sids(rig), len(rig.told())
    main.simulate("FULL_RECONNECT")
    until(rig, lambda: main.kinds() == HEALED, 8 * SECOND)
    until(rig, lambda: published(rig, "u1") == 2, 5 * SECOND)
    assert left(rig) == [(1, SIMULATED_FULL_RECONNECT.of(rig.sdk))]
    assert len(sids(rig)) == 1
    assert sids(rig) != [sid]
    assert told_since(rig, seen)[:3] == [
        (1, Source.MICROPHONE, TrackState.UNPUBLISHED),
        (1, None, Presence.LEFT),
        (2, None, Presence.JOINED),
    ]


def test_server_leave_ends_the_room_for_good(rig: Rig) -> None:
    main = joined(rig, "main")
    main.simulate("SERVER_LEAVE")
    until(rig, lambda: main.ended() is not None, SECOND)
    assert main.ended() is Reason.SERVER_SHUTDOWN
    rig.run_for(10 * SECOND)
    assert main.kinds() == ["RoomConnected", "RoomEnded"]
    assert left(rig) == [(1, Reason.SERVER_SHUTDOWN)]


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [("NODE_FAILURE", Reason.SERVER_SHUTDOWN), ("MIGRATION", Reason.MIGRATION)],
)
def test_a_session_that_is_dropped_without_a_leave_is_joined_anew(
    rig: Rig, scenario: str, reason: Reason
) -> None:
    main = joined(rig, "main", publish=True)
    rig.run_for(4 * SECOND)
    [sid], seen = sids(rig), len(rig.told())
    main.simulate(scenario)
    # A resume first, which is refused; the JS SDK says lost again when it begins anew.
    until(rig, lambda: main.kinds()[-1] == "RoomHealed", 25 * SECOND)
    until(rig, lambda: published(rig, "u1") == 2, 5 * SECOND)
    assert left(rig) == [(1, reason)]
    assert len(sids(rig)) == 1
    assert sids(rig) != [sid]
    assert told_since(rig, seen)[:2] == [
        (1, Source.MICROPHONE, TrackState.UNPUBLISHED),
        (1, None, Presence.LEFT),
    ]


def test_signalling_that_dies_with_the_resume_is_resumed_again_or_joined_anew(rig: Rig) -> None:
    main = joined(rig, "main")
    main.simulate("DISCONNECT_SIGNAL_ON_RESUME")
    main.simulate("SIGNAL_RECONNECT")
    until(rig, lambda: "RoomLost" in main.kinds(), SECOND)
    until(rig, lambda: times(rig, Presence.RESUMED) != [], 2 * SECOND)
    # For good: the second break may come when the first resume has just been called done.
    until(
        rig,
        lambda: (
            main.kinds()[-1] == "RoomHealed" and rig.now_us > main.at(RoomHealed)[-1] + SETTLED_US
        ),
        40 * SECOND,
    )
    assert main.ended() is None
    assert len(sids(rig)) == 1
