"""`--timing` from the outside: the time-out is in every window, and a failure found under it is
repeated under it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call

# The owner stands still for 2.4 s, which a lease of 1 s does not bear and one of 3 s does.
STANDS_STILL = """\
scenario: the owner stands still for a while
why: a short lease takes the call from it
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 2s, connect: {window: main, channel: lobby}}
  - {at: 6s, stall: {window: main, lasts: 2400ms}}
expect: {calls_torn_down: 0}
"""
QUICK = ("--seeds", "3", "-j", "1", "--check-determinism", "0")


@pytest.fixture
def still(folder: Path) -> str:
    (folder / "still.yaml").write_text(STANDS_STILL, encoding="utf-8")
    return "still.yaml"


def test_a_time_out_is_in_every_window(call: Call, still: str) -> None:
    assert call("run", still, *QUICK).code == 0
    short = call("run", still, "--timing", "lease=1s", *QUICK)
    assert short.code == 1
    assert "calls_torn_down" in short.out
    assert call("run", still, "--timing", "lease=1s,probe=3s", *QUICK).code == 0


def test_processes_have_it_too(call: Call, still: str) -> None:
    def results(*more: str) -> list[dict[str, Any]]:
        out = call(*("run", still, "--seeds", "6", "--check-determinism", "1", "--json"), *more).out
        return [json.loads(line) for line in out.splitlines()][:-1]

    one = results("--timing", "lease=1s", "-j", "1")
    two = results("--timing", "lease=1s", "-j", "2")
    assert [run["digest"] for run in one] == [run["digest"] for run in two]
    assert [run["digest"] for run in one] != [run["digest"] for run in results("-j", "1")]


def test_a_failure_is_repeated_under_its_time_outs(call: Call, still: str) -> None:
    found = call("run", still, "--timing", "lease=1s", *QUICK)
    repro = re.search(r"oneroom run still.yaml .*--timing lease=1s.* --seed 1", found.out)
    assert repro is not None
    again = call(*repro[0].split()[1:], "--check-determinism", "0", "-j", "1")
    assert again.code == 1
    name = re.search(r"oneroom show (\w{6})|oneroom replay (\w+)", found.out)
    assert name is not None
    replayed = call("replay", name[1] or name[2])
    assert "FAILED" in replayed.out
    stored = call("show", name[1] or name[2], "--timing", "lease=1s")
    assert stored.code == 2
    assert "is a stored failure" in stored.err


def test_show_takes_it(call: Call, still: str) -> None:
    assert call("show", still).code == 0
    assert call("show", still, "--timing", "lease=1s").code == 1


@pytest.mark.parametrize("command", ["run", "fuzz", "show"])
def test_everything_that_is_wrong_is_told_at_once(call: Call, still: str, command: str) -> None:
    called = call(
        *(command, still, "--timing", "leese=2s,lease=500ms", "--timing", "heartbeat=0s"),
        *("--timing", "probe=1s..2s", "--timing", "claim", "--timing", "retry=3"),
    )
    assert called.code == 2
    assert "unknown timing `leese`; did you mean `lease`?" in called.err
    assert "`heartbeat` must be longer than 0; its default is 1s" in called.err
    assert "`lease` (500ms) is shorter than `heartbeat` (1s)" in called.err
    assert "probe=1s..2s: it is a range, for `oneroom sweep`" in called.err
    assert "'claim': write NAME=VALUE, such as lease=2s" in called.err
    assert "`3` has no unit" in called.err


def test_a_pair_is_judged_beside_the_policy_and_the_file(call: Call, folder: Path) -> None:
    bad = call("run", "scenarios/held.yaml", "--policy", "focus-follows", "--timing", "lease=4s")
    assert bad.code == 2
    assert "`lease` (4s) is shorter than `heartbeat` (5s)" in bad.err
    text = STANDS_STILL.replace("windows:", "timings: {heartbeat: 500ms}\nwindows:", 1)
    (folder / "quick.yaml").write_text(text, encoding="utf-8")
    assert "shorter" not in call("run", "quick.yaml", "--timing", "lease=700ms", *QUICK).err
