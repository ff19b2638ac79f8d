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
# An election in which no window ever stands for owner.
NOBODY_STANDS = """\
from oneroom.core.policy import Policy


class NobodyStands(Policy):
    name = "nobody-stands"
"""
A_CALL = """\
  overlay: {kind: overlay, opens: 300ms}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
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


def test_an_election_without_an_owner_is_never_green(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "nobody_stands.py").write_text(NOBODY_STANDS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    (folder / "one.yaml").write_text(ELECTED + A_CALL, encoding="utf-8")
    called = call(*QUICK, "--policy", "nobody_stands:NobodyStands")
    assert called.code == 1
    assert "intent_restored 2×" in called.out
    assert "owner_elected" in called.out.partition("vacuous in every run: ")[2]


def test_checks_with_nothing_to_guard_in_any_run_are_named(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(ELECTED, encoding="utf-8")
    called = call(*QUICK)
    named = called.out.partition("vacuous in every run: ")[2]
    assert "single_room" in named
    assert "owner_elected" not in named
    summary = json.loads(call(*QUICK, "--json").out.splitlines()[-1])
    assert "single_room" in summary["vacuous"]
    assert "owner_elected" not in summary["vacuous"]
