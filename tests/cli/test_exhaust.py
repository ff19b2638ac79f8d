"""`oneroom exhaust` from the outside: what is printed, kept, and returned to the shell."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.explore.test_exhaustive import LATE_CLAIM, SMALL
from tests.project import ROOT

APP = ROOT / "harness" / "oneroom" / "javascript" / "voice.js"
CALL = """\
scenario: two windows of an app, and a click in one
why: a test
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 1s, connect: {window: main, channel: lobby}}
"""


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    """Scenarios that are small enough."""
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    (folder / "claim.yaml").write_text(LATE_CLAIM, encoding="utf-8")
    (folder / "call.yaml").write_text(CALL, encoding="utf-8")
    (folder / "voice.js").write_bytes(APP.read_bytes())


def facts(text: str) -> dict[str, object]:
    """What one line of JSON says, without the time that it took."""
    found: dict[str, object] = json.loads(text)
    del found["wall_ms"], found["troubles"]
    return found


def test_what_was_covered_is_said(call: Call, folder: Path) -> None:
    called = call("exhaust", "small.yaml", "--departures", "0", "-j", "1")
    assert called.code == 0
    assert "bounds   at most 0 departures; `crash` in line 8 between any two events" in called.out
    assert "schedules within the bounds: no check violated" in called.out
    assert not list((folder / ".oneroom").glob("exhaust/*")), "nothing is left to resume"
    again = call("exhaust", "small.yaml", "--departures", "0", "-j", "1", "--json")
    assert json.loads(again.out)["complete"] is True


def test_a_search_that_was_stopped_says_what_is_open_and_goes_on(call: Call) -> None:
    bounds = ("exhaust", "claim.yaml", "--policy", "web-lock", "--departures", "1", "-j", "1")
    assert call(*bounds, "--resume").code == 2
    whole = call(*bounds, "--json")
    assert whole.code == 0
    stopped = call(*bounds, "--max-time", "1ms")
    assert stopped.code == 3
    assert "known to be left" in stopped.out
    assert "no check violated" not in stopped.out
    resumed = call(*bounds, "--resume", "--json")
    assert resumed.code == 0
    assert facts(resumed.out) == facts(whole.out)


def test_a_killed_search_is_resumed(call: Call, folder: Path) -> None:
    """SIGINT writes the frontier at once, and gives 130."""
    bounds = ("exhaust", "small.yaml", "--departures", "9", "-j", "1")
    begun = subprocess.Popen(
        (sys.executable, "-m", "oneroom", *bounds),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline_s = time.monotonic() + 60
    while not list(folder.glob(".oneroom/exhaust/*.msgpack")) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    begun.send_signal(signal.SIGINT)
    out, err = begun.communicate(timeout=60)
    assert begun.returncode == 130
    assert "known to be left" in out
    assert "--resume goes on from here" in err
    assert call(*bounds, "--resume", "--max-time", "1ms").code == 3


def test_a_violation_is_shrunk_kept_and_replayed(call: Call, folder: Path) -> None:
    called = call("exhaust", "claim.yaml", "--policy", "heartbeat", "-j", "1")
    assert called.code == 1
    assert "one_owner_per_term violated" in called.out
    assert "before shrinking" in called.out
    assert "seeds" not in called.out.partition("repro")[0], "nothing was drawn"
    (stored,) = (folder / ".oneroom" / "failures").glob("*.json")
    assert call("replay", stored.stem).code == 1


def test_an_app_is_searched_without_comparing_states(call: Call) -> None:
    called = call("exhaust", "call.yaml", "--app", "voice.js", "--departures", "0", "-j", "1")
    assert called.code in (0, 1)
    assert "states   not compared: those of an app in its engine cannot be read" in called.out


def test_several_scenarios_are_refused(call: Call) -> None:
    called = call("exhaust", "scenarios")
    assert called.code == 2
    assert "one scenario under one policy is searched, and these are 2" in called.err
