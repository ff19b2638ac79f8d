"""The fake livekit-client: what an app sees of a Room, in the SDK's order.

The order of the events in each story is that of livekit-client 2.23.0 in Chromium 156 against
LiveKit v1.13.5, seen; left out are LocalTrackSubscribed, and what nothing in a simulator causes.
What is said on both sides is in `tests/conformance/sfu/test_room_events.py`.
"""

from __future__ import annotations

import pytest

from tests.javascript.livekit_rig import ME, LivekitPage, person


def test_a_connection_tells_its_states_and_then_resolves():
    page = LivekitPage()
    assert page.run("settle('connect', room.connect('wss://sfu', 'token'))") == [
        ["openRoom", 1, "wss://sfu", "token"]
    ]
    page.hear("connected", {"identity": "me", "sid": "PA_1", "room": "lobby"})
    page.hear("roster", [ME, person("other", camera=True)])
    assert page.heard() == [
        "connectionStateChanged connecting",
        "signalConnected",
        "connectionStateChanged connected",
        "connected",
        "trackSubscribed microphone of other",
        "trackSubscriptionStatusChanged microphone of other subscribed",
        "trackSubscribed camera of other",
        "trackSubscriptionStatusChanged camera of other subscribed",
        "connect: ok",
    ]
    assert page.value("[...room.remoteParticipants.keys()]") == ["other"]
    assert page.value("room.remoteParticipants.get('other').isCameraEnabled")
    assert page.value("[room.name, room.localParticipant.identity, room.localParticipant.sid]") == [
        "lobby",
        "me",
        "PA_1",
    ]


def test_a_second_connect_waits_for_the_first_and_one_when_connected_does_nothing():
    page = LivekitPage()
    both = "settle('a', room.connect('u', 't')); settle('b', room.connect('u', 't'))"
    assert [op[0] for op in page.run(both)] == ["openRoom"]
    page.hear("connected", {"identity": "me", "sid": "PA_1", "room": "lobby"})
    page.hear("roster", [ME])
    assert page.heard()[-2:] == ["a: ok", "b: ok"]
    assert page.run("settle('c', room.connect('u', 't'))") == []
    assert page.heard() == ["c: ok"]


@pytest.mark.parametrize(
    ("reason", "name"),
    [(12, "NotAllowed"), (7, "ServerUnreachable"), (3, "LeaveRequest"), (0, "Timeout")],
)
def test_a_connect_that_fails_is_disconnected_first(reason, name):
    page = LivekitPage()
    page.run("settle('connect', room.connect('u', 't'))")
    page.heard()
    page.hear("ended", reason)
    assert page.heard() == [
        "connectionStateChanged disconnected",
        f"disconnected {reason}",
        f"connect: ConnectionError {name}",
    ]


def test_a_disconnect_ends_a_connect_and_resolves_before_that_rejects():
    page = LivekitPage()
    page.run("settle('connect', room.connect('u', 't'))")
    page.heard()
    assert page.run("settle('disconnect', room.disconnect())") == [["closeRoom", 1]]
    page.hear("ended", 1)
    assert page.heard() == [
        "connectionStateChanged disconnected",
        "disconnected 1",
        "disconnect: ok",
        "connect: ConnectionError Cancelled",
    ]
    assert page.run("settle('again', room.disconnect())") == []


def test_a_connect_while_it_closes_begins_when_that_is_done():
    page = LivekitPage()
    page.connect()
    assert page.run("room.disconnect(); settle('connect', room.connect('u', 't'))") == [
        ["closeRoom", 1]
    ]
    assert page.hear("ended", 1) == [["openRoom", 2, "u", "t"]]
    assert page.heard("0")[-1] == "connectionStateChanged connecting"


def test_the_end_of_a_room_takes_its_tracks_before_it_is_told():
    page = LivekitPage()
    page.connect(person("other"))
    page.run("room.localParticipant.setMicrophoneEnabled(true)")
    page.hear("captured", {"source": 2})
    page.heard()
    page.hear("ended", 4)
    assert page.heard() == [
        "trackUnsubscribed microphone of other",
        "trackSubscriptionStatusChanged microphone of other desired",
        "localTrackUnpublished microphone of me",
        "connectionStateChanged disconnected",
        "disconnected 4",
    ]
    assert page.value("[room.state, room.remoteParticipants.size]") == ["disconnected", 0]


def test_a_resume_leaves_everybody_there():
    page = LivekitPage()
    page.connect(person("other"))
    page.hear("lost", {"restarts": False})
    page.hear("healed", {"sid": "PA_1"})
    page.hear("roster", [ME, person("other")])
    assert page.heard() == [
        "connectionStateChanged signalReconnecting",
        "signalReconnecting",
        "connectionStateChanged connected",
        "reconnected",
    ]


