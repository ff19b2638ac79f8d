"""Checks of the user's own, by `--check` and by `expect`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oneroom.checks.registry import UnknownCheck, load
from tests.cli.conftest import Call
from tests.explore.texts import HELD, expecting

OWN = "tests.explore.own_checks"
QUICK = ("--seeds", "2", "--check-determinism", "1")
CRASHES = expecting(
    HELD.replace("{at: 5s, gesture: {window: main}}", "{at: 5s, crash: {window: main}}"), "held: []"
)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Nameless", "it needs a `name` of its own"),
        ("Namesake", "it needs a `name` of its own"),
        ("Blind", "its `reads` names no kind of record"),
        ("Confused", "which is no kind of record"),
        ("Idle", "it has no method `on`"),
        ("Unsettled", "its `reads` lacks Healed or Settled"),
        ("OneElecton", "did you mean tests.explore.own_checks:OneElection?"),
        ("Path", "is not"),
    ],
)
def test_a_check_that_cannot_be_used_is_refused_with_the_reason(name: str, why: str) -> None:
    with pytest.raises(UnknownCheck) as refused:
        load(f"{OWN}:{name}")
    assert why in str(refused.value)


def test_a_check_that_cannot_be_used_is_told_before_anything_runs(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(HELD, encoding="utf-8")
    called = call("run", "one.yaml", *QUICK, "--check", f"{OWN}:Blind")
    assert called.code == 2
    assert "so it would see nothing" in called.err


def test_it_judges_beside_the_others_and_its_failure_is_replayed(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(CRASHES, encoding="utf-8")
    assert call("run", "one.yaml", *QUICK).code == 0
    called = call("run", "one.yaml", *QUICK, "--check", f"{OWN}:OneElection")
    assert called.code == 1
    assert "one_election violated" in called.out
    assert "overlay broke the promise: a run has one election" in called.out
    (stored,) = (folder / ".oneroom" / "failures").glob("*.json")
    again = call("replay", stored.stem)
    assert (again.code, "FAILED" in again.out) == (1, True)
    shrunk = call("shrink", stored.stem)
    assert shrunk.code in (0, 1), shrunk
    assert "one_election" in shrunk.out
    facts = json.loads(stored.read_text(encoding="utf-8"))
    assert facts["checks"] == [f"{OWN}:OneElection"]


def test_one_that_never_had_anything_to_guard_is_named(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(HELD, encoding="utf-8")
    called = call("run", "one.yaml", *QUICK, "--check", f"{OWN}:NobodyCrashes")
    assert called.code == 0
    assert "nobody_crashes" in called.out.partition("vacuous in every run")[2]


def test_one_that_raises_is_the_users_error(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(HELD, encoding="utf-8")
    called = call("run", "one.yaml", *QUICK, "--check", f"{OWN}:Clumsy")
    assert called.code == 1
    assert "a check of your own raised an exception" in called.out
    assert "own_checks.py" in called.out
    assert "KeyError: 'row'" in called.out
    assert "<error" in (folder / "reports" / "latest" / "junit.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        (f'held: ["{OWN}:SomebodyOwns"]', 0),
        (f'held: ["{OWN}:NobodyCrashes"]', 3),
        (f'held: ["{OWN}:OneElection"]', 1),
        (f'violated: ["{OWN}:OneElection"]', 0),
        (f'may_violate: ["{OWN}:OneElection"]', 0),
    ],
)
def test_a_scenario_may_expect_of_it_what_it_may_expect_of_any_check(
    call: Call, folder: Path, expected: str, code: int
) -> None:
    (folder / "one.yaml").write_text(CRASHES.replace("held: []", expected), encoding="utf-8")
    called = call("run", "one.yaml", *QUICK)
    assert called.code == code, called


def test_a_search_uses_it_too(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(CRASHES, encoding="utf-8")
    called = call(
        "fuzz",
        "one.yaml",
        "--seed",
        "1",
        "--max-runs",
        "20",
        "-j",
        "1",
        "--check",
        f"{OWN}:OneElection",
    )
    assert called.code == 1
    assert "one_election violated" in called.out
