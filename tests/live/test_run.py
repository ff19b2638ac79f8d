"""`oneroom run --sfu` and `confirm` on a real server: what they find, what they write, and what
they never write.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from oneroom.live.server import docker_engine
from oneroom.live.server.credentials import Credentials
from oneroom.live.server.livekit_server import LiveKit
from tests.project import BARE_ENVIRONMENT, ONEROOM, ROOT

pytestmark = pytest.mark.live

# Every JSON Web Token begins with the encoding of `{"`.
TOKEN = "eyJ"
KICK = """\
scenario: the overlay's connect kicks the main window
why: the known-bad baseline, to see it on the real thing
policy: naive
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 1s, connect: {window: main, channel: lobby}}
  - {at: 4s, connect: {window: overlay, channel: lobby}}
"""


def _oneroom(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ONEROOM, *arguments],
        cwd=folder,
        env={**BARE_ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*ONEROOM, *arguments],
        cwd=folder,
        env=BARE_ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _all_text(folder: Path) -> str:
    files = [one for one in folder.rglob("*") if one.is_file()]
    return "\n".join(one.read_text(errors="replace") for one in files)


def test_the_baseline_fails_on_the_real_server_and_no_secret_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "kick.yaml").write_text(KICK)
    with LiveKit(tmp_path / "server") as server:
        credentials = server.record.credentials
        keys = {"LIVEKIT_API_KEY": credentials.key, "LIVEKIT_API_SECRET": credentials.secret}
        ran = _oneroom(folder, "run", "kick.yaml", "--sfu", server.record.url, "--json", **keys)
        log = server.log()
    assert ran.returncode == 1, ran.stderr
    result, summary = [json.loads(line) for line in ran.stdout.splitlines()]
    assert result["sfu"] == "livekit"
    assert {found["check"] for found in result["violations"]} >= {
        "single_room",
        "one_owner_per_term",
    }
    # A server that is not ours is polled, and why main is gone is what its own SDK was told.
    assert result["ledger"]["evictions"] >= 1
    assert result["ledger"]["ghosts"] == 0
    assert result["ledger"]["two_rooms_ms"] > 0
    assert summary["exit_code"] == 1

    stored = folder / ".oneroom" / "failures"
    assert list(stored.glob("*.json"))
    report = _all_text(folder / "reports")
    assert "DUPLICATE_IDENTITY" in report
    written = _all_text(folder) + ran.stdout + ran.stderr + log
    assert credentials.secret not in written
    assert TOKEN not in written


def test_a_run_is_written_down_whole_with_what_the_world_saw_and_no_token(tmp_path: Path) -> None:
    baseline = ROOT / "scenarios" / "negative" / "naive-user-is-kicked-by-the-other-window.yaml"
    ran = _oneroom(tmp_path, "run", str(baseline), "--policy", "naive", "--sfu", "livekit")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "violated as expected" in ran.stdout
    [transcript] = (tmp_path / "reports" / "latest" / "transcripts").glob("*.txt")
    lines = transcript.read_text().splitlines()
    # The server, its application, whoever asks it, another participant, and the window itself.
    for seen in (
        r"SFU: − main: DUPLICATE_IDENTITY",
        r"witness: webhook participant_left of ada PA_\w+ \(DUPLICATE_IDENTITY\)",
        r"witness: RoomService no longer lists ada PA_\w+",
        r"witness: w: − ada PA_\w+",
        r"main is out of its Room: DUPLICATE_IDENTITY",
    ):
        assert len([line for line in lines if re.search(seen, line)]) == 1, seen
    written = _all_text(tmp_path) + ran.stdout + ran.stderr
    assert TOKEN not in written


RAISES = """\
from oneroom.policies.web_lock_lease import WebLockLease


class Mine(WebLockLease):
    name = "mine"

    def attention_changed(self, gained, now_us):
        raise KeyError("row")
