"""`oneroom failures`: what is listed, what is forgotten, and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oneroom.explore.store import Store
from tests.cli.conftest import Call


@pytest.fixture
def stored(call: Call) -> tuple[str, ...]:
    call("run", "--seed", "1", "--check-determinism", "0", "-j", "1")
    return Store().ids()


def test_the_stored_failures_are_listed(call: Call, stored: tuple[str, ...]) -> None:
    listed = call("failures", "list")
    assert listed.code == 0
    lines = listed.out.splitlines()
    assert {line.split()[0] for line in lines} == set(stored)
    assert any("scenarios/two.yaml:1  naive  single_room: overlay and main" in one for one in lines)
    found = [json.loads(line) for line in call("failures", "list", "--json").out.splitlines()]
    assert {one["id"] for one in found} == set(stored)
    assert {one["kind"] for one in found} == {"stored"}


def test_one_that_cannot_be_read_is_told_and_hides_no_other(
    call: Call, stored: tuple[str, ...]
) -> None:
    (Store().folder / "broken.json").write_text("{", encoding="utf-8")
    listed = call("failures", "list")
    assert listed.code == 2
    assert len(listed.out.splitlines()) == len(stored)
    assert ".oneroom/failures/broken.json: is not a stored failure" in listed.err


def test_nothing_stored_is_nothing_wrong(call: Call) -> None:
    assert call("failures", "list") == (0, "no failure is stored in .oneroom\n", "")
    assert call("failures", "prune") == (0, "0 failures forgotten, 0 left in .oneroom\n", "")


def test_those_named_are_forgotten_or_none(call: Call, stored: tuple[str, ...]) -> None:
    unknown = call("failures", "forget", stored[0], "nix")
    assert (unknown.code, "nothing was forgotten" in unknown.err) == (2, True)
    assert Store().ids() == stored
    assert call("failures", "forget").code == call("failures", "forget", "a", "--all").code == 2
    left = len(stored) - 1
    called = call("failures", "forget", stored[0])
    assert called.out == f"1 failure forgotten, {left} left in .oneroom\n"
    assert Store().ids() == stored[1:]
    assert call("failures", "forget", "--all").code == 0
    assert Store().ids() == ()


def test_a_drawn_scenario_goes_with_its_failure(call: Call, folder: Path) -> None:
    call("run", "scenarios/two.yaml", "--seed", "1", "--check-determinism", "0", "-j", "1")
    call("shrink", Store().ids()[0], "--max-runs", "20")
    assert list(Store().folder.glob("*.yaml"))
    call("failures", "forget", "--all")
    assert sorted(path.name for path in Store().folder.iterdir()) == []


def test_only_what_is_fixed_is_pruned(call: Call, folder: Path, stored: tuple[str, ...]) -> None:
    fixed = Store().folder / f"{stored[0]}.json"
    held = fixed.read_text(encoding="utf-8")
    # A check that this run does not break stands for one that was repaired without touching a draw.
    fixed.write_text(held.replace(Store().load(stored[0]).check, "mute_is_sticky"), "utf-8")
    stale = Store().folder / f"{stored[1]}.json"
    text = stale.read_text(encoding="utf-8").replace('"naive"', '"nix"')
    stale.write_text(text, encoding="utf-8")
    assert call("failures", "prune").out.startswith("1 failure forgotten, ")
    assert Store().ids() == stored[1:]
    assert call("failures", "prune", "--stale").out.startswith("1 failure forgotten, ")
    assert Store().ids() == stored[2:]