GONE = [
    "trackUnsubscribed microphone of other",
    "trackSubscriptionStatusChanged microphone of other desired",
    "trackUnpublished microphone of other",
    "participantDisconnected other",
]
COME = [
    "participantConnected other",
    "participantActive other",
    "participantPermissionsChanged other",
    "trackPublished microphone of other",
    "trackSubscribed microphone of other",
    "trackSubscriptionStatusChanged microphone of other subscribed",
]


RESUME, RESTART = {"restarts": False}, {"restarts": True}


@pytest.mark.parametrize("is_known", [False, True])
def test_a_full_reconnect_takes_everybody_away_and_brings_them_back(is_known):
    page = LivekitPage()
    page.connect(person("other"))
    page.run("room.localParticipant.setMicrophoneEnabled(true)")
    page.hear("captured", {"source": 2})
    if is_known:
        assert page.run("room.simulateScenario('full-reconnect')") == [
            ["simulateScenario", 1, "full-reconnect"]
        ]
    else:
        page.hear("lost", RESUME)
    page.heard()
    page.hear("lost", RESTART)
    page.hear("roster", [ME])
    page.hear("healed", {"sid": "PA_2"})
    page.hear("roster", [ME, person("other")])
    # The status is told while connected alone.
    gone = [one for one in GONE if "Status" not in one]
    assert page.heard() == [
        *gone,
        "connectionStateChanged reconnecting",
        "reconnecting",
        "localTrackUnpublished microphone of me",
        "localTrackPublished microphone of me",
        "connectionStateChanged connected",
        "reconnected",
        *COME,
    ]
    assert page.value("room.localParticipant.sid") == "PA_2"


def test_a_resume_whose_network_is_lost_takes_nobody():
    page = LivekitPage()
    page.connect(person("other"))
    page.hear("lost", RESUME)
    page.heard()
    page.hear("lost", RESUME)
    page.hear("healed", {"sid": "PA_1"})
    assert page.heard() == [
        "connectionStateChanged reconnecting",
        "reconnecting",
        "connectionStateChanged connected",
        "reconnected",
    ]


def test_people_come_speak_film_mute_and_go():
    page = LivekitPage()
    page.connect()
    page.hear("roster", [ME, person("other", muted=True, speaking=True)])
    assert page.heard() == [*COME, "activeSpeakersChanged other"]
    page.hear("roster", [ME, person("other", camera=True)])
    assert page.heard() == [
        "trackUnmuted microphone of other",
        "trackPublished camera of other",
        "trackSubscribed camera of other",
        "trackSubscriptionStatusChanged camera of other subscribed",
        "activeSpeakersChanged ",
    ]
    page.hear("roster", [ME, person("other", muted=True)])
    page.heard()
    page.hear("roster", [ME])
    assert page.heard() == GONE


def test_a_microphone_is_captured_once_muted_and_unmuted():
    page = LivekitPage()
    page.connect()
    ask = "settle('on', room.localParticipant.setMicrophoneEnabled(true));"
    assert page.run(ask + ask) == [["publish", 1, 2, False]]
    page.hear("captured", {"source": 2})
    assert page.heard() == ["localTrackPublished microphone of me", "on: ok", "on: ok"]
    assert page.run("room.localParticipant.setMicrophoneEnabled(false)") == [["setMuted", 1, True]]
    assert page.heard() == ["trackMuted microphone of me"]
    assert not page.value("room.localParticipant.isMicrophoneEnabled")
    assert page.run("room.localParticipant.setMicrophoneEnabled(true)") == [["setMuted", 1, False]]
    assert page.heard() == ["trackUnmuted microphone of me"]


def test_a_track_whose_device_is_lost_ends_before_it_is_muted_and_lives_when_that_is_back():
    page = LivekitPage()
    page.connect()
    page.run("settle('on', room.localParticipant.setMicrophoneEnabled(true))")
    page.hear("captured", {"source": 2})
    track = "room.localParticipant.getTrackPublication('microphone').track"
    page.heard(f"{track}.on('ended', () => say('ended'))")
    state = f"{track}.mediaStreamTrack.readyState"
    for _ in range(2):
        assert page.hear("captureEnded", 2) == []
        assert page.heard() == ["ended", "trackMuted microphone of me"]
        assert page.value(state) == "ended"
        assert page.run(f"{track}.unmute()") == [["setMuted", 1, False]]
        page.hear("captured", {"source": 2})
        assert page.heard() == ["trackUnmuted microphone of me"]
        assert page.value(state) == "live"


def test_a_camera_that_is_switched_off_stops_and_stays_published():
    page = LivekitPage()
    page.connect()
    page.run("room.localParticipant.setCameraEnabled(true)")
    page.hear("captured", {"source": 1})
    assert page.run("room.localParticipant.setCameraEnabled(false)") == [["unpublish", 1, 1]]
    assert page.value("room.localParticipant.getTrackPublication('camera').isMuted")
    assert page.run("room.localParticipant.setCameraEnabled(true)") == [["publish", 1, 1, False]]
    page.hear("captured", {"source": 1})
    assert page.heard() == [
        "localTrackPublished camera of me",
        "trackMuted camera of me",
        "trackUnmuted camera of me",
    ]


