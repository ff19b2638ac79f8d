"""docs/policies.md is made from figures; what can be checked without measuring is checked here."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.policies import portrait
from harness.policies import registry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")


def test_every_policy_has_a_row_in_each_table_and_a_portrait() -> None:
    assert re.findall(r"^### `([\w-]+)`$", PAGE, flags=re.MULTILINE) == list(registry.NAMES)
    assert re.findall(r"^\| `([\w-]+)` \|", PAGE, flags=re.MULTILINE) == list(registry.NAMES) * 3


def test_the_portraits_say_what_the_policies_say() -> None:
    for name in registry.NAMES:
        assert portrait(name) in PAGE, "run `make policies`"


def test_the_recommended_policy_is_broken_in_no_run() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{registry.RECOMMENDED}` |"))
    assert row.split("|")[2:4] == [" 0 ", " 0 "]
