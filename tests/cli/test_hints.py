"""Answers to a wrong name: the name that was meant, or where the names are."""

from __future__ import annotations

from pathlib import Path

import pytest

from oneroom.policies.registry import NAMES
from tests.cli.conftest import Call

MODULE = """\
from oneroom.policies.naive import Naive

raise AssertionError("nobody asked for it to be imported")
class Mine(Naive): pass
class Helper: pass
"""
TWO_WRONG = """\
scenario: two safeguards that there are not
why: a test
windows:
  main: {kind: main, opens: 0s}
without: [fence_on_gp, nonsense]
"""


def test_a_policy_like_no_other_is_answered_with_all(call: Call) -> None:
    called = call("run", "--policy", "nope")
    assert called.code == 2
    assert ", ".join(NAMES) in " ".join(called.err.split())
    assert "did you mean web-lock" in call("run", "--policy", "web-lok").err


@pytest.mark.parametrize("name", ["my_elections", "my_elections:"])
def test_a_module_is_answered_with_the_class_in_it(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (folder / "my_elections.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    called = call("run", "--policy", name)
    assert called.code == 2
    assert "write module:Class; did you mean my_elections:Mine?" in called.err


def test_many_names_are_not_listed_for_each_wrong_one(call: Call, folder: Path) -> None:
    (folder / "wrong.yaml").write_text(TWO_WRONG, encoding="utf-8")
    called = call("lint", "wrong.yaml")
    assert called.code == 2
    assert "did you mean `fence_on_gap`?" in called.out
    assert "`oneroom list safeguards` lists all " in called.out
    assert "snapshot_order" not in called.out
    assert "snapshot_order" in call("list", "safeguards").out
    assert "snapshot_order" not in call("list").out


@pytest.mark.parametrize(
    ("written", "meant"), [("oneroom", "oneroom:"), ("oneroom/stage1", "oneroom:stage1")]
)
def test_the_catalogue_without_its_colon_is_known(
    call: Call, folder: Path, written: str, meant: str
) -> None:
    (folder / ".oneroom").mkdir()
    called = call("run", written)
    assert called.code == 2
    assert f"scenarios that come with oneroom are `{meant}`" in called.err


def test_the_schema_of_the_catalogue_is_no_scenario(call: Call) -> None:
    called = call("lint", "oneroom:schema.json")
    assert called.code == 2
    assert "oneroom:schema.json: no such scenario comes with oneroom" in called.out
    assert called.out.count("oneroom:schema.json") == 1
