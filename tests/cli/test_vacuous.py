"""A check that is expected to hold and had nothing to guard: the run is no proof, and the command
says so.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oneroom.checks.registry import NAMES
from tests.cli.conftest import Call
from tests.explore.texts import expecting

QUICK = ("run", "one.yaml", "--seeds", "2", "--check-determinism", "0", "-j", "1")

# A window is elected, and nobody does anything.
ELECTED = """\
scenario: a window is open
why: a test
windows:
  main: {kind: main, opens: 0s}
"""
# A click is refused, because the only window may not own.
REFUSED = """\
scenario: the main app is not open
why: a test
policy: main-only
windows:
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 5s, connect: {window: overlay, channel: lobby}}
"""
# check -> a run that holds, and in which this check has nothing to guard
IDLE = {
    name: REFUSED if name in ("one_owner_per_term", "owner_elected") else ELECTED for name in NAMES
}


@pytest.mark.parametrize("text", [ELECTED, REFUSED])
def test_the_runs_hold_while_nobody_asks(call: Call, folder: Path, text: str) -> None:
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    assert call(*QUICK).code == 0


@pytest.mark.parametrize("check", NAMES)
def test_a_check_that_had_nothing_to_guard_did_not_hold(
    call: Call, folder: Path, check: str
) -> None:
    (folder / "one.yaml").write_text(expecting(IDLE[check], f"held: [{check}]"), encoding="utf-8")
    called = call(*QUICK)
    assert called.code == 3
    assert f"expected {check} to hold, it had nothing to guard in 2 seeds" in called.out
    summary = json.loads(call(*QUICK, "--json").out.splitlines()[-1])
    assert (summary["verdict"], summary["exit_code"]) == ("vacuous", 3)


def test_a_check_that_had_something_to_guard_held(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(expecting(ELECTED, "held: [owner_elected]"), encoding="utf-8")
    assert call(*QUICK).code == 0
