"""docs/policies.md is made from figures; what can be checked without measuring is checked here."""

from __future__ import annotations

import re

from benchmarks import timings
from benchmarks.policies import portrait
from oneroom.policies import registry
from tests.project import ROOT

PAGE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")


def test_every_policy_has_a_row_in_each_table_and_a_portrait() -> None:
    assert re.findall(r"^### `([\w-]+)`$", PAGE, flags=re.MULTILINE) == list(registry.NAMES)
    assert re.findall(r"^\| `([\w-]+)` \|", PAGE, flags=re.MULTILINE) == list(registry.NAMES) * 3


def test_the_portraits_say_what_the_policies_say() -> None:
    for name in registry.NAMES:
        assert portrait(name) in PAGE, "run `make policies`"


def test_the_recommended_policy_is_broken_in_no_run() -> None:
    row = next(
        line for line in PAGE.splitlines() if line.startswith(f"| `{registry.RECOMMENDED}` |")
    )
    assert row.split("|")[2:4] == [" 0 ", " 0 "]


def swept() -> list[list[str]]:
    """The rows of the sweep: heartbeat, lease, probe, policy and the figures."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if "|" in line
    ]
    return [row for row in rows if len(row) == 11 and re.fullmatch(r"\d+ m?s", row[0])]


def test_the_sweep_is_the_one_that_the_file_describes() -> None:
    jobs = [(policy, spelt) for policy, spelt, _ in timings.jobs([])]
    assert [(row[3].strip("`"), [*map(_us, row[:3])]) for row in swept()] == [
        (one, list(us)) for one, us in jobs
    ]
    assert jobs[0] == (registry.RECOMMENDED, timings.DEFAULT)


def test_the_recommended_policy_is_safe_whatever_its_time_outs_and_loses_no_call_with_its_own() -> (
    None
):
    ours = [row for row in swept() if row[3] == f"`{registry.RECOMMENDED}`"]
    assert {row[10].split(" of ")[0] for row in ours} == {"0"}
    assert ours[0][7:10] == ["0 %"] * 3
    assert any(row[7:10] != ["0 %"] * 3 for row in ours), "time-outs matter to somebody"


def _us(spelt: str) -> int:
    number, unit = spelt.split()
    return int(number) * (1_000 if unit == "ms" else 1_000_000)
