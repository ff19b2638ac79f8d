"""The path of a new user: the wheel, an esbuild from npm, a store of their own, a red run."""

from __future__ import annotations

import re
import subprocess

import pytest

from oneroom.checks.verdict import Exit
from tests.project import ROOT
from tests.repo.shown_commands import blocks, difference, shown
from tests.repo.test_wheel import User, user, wheel

__all__ = ["user", "wheel"]
PAGE = (ROOT / "docs" / "own-windows.md").read_text(encoding="utf-8")


@pytest.fixture
def app(user: User) -> str:  # the fixture
    """The store of the page, in the user's project."""
    (store,) = [block.text for block in blocks(PAGE) if block.language == "ts"]
    (name,) = re.findall(r"\A// (\S+)\n", store)
    file = user.project / name
    file.parent.mkdir()
    file.write_text(store, encoding="utf-8")
    return str(name)


def test_a_stranger_comes_to_a_red_run(user: User, app: str) -> None:
    (install,) = [one for one in shown(PAGE) if one.words[0] == "npm"]
    subprocess.run(install.words, cwd=user.project, check=True, capture_output=True)
    (command,) = [one for one in shown(PAGE) if app in one.words]
    called = user.call(user.bin / "oneroom", *command.words[1:])
    assert called.returncode == Exit.VIOLATED, called.stderr
    assert difference(command.output, called.stdout) == ""
