"""docs/ablation.md is made from figures; what can be checked without measuring is checked here."""

from __future__ import annotations

import re

from oneroom.ablation import safeguards
from oneroom.checks.registry import CHECKS, NAMES
from oneroom.policies.registry import RECOMMENDED
from tests.ablation.bugs import OTHERS, SAFEGUARDS, Bug
from tests.ablation.table import PAGE, TEXT, harm, place, told
from tests.project import ROOT

WRITTEN = PAGE.read_text(encoding="utf-8")


def part(title: str) -> list[list[str]]:
    """The rows below a heading of the page, cell by cell, without the head of their table."""
    text = WRITTEN.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [row for row in rows if not row[0].startswith(("---", "off", "check", "bug"))]


def same(row: list[str], bug: Bug, places: tuple[int, int]) -> bool:
    """Whether a row is about that bug as it is now."""
    return [row[0], row[places[0]], row[places[1]]] == [told(bug), harm(bug), place(bug)]


def test_every_safeguard_has_a_row_that_is_about_its_scenario() -> None:
    rows = part("Safeguards")
    for row, bug in zip(rows, SAFEGUARDS, strict=True):
        assert same(row, bug, (2, 7)), "run `make ablation`"
        assert row[1] == safeguards.SAFEGUARDS[bug.name].protects, "run `make ablation`"


def test_every_bug_was_caught_and_its_control_never() -> None:
    rows = part("Safeguards")
    others = part("Checks, and the bugs that trip them")[len(NAMES) :]
    for row in [*[[row[3], *row[5:7]] for row in rows], *[row[2:5] for row in others]]:
        caught, first_seed, control = (int(figure.replace(",", "")) for figure in row)
        assert caught > 0
        assert first_seed > 0
        assert control == 0


def test_every_check_has_a_row_with_the_bugs_that_trip_it() -> None:
    rows = part("Checks, and the bugs that trip them")
    checks, others = rows[: len(NAMES)], rows[len(NAMES) :]
    assert [row[0] for row in checks] == [f"`{name}`" for name in NAMES]
    assert all(row[1] for row in checks)
    for row, bug in zip(others, OTHERS, strict=True):
        assert same(row, bug, (1, 5)), "run `make ablation`"
    tripped = dict(checks)
    for bug in (*SAFEGUARDS, *OTHERS):
        if bug.caught_by in NAMES:
            assert f"{told(bug)} " in tripped[f"`{bug.caught_by}`"]


def test_what_is_written_around_the_figures_is_that_of_its_text() -> None:
    seeds = re.findall(r"with the seeds 1 to ([\d,]+)\.", WRITTEN)
    tables = dict.fromkeys(("safeguards", "tripped", "others"), "@")
    text = TEXT.read_text(encoding="utf-8").format(
        seeds=seeds[0],
        switches=len(SAFEGUARDS),
        checks=len(CHECKS),
        recommended=RECOMMENDED,
        **tables,
    )
    for piece in text.split("@"):
        assert piece in WRITTEN, "run `make ablation`"


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((\.\./[^)]+)\)", WRITTEN):
        assert (ROOT / "docs" / target).is_file()