def test_a_share_ends_from_either_side():
    page = LivekitPage()
    page.connect()
    share = "room.localParticipant.setScreenShareEnabled(%s)"
    page.run(share % "true")
    page.hear("captured", {"source": 3})
    assert page.run(share % "false") == [["unpublish", 1, 3]]
    page.run(share % "true")
    page.hear("captured", {"source": 3})
    page.hear("captureEnded", 3)
    assert (
        page.heard()
        == ["localTrackPublished screen_share of me", "localTrackUnpublished screen_share of me"]
        * 2
    )
    assert not page.value("room.localParticipant.isScreenShareEnabled")


def test_a_refused_capture_is_an_event_and_a_rejection():
    page = LivekitPage()
    page.connect()
    page.run("settle('on', room.localParticipant.setCameraEnabled(true))")
    page.hear("captured", {"source": 1, "error": "NotAllowedError"})
    assert page.heard() == ["mediaDevicesError NotAllowedError videoinput", "on: NotAllowedError "]
    assert page.value("room.localParticipant.lastCameraError.name") == "NotAllowedError"


def test_a_mute_by_the_server_is_told_and_not_sent_back():
    page = LivekitPage()
    page.connect()
    page.run("room.localParticipant.setMicrophoneEnabled(true)")
    page.hear("captured", {"source": 2})
    page.heard()
    assert page.hear("trackMuted", {"source": 2, "muted": True}) == []
    assert page.heard() == ["trackMuted microphone of me"]


def test_a_withdrawn_permission_unpublishes():
    page = LivekitPage()
    page.connect()
    page.run("room.localParticipant.setMicrophoneEnabled(true)")
    page.hear("captured", {"source": 2})
    page.heard()
    assert page.hear("permissions", [1]) == []
    assert page.heard() == [
        "localTrackUnpublished microphone of me",
        "participantPermissionsChanged me",
    ]
    assert page.value("room.localParticipant.permissions.canPublishSources") == [1]


def test_a_track_of_the_pages_own_is_published():
    page = LivekitPage()
    page.connect()
    page.run(
        "let track; LivekitClient.createLocalAudioTrack().then(async made => { track = made;"
        " await track.mute(); settle('on', room.localParticipant.publishTrack(track)); })"
    )
    media = '{"tracks": [{"id": 7, "kind": "audio"}]}'
    assert page.turn("capture", 1, media) == [["publish", 1, 2, True, True]]
    page.hear("captured", {"source": 2})
    assert page.heard() == ["localTrackPublished microphone of me", "on: ok"]
    assert page.run("track.unmute()") == [["setMuted", 1, False]]
    assert page.run("room.localParticipant.unpublishTrack(track)") == [
        ["unpublish", 1, 2],
        ["stopCapture", 7],
    ]


def test_a_device_is_switched():
    page = LivekitPage()
    page.connect()
    page.run("room.localParticipant.setMicrophoneEnabled(true)")
    page.hear("captured", {"source": 2})
    page.heard()
    assert page.run("settle('switch', room.switchActiveDevice('audioinput', 'headset'))") == [
        ["publish", 1, 2, False]
    ]
    assert page.heard() == ["activeDeviceChanged audioinput headset", "switch: ok"]
    page.hear("captured", {"source": 2})
    assert page.heard() == []


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("room.localParticipant.publishData(new Uint8Array())", "LocalParticipant.publishData"),
        ("room.localParticipant.performRpc({})", "LocalParticipant.performRpc"),
        ("room.registerRpcMethod('x', () => '')", "Room.registerRpcMethod"),
        ("LivekitClient.createAudioAnalyser()", "livekit-client createAudioAnalyser"),
        ("new LivekitClient.ConnectionCheck('u', 't')", "livekit-client ConnectionCheck"),
    ],
)
def test_what_is_not_modelled_says_so(use, name):
    page = LivekitPage()
    page.run(f"try {{ {use} }} catch (error) {{ say(error.message) }}")
    assert page.heard() == [f"`{name}` is not modelled: docs/limits"]


def test_an_error_of_a_listener_is_reported_and_the_next_one_runs():
    page = LivekitPage()
    page.connect()
    page.run("room.prependListener('disconnected', () => null.x)")
    [[op, what, text, _]] = page.hear("ended", 1)
    assert (op, what) == ("error", "listener of disconnected")
    assert text.startswith("TypeError")
    assert page.heard()[-1] == "disconnected 1"


def test_a_listener_that_is_taken_off_hears_nothing():
    page = LivekitPage()
    page.run(
        "const hear = () => say('heard'); room.once('x', hear); room.emit('x'); room.emit('x');"
        "room.on('x', hear); room.off('x', hear); room.emit('x')"
    )
    assert page.heard() == ["heard"]
