"""A project of a user's own, in which oneroom is installed with its plugin."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.project import ROOT


@pytest.fixture
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the import path that makes pytest find the plugin, as an editable install does;
    the test environment may have been made before there was one.
    """
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    points = settings["project"]["entry-points"]["pytest11"]
    folder = tmp_path_factory.mktemp("installed")
    info = folder / f"oneroom-{settings['project']['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: oneroom\nVersion: {settings['project']['version']}\n",
        encoding="utf-8",
    )
    lines = [f"{name} = {value}\n" for name, value in points.items()]
    (info / "entry_points.txt").write_text("[pytest11]\n" + "".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def project(
    pytester: pytest.Pytester, distribution: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """An empty project; a CI variable of this machine is not its own."""
    pytester.syspathinsert(distribution)
    monkeypatch.delenv("CI", raising=False)
    return pytester
