"""Every command that a page shows for an app in `examples/` is run, and its output compared.

Rules: the apps are run from a copy, so that nothing is written beside them; packages are those that
`npm ci --prefix examples` has installed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oneroom.checks.verdict import Exit
from tests.project import ROOT
from tests.repo.shown_commands import Shown, call, difference, shown

EXAMPLES = ROOT / "examples"
PAGES = [*sorted(EXAMPLES.glob("*/README.md")), ROOT / "docs" / "packages.md"]
COMMANDS = [command for page in PAGES for command in shown(page.read_text(encoding="utf-8"))]
APPS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*/voice.ts*", "*/without_locks.ts", "packages/*.ts")
    for path in EXAMPLES.glob(pattern)
    if "node_modules" not in path.parts
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a project with the examples in it."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(EXAMPLES, root / "examples", ignore=shutil.ignore_patterns("node_modules"))
    (root / "examples" / "node_modules").symlink_to(EXAMPLES / "node_modules")
    (root / "typescript").symlink_to(ROOT / "typescript")
    return root


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.command)
def test_what_is_shown_is_what_is_printed(command: Shown, folder: Path) -> None:
    program, *arguments = command.words
    assert program == "oneroom"
    called = call(arguments, folder)
    assert called.returncode in (Exit.HELD, Exit.VIOLATED), called.stderr
    assert difference(command.output, called.stdout) == "", command.command


@pytest.mark.parametrize("app", APPS)
def test_a_page_shows_every_app(app: str) -> None:
    assert any(app in command.words for command in COMMANDS)