"""


def test_an_exception_in_a_policy_of_ones_own_is_its_users(tmp_path: Path) -> None:
    """A window's process dies of it; it is a violation with file and line, no broken server."""
    (tmp_path / "mine_live.py").write_text(RAISES)
    (tmp_path / "focus.yaml").write_text(
        "scenario: the window is focused\nwhy: a test\n"
        "windows:\n  main: {kind: main, opens: 0s}\n"
        "steps:\n  - {at: 1s, focus: {window: main}}\n"
    )
    path = os.pathsep.join([BARE_ENVIRONMENT.get("PYTHONPATH", ""), str(tmp_path)])
    ran = _oneroom(
        tmp_path,
        *("run", "focus.yaml", "--policy", "mine_live:Mine", "--sfu", "livekit"),
        PYTHONPATH=path.strip(os.pathsep),
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    told = f"the policy raised an exception at .*: {tmp_path}/mine_live.py:8: KeyError: 'row'"
    assert re.search(told, ran.stdout)


def test_a_simulated_failure_is_reproduced(tmp_path: Path) -> None:
    (tmp_path / "kick.yaml").write_text(KICK)
    assert (
        _oneroom(tmp_path, "run", "kick.yaml", "--seed", "3", "--check-determinism", "0").returncode
        == 1
    )
    stored = tmp_path / ".oneroom" / "failures"
    name = next(
        path.stem for path in stored.glob("*.json") if '"check": "single_room"' in path.read_text()
    )

    ran = _oneroom(tmp_path, "confirm", name)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "reproduced on LiveKit  kick.yaml  naive  single_room" in ran.stdout
    first, *lines = ran.stdout.splitlines()
    assert first.split() == ["simulated", "LiveKit"]
    assert any(line.count("main is out of its Room: DUPLICATE_IDENTITY") == 2 for line in lines)


QUIET = """\
scenario: two windows and nothing else
why: to lose one of them
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
"""


# Of a panic livekit 1.2.1 ends its own process with SIGTERM (python-sdks#784).
@pytest.mark.parametrize(
    ("how", "said"),
    [
        (signal.SIGKILL, "ended by itself"),
        (signal.SIGTERM, "ended by itself"),
        (signal.SIGSTOP, "hangs"),
    ],
    ids=["dies", "panics", "hangs"],
)
def test_a_window_that_is_lost_is_one_line_and_the_other_runs_go_on(
    tmp_path: Path, how: int, said: str
) -> None:
    (tmp_path / "quiet.yaml").write_text(QUIET)
    (tmp_path / "other.yaml").write_text(QUIET.replace("else", "more"))
    suite = _start(tmp_path, "run", "quiet.yaml", "other.yaml", "--sfu", "livekit", "-j", "1")
    try:
        os.kill(_window_in(tmp_path), how)
        out, err = suite.communicate(timeout=400)
    finally:
        suite.kill()
    assert suite.returncode == 6, out + err
    assert f"{said}" in err
    assert "quiet.yaml: the process of window " in err
    assert "Traceback" not in err
    assert "other.yaml" in out


def test_a_server_that_ends_under_a_run_is_one_line_and_nothing_is_said_of_the_app(
    tmp_path: Path,
) -> None:
    (tmp_path / "quiet.yaml").write_text(QUIET)
    suite = _start(tmp_path, "run", "quiet.yaml", "--sfu", "livekit")
    try:
        _window_in(tmp_path)
        [run] = [one.name for one in (tmp_path / ".oneroom" / "livekit").iterdir()]
        with docker_engine.engine() as client:
            for container in docker_engine.containers(client, run):
                container.kill()
        out, err = suite.communicate(timeout=400)
    finally:
        suite.kill()
    assert suite.returncode == 6, out + err
    assert "quiet.yaml: the LiveKit server ended by itself: " in err
    assert "violated" not in out
    assert "Traceback" not in err


def _window_in(folder: Path) -> int:
    """A window of the suite that was started in `folder`, some time after it was born."""
    deadline_s = time.monotonic() + 180
    while time.monotonic() < deadline_s:
        time.sleep(0.5)
        for one in Path("/proc").iterdir():
            try:
                ours = one.name.isdigit() and (one / "cwd").resolve() == folder
                if ours and b"oneroom.live.window.process" in (one / "cmdline").read_bytes():
                    time.sleep(20)
                    return int(one.name)
            except OSError:
                continue
    raise AssertionError("no window was ever there")


def test_a_search_for_secrets_finds_one_that_is_planted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"token": f"{TOKEN}hbGciOiJIUzI1NiJ9"}))
    assert TOKEN in _all_text(tmp_path)


def test_a_wrong_key_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "kick.yaml").write_text(KICK)
    wrong = Credentials.fresh()
    keys = {"LIVEKIT_API_KEY": wrong.key, "LIVEKIT_API_SECRET": wrong.secret}
    with LiveKit(tmp_path / "server") as server:
        ran = _oneroom(tmp_path, "run", "kick.yaml", "--sfu", server.record.url, **keys)
    assert ran.returncode == 6
    assert wrong.secret not in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "kick.yaml").write_text(KICK)
    keys = {"LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": "secret-of-at-least-32-characters-x"}
    ran = _oneroom(tmp_path, "run", "kick.yaml", "--sfu", "ws://127.0.0.1:9", **keys)
    assert ran.returncode == 6
    assert "kick.yaml: " in ran.stderr
    assert "Traceback" not in ran.stderr


def test_no_engine_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "kick.yaml").write_text(KICK)
    ran = _oneroom(
        tmp_path, "run", "kick.yaml", "--sfu", "livekit", DOCKER_HOST="unix:///nowhere/docker.sock"
    )
    assert ran.returncode == 6
    assert ran.stderr.count("no container engine answers") == 1
    assert "Traceback" not in ran.stderr


def test_no_binary_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "kick.yaml").write_text(KICK)
    ran = _oneroom(tmp_path, "run", "kick.yaml", "--sfu", "livekit:native")
    assert ran.returncode == 6
    assert "livekit-server on PATH" in ran.stderr
