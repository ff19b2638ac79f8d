"""A folder to call the command in, with a few small scenarios."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from oneroom.cli.main import invoke
from tests.explore.texts import HELD, TWO_ROOMS


class Called(NamedTuple):
    """What came of a command line."""

    code: int
    out: str
    err: str


Call = Callable[..., Called]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder of the command: `scenarios/held.yaml` and `scenarios/two.yaml`, no
    settings from outside.
    """
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "held.yaml").write_text(HELD, encoding="utf-8")
    (tmp_path / "scenarios" / "two.yaml").write_text(TWO_ROOMS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the command in this process."""

    def called(*arguments: str) -> Called:
        capsys.readouterr()
        code = invoke(arguments)
        captured = capsys.readouterr()
        return Called(code, captured.out, captured.err)

    return called
