"""Reports of replayed failures, and of runs that differ from themselves."""

from __future__ import annotations

import json

import msgspec
import pytest

from oneroom.report import replays
from oneroom.report.difference import render
from oneroom.trace.diff import first_divergence
from tests.report.examples import frozen_owner

TOLD = replays.ReplayLine(
    outcome="FAILED",
    id="Xt9Kp2",
    scenario="a.yaml",
    line=1,
    policy="naive",
    seed=4,
    check="single_room",
    message="both",
    same_digest=True,
    digest="d1",
    stored_digest="d1",
    stale_at=-1,
    draws=90,
    fresh=0,
    fresh_broken=0,
    file_changed=False,
)
HEAD = "Xt9Kp2  a.yaml:1  naive  single_room"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, f"FAILED  {HEAD}  the same run"),
        (
            {"same_digest": False, "stale_at": 34},
            f"FAILED  {HEAD}  still broken, though draws differ from number 35 of 90 on",
        ),
        (
            {"same_digest": False, "stale_at": 34, "fresh": 20, "fresh_broken": 3},
            f"FAILED  {HEAD}  draws differ from number 35 of 90 on, "
            "and 3 of 20 fresh seeds break it",
        ),
        ({"outcome": "FIXED"}, f"FIXED   {HEAD}  passes now: the same draws, and it holds"),
        (
            {"outcome": "STALE", "stale_at": 34, "fresh": 20},
            f"STALE   {HEAD}  draws differ from number 35 of 90 on; 20 fresh seeds hold",
        ),
    ],
)
def test_a_line_for_each_stored_failure(changes: dict[str, object], line: str) -> None:
    assert replays.table_line(msgspec.structs.replace(TOLD, **changes)) == line


def test_a_single_replay_says_whether_it_is_the_same_run() -> None:
    assert "same digest d1" in replays.verdict(TOLD)
    changed = msgspec.structs.replace(
        TOLD, outcome="FIXED", same_digest=False, digest="d2", file_changed=True
    )
    assert replays.verdict(changed).split("\n") == [
        "FIXED  Xt9Kp2  single_room: passes now: the same draws, and it holds",
        "  digest d2, stored was d1",
        "  the file is kept; `oneroom failures forget Xt9Kp2` when you trust it",
        "  a.yaml has changed since, or is not here; the stored text was replayed, not the file",
    ]


def test_the_sum_of_a_table() -> None:
    assert replays.summary(["FIXED", "FAILED", "FAILED"], ".oneroom") == (
        "2 FAILED, 1 FIXED of 3 failures stored in .oneroom"
    )


def test_json_has_the_outcome() -> None:
    assert (
        json.loads(replays.json_line(TOLD)).items()
        >= {"version": 1, "kind": "replay", "outcome": "FAILED"}.items()
    )


def test_a_difference_names_the_first_record_that_differs_and_what_came_before() -> None:
    left, right = frozen_owner()[0], frozen_owner()[0]
    right.tail[3] = msgspec.structs.replace(right.records[3], at_us=600_001)
    block = render(
        "a.yaml:1",
        "seed 1 under mine:Own",
        "oneroom run",
        first_divergence(left, right),
        (left, right),
    )
    assert block.split("\n")[:6] == [
        "≠ a.yaml:1  nondeterministic: seed 1 under mine:Own differs from itself",
        "  parts  at record 3",
        "         here   0.600000 s  overlay opens",
        "         there  0.600001 s  overlay opens",
        "  after  0.100000 s  main is granted the lock",
        "         0.100000 s  main becomes owner (t1)",
    ]


def test_records_that_read_alike_are_told_apart_by_their_fields() -> None:
    left, right = frozen_owner()[0], frozen_owner()[0]
    right.tail[2] = msgspec.structs.replace(right.records[2], base_term=9)
    block = render(
        "a.yaml:1", "seed 1", "oneroom run", first_divergence(left, right), (left, right)
    )
    assert "here   0.100000 s  main becomes owner (t1)  [base_term=0]" in block
    assert "there  0.100000 s  main becomes owner (t1)  [base_term=9]" in block


def test_a_run_that_ended_early_has_ended() -> None:
    left, right = frozen_owner()[0], frozen_owner()[0]
    del right.tail[5:]
    block = render(
        "a.yaml:1", "seed 1", "oneroom run", first_divergence(left, right), (left, right)
    )
    assert "there  the run has ended" in block


def test_a_difference_that_does_not_come_again_is_said_to() -> None:
    assert "nowhere when it was run twice more" in render(
        "a:1", "seed 1", "x", None, (frozen_owner()[0],) * 2
    )
    assert "not looked for" in render("a:1", "seed 1", "x", None, None)
