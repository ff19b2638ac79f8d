"""A folder with two scenarios, and a server of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.explore.texts import HELD, TWO_ROOMS
from tests.ui.client import Client, served


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder: `scenarios/held.yaml` and `scenarios/two.yaml`."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "held.yaml").write_text(HELD, encoding="utf-8")
    (tmp_path / "scenarios" / "two.yaml").write_text(TWO_ROOMS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    """A client of a server in that folder."""
    with served() as one:
        yield one
