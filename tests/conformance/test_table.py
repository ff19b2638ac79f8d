"""The outcome of a case that ran several times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.table import outcomes

CASE = """\
<testcase classname="tests.conformance.sfu.test_leave" name="test_it[{arm}]" time="1">{bad}
</testcase>
"""


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_case_that_fails_with_one_seed_has_failed(tmp_path: Path, failing: int) -> None:
    report = tmp_path / "fake.xml"
    cases = [
        CASE.format(arm=f"fake-{seed}-8", bad="<failure/>" if seed == failing else "")
        for seed in (1, 2, 3)
    ]
    report.write_text(f"<testsuite>{''.join(cases)}</testsuite>", encoding="utf-8")
    assert outcomes(report) == {("leave", "it (8)"): ("failure", 1.0)}
