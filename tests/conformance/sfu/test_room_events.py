"""The order of a Room's events: livekit-client in Chromium on a real server, and the fake module in
a simulated window.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.sfu.conftest import SEEDS, Arm, alone
from tests.conformance.sfu.event_stage import ME, FakeStage, Stage, until
from tests.units import SECOND

ARMS = [
    *(pytest.param(Arm("js", seed), id=f"fake-{seed}") for seed in SEEDS),
    pytest.param(Arm("js", None), id="chromium", marks=[pytest.mark.live, pytest.mark.chromium]),
]


@pytest.fixture(params=ARMS)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A page on a server of its own."""
    if request.param.seed is not None:
        fake = FakeStage(request.param.seed)
        yield fake
        fake.end()
        return
    from tests.conformance.sfu.js_event_stage import ChromiumStage
    from tests.conformance.sfu.js_server_rig import JsRig

    for rig in alone(request, tmp_path, own_network=False):
        assert isinstance(rig, JsRig)
        yield ChromiumStage(rig)


def joined(stage: Stage) -> int:
    """The page is in the room; returns how much it has told."""
    stage.join()
    until(stage, "connect: ok")
    return len(stage.heard())


def came(source: str, who: str = "u2") -> list[str]:
    return [
        f"trackPublished {source} of {who}",
        *subscribed(source, who),
    ]


def subscribed(source: str, who: str = "u2") -> list[str]:
    return [
        f"trackSubscribed {source} of {who}",
        f"trackSubscriptionStatusChanged {source} of {who} subscribed",
    ]


def gone(source: str, who: str = "u2") -> list[str]:
    return [
        f"trackUnsubscribed {source} of {who}",
        f"trackSubscriptionStatusChanged {source} of {who} desired",
        f"trackUnpublished {source} of {who}",
    ]


def gone_while_away(source: str, who: str = "u2") -> list[str]:
    return [line for line in gone(source, who) if "Status" not in line]


def test_a_join_tells_nobody_who_was_there(stage):
    stage.other_joins()
    stage.join()
    assert until(stage, "connect: ok", subscribed("microphone")[-1]) == [
        "connectionStateChanged connecting",
        "signalConnected",
        "connectionStateChanged connected",
        "connected",
        *subscribed("microphone"),
        "connect: ok",
    ]


def test_somebody_comes_publishes_mutes_and_goes(stage):
    since = joined(stage)
    stage.other_joins()
    assert until(stage, subscribed("microphone")[-1], since=since) == [
        "participantConnected u2",
        "participantActive u2",
        "participantPermissionsChanged u2",
        *came("microphone"),
    ]
    since = len(stage.heard())
    stage.other_publishes("microphone", muted=True)
    assert until(stage, "trackMuted microphone of u2", since=since) == [
        "trackMuted microphone of u2"
    ]
    since = len(stage.heard())
    stage.other_publishes("microphone", muted=False)
    assert until(stage, "trackUnmuted microphone of u2", since=since) == [
        "trackUnmuted microphone of u2"
    ]
    since = len(stage.heard())
    stage.other_publishes("camera")
    assert until(stage, subscribed("camera")[-1], since=since) == came("camera")
    since = len(stage.heard())
    stage.other_unpublishes("camera")
    assert until(stage, gone("camera")[-1], since=since) == gone("camera")
    since = len(stage.heard())
    stage.other_leaves()
    assert until(stage, "participantDisconnected u2", since=since) == [
        *gone("microphone"),
        "participantDisconnected u2",
    ]


def in_call(stage: Stage) -> int:
    """The page is in the room with somebody else, both heard; returns how much it has told."""
    stage.other_joins()
    since = joined(stage)
    stage.act("microphone", True)
    until(stage, "microphone: ok", since=since)
    return len(stage.heard())


def test_a_microphone_and_a_camera_are_switched_on_and_off(stage):
    told = joined(stage)
    for what in ("microphone", "camera"):
        for on, event in (
            (True, "localTrackPublished"),
            (False, "trackMuted"),
            (True, "trackUnmuted"),
        ):
            stage.act(what, on)
            assert until(stage, f"{what}: ok", since=told) == [
                f"{event} {what} of {ME}",
                f"{what}: ok",
            ]
            told = len(stage.heard())


def test_a_broken_signal_connection_is_resumed(stage):
    since = in_call(stage)
    stage.break_signal()
    assert until(stage, "reconnected", since=since) == [
        "connectionStateChanged signalReconnecting",
        "signalReconnecting",
        "connectionStateChanged connected",
        "reconnected",
    ]


# A full reconnect takes everybody away and brings them back.
TAKEN = [
    *gone_while_away("microphone"),
    "participantDisconnected u2",
    "connectionStateChanged reconnecting",
    "reconnecting",
    f"localTrackUnpublished microphone of {ME}",
    f"localTrackPublished microphone of {ME}",
    "connectionStateChanged connected",
    "reconnected",
]
RESUMING = ["connectionStateChanged signalReconnecting", "signalReconnecting"]


def assert_taken_and_brought_back(told: list[str]) -> None:
    """Media and the news of who is there come on ways of their own: either may be first."""
    assert told[: len(TAKEN)] == TAKEN
    back = told[len(TAKEN) :]
    media = subscribed("microphone")
    assert [line for line in back if line in media] == media
    assert [line for line in back if line not in media] == [
        "participantConnected u2",
        "participantActive u2",
        "participantPermissionsChanged u2",
        "trackPublished microphone of u2",
    ]


def test_a_full_reconnect(stage):
    since = in_call(stage)
    stage.act("reconnectFully")
    told = until(stage, "reconnected", *came("microphone"), since=since)
    assert_taken_and_brought_back(told)


def test_a_network_that_is_cut(stage):
    """Whether signalling or media is missed first, and whether the resume is in time, is a race."""
    since = in_call(stage)
    stage.cut()
    until(stage, "signalReconnecting", since=since, within_us=60 * SECOND)
    stage.heal()
    told = until(stage, "reconnected", since=since, within_us=60 * SECOND)
    events = {"connected": "reconnected"}
    changes = [at for at, line in enumerate(told) if line.startswith("connectionStateChanged")]
    states = [told[at].split()[-1] for at in changes]
    assert [told[at + 1] for at in changes] == [events.get(one, one) for one in states]
    assert states[-1] == "connected"


def test_a_server_that_is_restarted(stage):
    since = in_call(stage)
    stage.restart_server()
    told = until(stage, "reconnected", *came("microphone"), since=since, within_us=60 * SECOND)
    assert told[:2] == RESUMING
    assert_taken_and_brought_back(told[2:])


# The end of a Room: tracks of others are unsubscribed and not unpublished.
ENDED = [
    *gone("microphone")[:2],
    f"localTrackUnpublished microphone of {ME}",
    "connectionStateChanged disconnected",
]


def test_another_window_with_the_same_identity(stage):
    since = in_call(stage)
    stage.twin_joins()
    assert until(stage, "disconnected 2", since=since) == [*ENDED, "disconnected 2"]


def test_a_removal(stage):
    since = in_call(stage)
    stage.remove()
    assert until(stage, "disconnected 4", since=since) == [*ENDED, "disconnected 4"]


def test_a_disconnect_resolves_after_its_event(stage):
    since = in_call(stage)
    stage.act("leave")
    assert until(stage, "disconnect: ok", since=since) == [
        *ENDED,
        "disconnected 1",
        "disconnect: ok",
    ]
