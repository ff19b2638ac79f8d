"""The tests that docs/pytest.md shows pass."""

from __future__ import annotations

import re

import pytest

from tests.project import ROOT
from tests.repo.shown_commands import blocks

PAGE = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")


def test_what_the_page_shows_passes(project: pytest.Pytester) -> None:
    settings = [block.text for block in blocks(PAGE) if block.language == "toml"]
    project.makepyprojecttoml("".join(settings).replace("seeds = 50", "seeds = 2"))
    (project.path / "scenarios").mkdir()
    shown = [block.text for block in blocks(PAGE) if block.language == "python"]
    for text in shown:
        name = re.match(r"# (\w+\.py)\n", text)
        assert name is not None
        (project.path / name[1]).write_text(text, encoding="utf-8")
    tests = sum(len(re.findall(r"^def test_|^Test\w+ = ", text, re.MULTILINE)) for text in shown)
    ran = project.runpytest("--oneroom-seeds=3", *(path.name for path in project.path.glob("*.py")))
    ran.assert_outcomes(passed=tests)


def test_the_page_lists_every_option(project: pytest.Pytester) -> None:
    usage = project.runpytest("--help").stdout.str()
    options = set(re.findall(r"--oneroom[-\w]*", usage))
    assert options
    assert options == set(re.findall(r"--oneroom[-\w]*", PAGE))
