"""The core's stories (`tests/core/testdata`) come out of the TypeScript core as they are told.

Left out are those of policies that it does not have, and of machines without a safeguard.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oneroom.javascript.typescript_core import TypeScriptCore
from tests.core.test_datadriven import CHAT_FILES, FILES, replay
from tests.typescript.bundle import PACKAGE
from tests.typescript.stories import TypeScriptChatStory, TypeScriptStory

POLICIES = set(
    re.findall(r"'([a-z-]+)':", (PACKAGE / "src" / "policies" / "registry.ts").read_text())
)


def is_told_here(path: Path) -> bool:
    told = path.read_text()
    return "without=" not in told and set(re.findall(r"policy=(\S+)", told)) <= POLICIES


TOLD = [path for path in FILES + CHAT_FILES if is_told_here(path)]


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.stem)
def test_story(path: Path, core: TypeScriptCore) -> None:
    told = path.read_text()
    script = TypeScriptChatStory(core) if path in CHAT_FILES else TypeScriptStory(core)
    assert replay(told, script) == told


def test_most_stories_of_the_recommended_policy_are_told() -> None:
    assert {"web-lock", "web-lock-lease", "main-only"} <= POLICIES
    assert len(TOLD) > 15
