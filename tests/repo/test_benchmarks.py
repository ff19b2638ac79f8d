"""The bench measures the work that it says it measures.

Rules: nothing about speed here; a test that depends on the machine is no test.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.election import bare_heap, compare, work
from tests.project import ROOT

DONE = work.Outcome(posted=964, lost=45, delivered=919, elections=2, owners=(1,))


@pytest.mark.parametrize("seed", range(20))
def test_the_bare_heap_does_the_work(seed: int) -> None:
    outcome = bare_heap.run(seed)
    assert work.check(outcome) > 0
    assert bare_heap.run(seed) == outcome


def test_seeds_differ() -> None:
    assert len({bare_heap.run(seed) for seed in range(20)}) > 5


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(DONE._replace(owners=()), id="nobody owns"),
        pytest.param(DONE._replace(owners=(1, 2)), id="two own"),
        pytest.param(DONE._replace(elections=1), id="no second election"),
        pytest.param(DONE._replace(lost=44), id="a message vanished"),
        pytest.param(DONE._replace(posted=545, delivered=500), id="half the work"),
    ],
)
def test_work_left_undone_is_noticed(spoilt: work.Outcome) -> None:
    assert work.check(DONE) == DONE.delivered
    with pytest.raises(work.WorkNotDoneError):
        work.check(spoilt)


def test_ratios_are_taken_within_a_round() -> None:
    base = compare.Series(compare.BASE, "3.11.0", [100.0, 200.0], [1])
    ours = compare.Series(compare.OURS, "3.11.0", [50.0, 50.0], [1])
    assert compare.ratios(ours, base) == [0.5, 0.25]
    assert "0.375 (0.250..0.500)" in compare.table([base, ours])
    assert compare.bars([base, ours]) == "oneroom to bare heap 0.38 (bar 0.15)"


def test_an_arm_that_delivers_something_else_is_refused() -> None:
    base = compare.Series(compare.BASE, "3.11.0", [100.0], [1_089, 1_103])
    peer = compare.Series(compare.PEER, "3.12.0", [10.0], [1_089, 1_104])
    with pytest.raises(compare.BenchError, match=r"not the same work$"):
        compare.check_same_work([base, peer])


@pytest.mark.parametrize("arm", compare.PEERS)
def test_a_peer_that_is_not_installed_is_left_out_with_a_reason(arm: str) -> None:
    # The project's own environment never has the peers.
    command = [sys.executable, "-m", "benchmarks.election.child", arm, "0"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == {"unavailable": f"{arm.removesuffix('_arm')} is not installed"}


def test_an_environment_that_was_not_made_to_its_end_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(compare, "PEER_VENV", tmp_path)
    assert compare.interpreter() is None
    measured, left_out = compare.measure_all(1, 0.01)
    assert [one.arm for one in measured] == [compare.BASE, compare.OURS], (
        "what needs no peer is measured all the same"
    )
    assert set(left_out) == set(compare.PEERS)
    (tmp_path / ".made-from").touch()
    assert compare.interpreter() == tmp_path / "bin" / "python"


def test_oneroom_is_measured_on_the_libraries_that_it_is_tested_with() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        return {line for line in lines if "==" in line}

    simulators = {
        line for line in pins("peers.txt") if line.startswith(("seedloop", "simloop", "simloom"))
    }
    assert len(simulators) == len(compare.PEERS)
    assert pins("peers.txt") - simulators <= pins("dev.txt")
