"""The core, as stories: each file in `testdata` is commands and what the machine answers.

`pytest tests/core --rewrite` writes what comes out into the files. Commit such a diff only when you
can say why it changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.chat_script import ChatScript
from tests.core.script import Script

STORIES = Path(__file__).parent / "testdata"
FILES = sorted(STORIES.glob("*.txt"))
CHAT_FILES = sorted((STORIES / "chat").glob("*.txt"))


@pytest.mark.parametrize("path", FILES + CHAT_FILES, ids=lambda path: path.stem)
def test_story(path: Path, rewrite: bool) -> None:
    told = path.read_text()
    came_out = replay(told, ChatScript() if path in CHAT_FILES else Script())
    if rewrite:
        path.write_text(came_out)
    else:
        assert came_out == told


def replay(text: str, script: Script | ChatScript) -> str:
    """The same file with the outputs that the machine gives now."""
    blocks = []
    for block in text.strip().split("\n\n"):
        lines = block.splitlines()
        prose = [line for line in lines if line.startswith("#")]
        rest = [line for line in lines if not line.startswith("#")]
        if "----" in rest:
            command = rest[: rest.index("----")]
            prose += [*command, "----", script.run("\n".join(command))]
        blocks.append("\n".join(prose))
    return "\n\n".join(blocks) + "\n"


def test_a_wrong_expectation_is_seen() -> None:
    """The runner must be able to fail: a story with a changed answer is not the story that comes
    out.
    """
    story = (
        "windows policy=naive\nmain main\n----\nmain     follower  term=0  room=idle  "
        "mirror=(term=0 number=0)\n"
    )
    assert replay(story, Script()) != story
