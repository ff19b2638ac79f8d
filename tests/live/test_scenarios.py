"""The scenarios that the real server is held to in CI, each in a run of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.project import IMPORT_PATH, ONEROOM, ROOT

pytestmark = pytest.mark.live

SCENARIOS = sorted((ROOT / "scenarios" / "live").glob("*.yaml"))


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`oneroom run` in a process of its own, in `folder`; as expected, or the test fails."""
    ran = subprocess.run(
        [*ONEROOM, "run", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": IMPORT_PATH, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 10


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_is_as_expected_on_a_real_server(tmp_path: Path, scenario: Path) -> None:
    run(tmp_path, str(scenario), "--sfu", "livekit")


def test_a_native_server_plays_what_shares_our_network(tmp_path: Path, native: str) -> None:
    names = ("a-call-from-an-overlay", "the-server-restarts", "the-server-loses-its-network")
    chosen = [str(ROOT / "scenarios" / "live" / f"{name}.yaml") for name in names]
    path = f"{Path(native).parent}:{os.environ['PATH']}"
    ran = run(
        tmp_path,
        *chosen,
        "--sfu",
        "livekit:native",
        PATH=path,
        DOCKER_HOST="unix:///nowhere.sock",
    )
    assert "2 runs: 2 held" in ran.stdout
    assert (
        "Left out: 1 of 3 scenarios, which unplug the server: a native one shares this machine's "
        "network." in ran.stderr
    )
    [transcript] = (tmp_path / "reports" / "latest" / "transcripts").glob(
        "the-server-restarts-*.txt"
    )
    assert "webhook participant_joined" in transcript.read_text()
