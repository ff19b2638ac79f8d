"""Captures, devices and permissions as a script asks for them."""

from __future__ import annotations

from tests.javascript.page_rig import Page

MICROPHONE = '{"tracks": [{"id": 7, "kind": "audio", "label": "Mic", "deviceId": "d"}]}'


def test_a_capture_is_asked_for_given_and_stopped():
    page = Page()
    assert page.run(
        "let stream; navigator.mediaDevices.getUserMedia({audio: true}).then(s => stream = s)"
    ) == [["capture", 1, ["microphone"]]]
    page.turn("capture", 1, MICROPHONE)
    assert page.value("stream.getAudioTracks().map(t => [t.kind, t.label, t.readyState])") == [
        ["audio", "Mic", "live"]
    ]
    assert page.run("const [track] = stream.getTracks(), twin = track.clone(); track.stop()") == []
    assert page.run("twin.stop(); twin.stop()") == [["stopCapture", 7]]
    assert not page.value("stream.active")


def test_a_capture_that_is_refused_rejects():
    page = Page()
    page.run("navigator.mediaDevices.getDisplayMedia().catch(error => say(error.name))")
    page.turn("capture", 1, '{"error": "NotAllowedError"}')
    page.run("navigator.mediaDevices.getUserMedia().catch(error => say(error.name))")
    assert page.said == ["NotAllowedError", "TypeError"]


def test_a_capture_that_ends_from_outside_is_heard_and_not_by_who_stops_it():
    page = Page()
    page.run(
        "navigator.mediaDevices.getUserMedia({audio: true}).then(stream => {"
        "  for (const t of stream.getTracks()) t.onended = () => say(`ended ${t.readyState}`); })"
    )
    page.turn("capture", 1, MICROPHONE)
    page.turn("captureEnded", 7)
    assert page.said == ["ended ended"]


def test_devices_and_their_changes():
    page = Page()
    page.run(
        "navigator.mediaDevices.ondevicechange = () => say('changed');"
        "navigator.mediaDevices.enumerateDevices().then(([one]) => say(one.label))"
    )
    page.turn("devices", 1, '[{"kind": "audioinput", "label": "Mic", "deviceId": "d"}]')
    page.turn("deviceChange")
    assert page.said == ["Mic", "changed"]


def test_a_permission_and_its_change():
    page = Page()
    assert page.run(
        "navigator.permissions.query({name: 'camera'}).then(s => {"
        "  say(s.state); s.onchange = () => say(s.state); })"
    ) == [["queryPermission", 1, "camera"]]
    page.turn("permission", 1, "prompt")
    page.turn("permissionChange", "camera", "denied")
    page.turn("permissionChange", "camera", "denied")
    page.turn("permissionChange", "microphone", "denied")
    assert page.said == ["prompt", "denied"]
