"""A bug planted in the TypeScript core is found: by random events, by a story, or by a digest."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from oneroom.javascript.typescript_core import TypeScriptCore
from oneroom.scenario.bundle import Bundle
from tests.core.test_datadriven import CHAT_FILES, replay
from tests.typescript.bundle import DOOR, PACKAGE, bundle
from tests.typescript.fuzzer import chat_differs, coordinator_differs
from tests.typescript.parity import compare, scenarios
from tests.typescript.stories import TypeScriptStory
from tests.typescript.test_stories import TOLD

SEQUENCES = 1_500


class Bug(NamedTuple):
    """In `module` the text `before`, which is there once, becomes `after`."""

    module: str
    before: str
    after: str


BUGS = {
    "a mirror that takes what it has": Bug(
        "core/mirror.ts",
        "term > otherTerm || (term === otherTerm && number > otherNumber)",
        "term > otherTerm || (term === otherTerm && number >= otherNumber)",
    ),
    "a mirror that has asked at the time 0": Bug("core/mirror.ts", "this.askedUs >= 0 && ", ""),
    "an owner that is never fenced": Bug(
        "core/coordinator.ts", "nowUs - aliveUs > (runs", "nowUs - aliveUs > 1e9 * (runs"
    ),
    "a token that is tried after its end": Bug(
        "core/token.ts", "return nowUs < this.expiresUs", "return nowUs <= this.expiresUs"
    ),
    "a successor that does not wait for its place": Bug(
        "policies/web_lock_lease.ts",
        "this.timings.lease_us * Math.max(rank, 1)",
        "this.timings.lease_us",
    ),
    "a mute that a new Room forgets": Bug(
        "core/own_tracks.ts",
        "if (this.intent.muted !== STARTS_MUTED) this.setMuted(this.intent.muted)",
        "this.setMuted(false)",
    ),
    "a chat that shows what is behind a gap": Bug(
        "core/chat_cache.ts", "if (seq <= this.cursor || this.held.has(seq)) return []", ""
    ),
}


def spoilt(bug: Bug, folder: Path) -> Bundle:
    """The core with the bug in it."""
    shutil.copytree(PACKAGE / "src", folder / "src")
    module = folder / "src" / bug.module
    text = module.read_text()
    assert text.count(bug.before) == 1
    module.write_text(text.replace(bug.before, bug.after))
    return Bundle("oneroom-core", bundle(DOOR, folder))


def finder(spoiled: Bundle) -> str:
    """The first of the three that sees a difference to the Python core; "" for none."""
    core = TypeScriptCore(spoiled.source)
    for seed in range(SEQUENCES):
        if coordinator_differs(core, seed) or (seed % 8 == 0 and chat_differs(core, seed)):
            return "random events"
    for path in TOLD:
        told = path.read_text()
        if path not in CHAT_FILES and replay(told, TypeScriptStory(core)) != told:
            return "a story"
    for scenario in scenarios("web-lock-lease"):
        if compare(spoiled, scenario, "web-lock-lease", 1).differs:
            return "a digest"
    return ""


@pytest.mark.parametrize("name", BUGS)
def test_it_is_found(name: str, tmp_path: Path) -> None:
    assert finder(spoilt(BUGS[name], tmp_path))
