"""The outcome of a case that ran several times, and the rows about the two SDKs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.sfu.sdk_differences import rows
from tests.conformance.table import outcomes
from tests.project import ROOT

CASE = """\
<testcase classname="tests.conformance.sfu.test_leave" name="test_it[{arm}]" time="1">{bad}
</testcase>
"""


def report_of(path: Path, arms: dict[str, str]) -> Path:
    """A report of one case, by arm and seed: what was bad about it."""
    said = "".join(CASE.format(arm=arm, bad=bad) for arm, bad in arms.items())
    path.write_text(f"<testsuite>{said}</testsuite>", encoding="utf-8")
    return path


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_case_that_fails_with_one_seed_has_failed(tmp_path: Path, failing: int) -> None:
    arms = {f"fake-js-{seed}-8": "<failure/>" if seed == failing else "" for seed in (1, 2, 3)}
    found = outcomes([report_of(tmp_path / "fake.xml", arms)])
    assert found["fake-js"] == {("leave", "it (8)"): ("failure", 1.0)}


def test_outcomes_of_one_case_are_told_apart_by_arm(tmp_path: Path) -> None:
    fake = report_of(tmp_path / "fake.xml", {"fake-js-1": "", "fake-python-1": "<failure/>"})
    real = report_of(tmp_path / "real.xml", {"livekit-js": "<error/>", "livekit-python": ""})
    found = outcomes([fake, real])
    assert {arm: by_case["leave", "it"][0] for arm, by_case in found.items()} == {
        "fake-js": "passed",
        "livekit-js": "error",
        "fake-python": "failure",
        "livekit-python": "passed",
    }


def test_a_parameter_of_a_real_arm_is_no_seed(tmp_path: Path) -> None:
    report = report_of(tmp_path / "all.xml", {"fake-js-2-1": "", "livekit-js-1": ""})
    found = outcomes([report])
    assert found["fake-js"] == found["livekit-js"] == {("leave", "it (1)"): ("passed", 1.0)}


def test_every_difference_of_the_sdks_is_told_by_a_case() -> None:
    kit = ROOT / "tests" / "conformance" / "sfu"
    read = {
        name
        for case in kit.glob("test_*.py")
        for name in re.findall(r"\b([A-Z0-9_]+)\.of\(", case.read_text(encoding="utf-8"))
    }
    text = (kit / "sdk_differences.py").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z0-9_]+) = Difference", text, re.M))
    assert named == read
    assert len(named) == len(rows())
    assert all(one.js != one.python for one in rows())
