"""The fake livekit-client has the types of the real one: tsc compares every export, its members and
their signatures with the real package's declarations.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oneroom.javascript import modules
from tests.javascript import livekit_declarations
from tests.javascript.test_livekit_api import INTERNAL
from tests.typescript.bundle import PACKAGE

pytestmark = pytest.mark.npm

FAKE = modules.ALIASES["livekit-client"].parent
NODE_MODULES = PACKAGE / "node_modules"
# What the fake has not, by class, and no app's code can reach or needs.
LEFT_OUT = INTERNAL | {
    "RpcError": {"MAX_MESSAGE_BYTES", "MAX_DATA_BYTES", "ErrorCode"},
    "Room": {*INTERNAL["Room"], "cleanupRegistry"},
    # Of another type in each of its subtypes.
    "ConnectionError": {"context"},
}
# Exports whose types are those of other packages: enumerations of the protocol, by name there, a
# class with private members, and the log's.
OF_OTHERS = {
    *("DataPacket_Kind", "DisconnectReason", "Encryption_Type", "ParticipantKind"),
    *("SubscriptionError", "TrackType", "Mutex", "getLogger"),
}
CONFIG = """{"compilerOptions": {
    "target": "esnext", "module": "esnext", "moduleResolution": "bundler",
    "lib": ["esnext", "dom", "dom.iterable"], "types": [], "strict": true, "skipLibCheck": true,
    "allowJs": true, "checkJs": false, "noEmit": true
}, "files": ["check.ts"]}"""


def compared(folder: Path, fake: Path) -> str:
    """What tsc says of the difference between the exports of `fake` and the real ones."""
    livekit_declarations.copy(
        NODE_MODULES / "livekit-client/dist/src", folder / "real", left_out(fake)
    )
    (folder / "node_modules").symlink_to(NODE_MODULES)
    lines = [
        f"import * as fake from '{fake.resolve()}/index.js';",
        "import * as real from './real/index';",
        *(f"export const {one}: typeof real.{one} = fake.{one};" for one in exports(fake)),
    ]
    (folder / "check.ts").write_text("\n".join(lines))
    (folder / "tsconfig.json").write_text(CONFIG)
    tsc = subprocess.run(
        [NODE_MODULES / ".bin/tsc", "-p", folder], capture_output=True, text=True, check=False
    )
    assert bool(tsc.stdout) is (tsc.returncode != 0), tsc.stderr
    return tsc.stdout


def exports(fake: Path) -> list[str]:
    index = (fake / "index.js").read_text()
    passed_on = re.findall(r"^export \{([^}]*)\} from", index, re.MULTILINE)
    named = {name for one in passed_on for name in re.findall(r"\w+", one)}
    for file in re.findall(r"^export \* from '\./(.*)'", index, re.MULTILINE):
        declared = r"^export (?:async )?(?:const|class|function) (\w+)"
        named |= set(re.findall(declared, (fake / file).read_text(), re.MULTILINE))
    assert "Room" in named
    assert len(named) > 100
    return sorted(named - OF_OTHERS)


def left_out(fake: Path) -> dict[str, set[str]]:
    """`LEFT_OUT`, and what fails by its name."""
    found = {name: set(members) for name, members in LEFT_OUT.items()}
    for file in fake.glob("*.js"):
        for name, members in re.findall(r"^refuse\((\w+), \[([^\]]*)\]", file.read_text(), re.M):
            found.setdefault(name, set()).update(re.findall(r"\w+", members))
    return found


def test_the_fake_has_the_types_of_the_real_package(tmp_path):
    assert compared(tmp_path, FAKE) == ""


@pytest.mark.parametrize(
    ("file", "ours", "planted", "said"),
    [
        (
            "local_participant.js",
            "setCameraEnabled(/** @type {boolean} */ enabled)",
            "setCameraEnabled(/** @type {string} */ enabled)",
            "Types of parameters 'enabled' and 'enabled' are incompatible",
        ),
        (
            "local_participant.js",
            "    createTracks(options)",
            "    createSomeTracks(options)",
            "'createTracks' is missing",
        ),
        (
            "participant.js",
            "return [...this.trackPublications.values()]; }",
            "return this.trackPublications; }",
            "missing the following properties from type 'TrackPublication[]'",
        ),
        (
            "publication.js",
            "async mute() { return this.track?.mute(); }",
            "async mute() { await this.track?.mute(); }",
            "'mute()' are incompatible",
        ),
        ("enums.js", "Poor: 'poor'", "Poor: 'bad'", "Types of property 'Poor' are incompatible"),
        (
            "local_track.js",
            "/** @type {MediaTrackConstraints} */ constraints = {}",
            "/** @type {number} */ constraints = 0",
            "Types of parameters 'constraints' and 'constraints' are incompatible",
        ),
    ],
)
def test_a_difference_in_a_signature_is_found(file, ours, planted, said, tmp_path):
    fake = tmp_path / "fake"
    shutil.copytree(FAKE, fake)
    text = (fake / file).read_text()
    assert ours in text
    (fake / file).write_text(text.replace(ours, planted))
    assert said in compared(tmp_path, fake)
