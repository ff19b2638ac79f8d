"""fakes/README.md is the contract of the fakes: every rule says where it is, where it is from, and
which test pins it.

What stands in a row is checked, not whether it is true: a test that a row names exists, and so does
the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.project import ROOT

HEADS = ("rule", "column", "fake", "source", "confirmed by")
# What is followed by nothing says nothing: seen in what, assumed why?
EMPTY_SOURCES = ("", "-", "seen", "assumption", "what users have", "memory")
# Rules that are true because no code makes them false.
NO_CODE = ("nothing frees it", "follows from the rules above")


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row of every table of rules."""
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if line.startswith("| ") and cells[0] not in HEADS:
            yield number, cells


def problems(text: str) -> list[str]:
    """Everything that is wrong with the rows of that text."""
    found: list[str] = []
    for number, cells in rows(text):
        if len(cells) != 4:
            found.append(f"{number}: {len(cells)} cells, not rule, fake, source, confirmed by")
            continue
        rule, fake, source, confirmed = cells
        found += [
            f"{number}: {what} ({rule[:60]})"
            for what in (*_code(fake), *_source(source), *_tests(confirmed))
        ]
    return found


def _code(fake: str) -> Iterator[str]:
    """Files that are there, and names that stand in the file before them."""
    text = ""
    for word in re.findall(r"`([^`]+)`", fake):
        if "/" in word:
            file = ROOT / word
            text = file.read_text("utf-8") if file.is_file() else ""
            if not text:
                yield f"{word} does not exist"
        elif not re.search(rf"\b{re.escape(word.rpartition('.')[2])}\b", text):
            yield f"no {word} there"
    if not text and fake not in NO_CODE:
        yield "no file"


def _source(source: str) -> Iterator[str]:
    if source in EMPTY_SOURCES:
        yield f"`{source}` is no source"


def _tests(confirmed: str) -> Iterator[str]:
    """At least one test, each with its file and its function."""
    ids = re.findall(r"`([^`]+)`", confirmed)
    if not ids:
        yield "no test"
    for one in ids:
        path, _, name = one.partition("::")
        file = ROOT / path
        if (
            not name
            or not file.is_file()
            or not re.search(rf"^def {name}\b", file.read_text("utf-8"), re.MULTILINE)
        ):
            yield f"{one} is no test"


def test_every_rule_has_its_code_its_source_and_its_test() -> None:
    text = (ROOT / "fakes" / "README.md").read_text("utf-8")
    assert len(list(rows(text))) > 180
    assert problems(text) == []


CODE, PINS = (
    "`fakes/oneroom_fakes/link.py` `Link`",
    "`tests/repo/test_fakes_readme.py::test_every_rule_has_its_code_its_source_and_its_test`",
)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"| a rule | {CODE} | RFC 9293 |", "3 cells"),
        (
            f"| a rule | `fakes/oneroom_fakes/nowhere.py` `Link` | RFC 9293 | {PINS} |",
            "does not exist",
        ),
        (
            f"| a rule | `fakes/oneroom_fakes/link.py` `Nothing` | RFC 9293 | {PINS} |",
            "no Nothing there",
        ),
        (f"| a rule | somewhere | RFC 9293 | {PINS} |", "no file"),
        (f"| a rule | {CODE} | seen | {PINS} |", "is no source"),
        (f"| a rule | {CODE} | RFC 9293 | - |", "no test"),
        (f"| a rule | {CODE} | RFC 9293 | `tests/repo/test_fakes_readme.py` |", "is no test"),
        (
            f"| a rule | {CODE} | RFC 9293 | `tests/repo/test_fakes_readme.py::test_nothing` |",
            "is no test",
        ),
        (
            f"| a rule | {CODE} | RFC 9293 | `tests/repo/test_nowhere.py::test_nothing` |",
            "is no test",
        ),
    ],
)
def test_a_bad_row_is_found(row: str, problem: str) -> None:
    assert any(problem in found for found in problems(row))


def test_a_good_row_is_good() -> None:
    assert problems(f"| a rule | {CODE} | RFC 9293 | {PINS} |") == []
