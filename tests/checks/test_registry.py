"""The registry is complete, and every check says what a reader and the trace need of it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import oneroom.checks
from oneroom.checks.check import Check, Kind, LivenessCheck
from oneroom.checks.ledger import Ledger
from oneroom.checks.registry import CHECKS, KEYS, NAMES
from oneroom.checks.violation import Violation
from oneroom.trace import chat_records, people_records, records
from tests.project import ROOT

FOLDER = Path(oneroom.checks.__path__[0])
DOCS = ROOT / "docs" / "checks.md"
RECORDS = {
    kind
    for module in (records, chat_records, people_records)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, records.Record)
}


def _tree(check: type[Check]) -> ast.Module:
    """The source, by the check's name: a compiled check has no source of its own."""
    return ast.parse((FOLDER / f"{check.name}.py").read_text("utf-8"))


def test_every_check_in_the_folder_is_registered() -> None:
    in_folder = {path.stem for path in FOLDER.glob("*.py") if "(Check)" in path.read_text("utf-8")}
    in_folder |= {
        path.stem for path in FOLDER.glob("*.py") if "(LivenessCheck)" in path.read_text("utf-8")
    }
    assert in_folder - {"check"} == set(NAMES)


def test_names_are_unique_and_those_of_the_design() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert [check.name for check in CHECKS if check.kind is Kind.LIVENESS] == [
        "owner_elected",
        "mirrors_converge",
        "roster_converges",
        "intent_restored",
        "commands_resolve",
        "no_orphan_participant",
        "chat_complete",
    ]


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_a_check_stands_in_the_file_of_its_name(check: type[Check]) -> None:
    assert check.__module__ == f"oneroom.checks.{check.name}"
    assert check.promise
    assert check.promise[0].islower()
    assert not check.promise.endswith(".")
    module_text = ast.get_docstring(_tree(check)) or ""
    assert "Promise: " in module_text
    assert "Vacuous: " in module_text


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_a_check_reads_the_kinds_that_it_handles_and_no_others(check: type[Check]) -> None:
    """Whatever kind of record the file names is in `reads`: one that is handled but not read would
    never arrive.
    """
    imported = {
        name.name
        for node in ast.walk(_tree(check))
        if isinstance(node, ast.ImportFrom) and f"{node.module}".startswith("oneroom.trace.")
        for name in node.names
    }
    named = {kind.__name__ for kind in RECORDS} & imported - {"Record"}
    assert {kind.__name__ for kind in check().reads} == named


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_liveness_checks_read_both_ends_of_the_run(check: type[Check]) -> None:
    ends = {records.Healed, records.Settled}
    assert (check.kind is Kind.LIVENESS) == issubclass(check, LivenessCheck)
    if issubclass(check, LivenessCheck):
        assert ends <= set(check().reads)


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_every_check_has_words_of_its_own_and_a_test(check: type[Check]) -> None:
    assert check.describe is not Check.describe
    assert (Path(__file__).parent / f"test_{check.name}.py").is_file()


def test_the_document_names_every_check_and_every_ledger_key() -> None:
    document = DOCS.read_text("utf-8")
    for check in CHECKS:
        assert f"| `{check.name}` | {check.kind} | {check.promise} |" in document
    for key in KEYS:
        assert f"| `{key}` |" in document


def test_ledger_keys_say_their_unit_or_count_events() -> None:
    totals = Ledger().totals()
    assert tuple(totals) == KEYS
    assert set(totals.values()) == {0}


def test_a_check_without_words_still_says_whom_it_means_and_what_it_promised() -> None:
    names = ["main", "overlay"]

    class Mine(Check):
        promise = "nothing happens"

    assert Mine.describe(Violation("any", 0, 0, (1, 0), 0), names) == (
        "overlay and main broke the promise: nothing happens"
    )
    assert Mine.describe(Violation("any", 0, 0, (), 0), names) == "broken: nothing happens"
