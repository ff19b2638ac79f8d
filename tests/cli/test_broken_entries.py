"""Broken entries of `expect` that are no check: each is replayed, shrunk and explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.explore.texts import HELD, expecting

QUICK = ("run", "one.yaml", "--seeds", "1", "--check-determinism", "0", "-j", "1")
BROKEN = {
    "told": "told: something",
    "shows": "shows: {people: grace}",
    "showed": "showed: {people: grace}",
    "share": "share: offered_again",
    "elections": 'elections: ">= 7"',
}
# Runs of its first window write much more than all later ones.
TALKS_ONCE = """\
from oneroom.policies.heartbeat import HeartbeatTimeout


class TalksOnce(HeartbeatTimeout):
    name = "talks-once"
    runs = 0

    def started(self, now_us: int) -> None:
        super().started(now_us)
        TalksOnce.runs += 1
        for _ in range(500 if TalksOnce.runs == 1 else 0):
            self.tell()
"""


@pytest.mark.parametrize("entry", BROKEN)
def test_a_broken_entry_is_replayed_shrunk_and_explained(
    call: Call, folder: Path, entry: str
) -> None:
    (folder / "one.yaml").write_text(expecting(HELD, BROKEN[entry]), encoding="utf-8")
    assert call(*QUICK).code == 1
    (stored,) = (folder / ".oneroom" / "failures").glob("*.json")
    replayed = call("replay", stored.stem)
    assert replayed.code == 1
    assert f"FAILED  {stored.stem}  {entry}" in replayed.out
    explained = call("explain", stored.stem)
    assert explained.code == 0
    assert f"{entry} violated at" in explained.out
    shrunk = call("shrink", stored.stem, "--max-runs", "20")
    assert shrunk.code == 0
    assert f"{entry} violated" in shrunk.out


def test_a_failure_of_a_run_that_does_not_repeat_itself_has_no_cause(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "talks_once.py").write_text(TALKS_ONCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    (folder / "one.yaml").write_text(expecting(HELD, BROKEN["told"]), encoding="utf-8")
    called = call(*QUICK, "--policy", "talks_once:TalksOnce")
    assert called.code in (1, 4)
    assert 'nobody was told "something"' in called.out
    assert "of the cause chain" not in called.out, "the trace at hand is that of another run"
