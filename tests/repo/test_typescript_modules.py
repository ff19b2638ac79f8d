"""The TypeScript core is read beside the Python core: a module there for every module here."""

from __future__ import annotations

import pytest

from tests.project import ROOT

PYTHON = ROOT / "harness" / "oneroom"
TYPESCRIPT = ROOT / "typescript" / "oneroom-core" / "src"
# What Python says in 500 lines takes a tenth more.
LINES_MAX = 550

# What belongs to policies of one's own, which the TypeScript core does not load.
PYTHON_ALONE = {"__init__", "illegal_move", "platform", "policy_outbox"}
# Python's structs are compared by `==`.
TYPESCRIPT_ALONE = {"equality"}


def test_every_module_of_the_core_has_its_twin() -> None:
    python = {path.stem for path in (PYTHON / "core").glob("*.py")}
    typescript = {path.stem for path in (TYPESCRIPT / "core").glob("*.ts")}
    assert typescript - TYPESCRIPT_ALONE == python - PYTHON_ALONE


def test_every_policy_there_is_one_here() -> None:
    python = {path.stem for path in (PYTHON / "policies").glob("*.py")}
    assert {path.stem for path in (TYPESCRIPT / "policies").glob("*.ts")} <= python


@pytest.mark.parametrize("path", sorted(TYPESCRIPT.rglob("*.ts")), ids=lambda path: path.name)
def test_a_module_is_introduced_and_short(path: object) -> None:
    text = (TYPESCRIPT / str(path)).read_text()
    assert text.startswith("/**"), "a module says what it is"
    assert text.count("\n") <= LINES_MAX, "a module that needs more lines holds two concepts"
