"""The fake livekit-client has the exports and the members of the real one, by its own package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from tests.javascript.livekit_rig import LivekitPage
from tests.project import ROOT

PACKAGE = ROOT / "tests/conformance/windows/node_modules/livekit-client"
# Files with the declarations of the classes that apps touch, and how an app comes by one of each.
CLASSES = {
    "Room": "room/Room.d.ts",
    "Participant": "room/participant/Participant.d.ts",
    "LocalParticipant": "room/participant/LocalParticipant.d.ts",
    "RemoteParticipant": "room/participant/RemoteParticipant.d.ts",
    "TrackPublication": "room/track/TrackPublication.d.ts",
    "LocalTrackPublication": "room/track/LocalTrackPublication.d.ts",
    "RemoteTrackPublication": "room/track/RemoteTrackPublication.d.ts",
    "Track": "room/track/Track.d.ts",
    "LocalTrack": "room/track/LocalTrack.d.ts",
    "LocalAudioTrack": "room/track/LocalAudioTrack.d.ts",
    "LocalVideoTrack": "room/track/LocalVideoTrack.d.ts",
    "RemoteTrack": "room/track/RemoteTrack.d.ts",
    "RemoteAudioTrack": "room/track/RemoteAudioTrack.d.ts",
    "RemoteVideoTrack": "room/track/RemoteVideoTrack.d.ts",
}
MADE = {
    "Room": "new LivekitClient.Room()",
    "Participant": "new LivekitClient.Participant('', '')",
    "LocalParticipant": "new LivekitClient.Room().localParticipant",
    "RemoteParticipant": "new LivekitClient.RemoteParticipant('', '')",
}
# Public in TypeScript, and of no use to an app: the engine below the Room, and its messages.
INTERNAL = {
    "Room": {"engine", "bufferedSegments"},
    "LocalParticipant": {"engine"},
    "RemoteParticipant": {"signalClient", "clientProtocol", "capabilities", "dataTracks"},
    "LocalTrack": {"sender", "codec"},
    "LocalVideoTrack": {
        "signalClient",
        "simulcastCodecs",
        "sender",
        "publishOptions",
        "lastEncodedDimensions",
        "refreshSubscribedCodecs",
    },
    "RemoteTrack": {"receiver"},
}

# It is part of `make call`, which installs the package.
pytestmark = [pytest.mark.live, pytest.mark.chromium]


@pytest.fixture(scope="module")
def page() -> LivekitPage:
    return LivekitPage()


def test_every_export_is_there_with_its_value(page):
    node = shutil.which("node")
    assert node is not None
    script = ROOT / "tests/javascript/livekit_api.mjs"
    module = PACKAGE / "dist/livekit-client.esm.mjs"
    told = subprocess.run([node, script, module], capture_output=True, check=True, text=True)
    exports = json.loads(told.stdout)
    assert len(exports) > 100
    types = page.value(
        "Object.fromEntries(Object.entries(LivekitClient).map(([name, one]) => [name, typeof one]))"
    )
    assert sorted(types) == sorted(exports)
    for name, export in exports.items():
        if export["value"] is not None:
            assert (name, page.value(f"LivekitClient.{name}")) == (name, export["value"])
        elif types[name] != "function":
            assert (name, types[name]) == (name, export["type"])


@pytest.mark.parametrize("name", CLASSES)
def test_every_public_member_is_there(page, name):
    text = (PACKAGE / "dist/src" / CLASSES[name]).read_text()
    members = public_members(name, text) - INTERNAL.get(name, set())
    assert members
    made = MADE.get(name, f"new LivekitClient.{name}(undefined, 'audio')")
    page.run(f"var made = {made}")
    missing = [one for one in members if not page.value(f"{json.dumps(one)} in made")]
    assert missing == []


def test_the_members_are_read_from_a_declaration():
    text = """
declare class Room extends Room_base {
    state: ConnectionState;
    private log;
    serverInfo?: Partial<ServerInfo>;
    /** comment */
    get name(): string;
    static cleanup: false;
    constructor(options?: RoomOptions);
    connect: (url: string) => Promise<void>;
    disconnect(
        stop?: boolean): void;
    protected hidden(): void;
    /** @internal */
    updateInfo(info: Info): boolean;
}
declare class Other { other: string; }
"""
    assert public_members("Room", text) == {
        "state",
        "serverInfo",
        "name",
        "connect",
        "disconnect",
    }


def public_members(name: str, text: str) -> set[str]:
    """The names of a class's members that are neither private, protected, static nor internal."""
    found = re.search(rf"class {name}\b[^{{]*{{\n(?P<body>.*?)\n}}", text, re.DOTALL)
    assert found is not None
    body = re.sub(
        r"/\*\*(?:(?!\*/).)*@internal(?:(?!\*/).)*\*/\s*[^\n]*", "", found["body"], flags=re.S
    )
    member = re.compile(r"^    (?:readonly |abstract |get |set )*(?P<name>[a-zA-Z]\w*)[?(:<]", re.M)
    names = {one["name"] for one in member.finditer(body)}
    return names - {"constructor", "private", "protected", "static"}
