"""`oneroom sweep` from the outside: what is printed, filed, refused, and returned to the shell."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from oneroom.checks.results import Result
from oneroom.cli import sweep_session
from oneroom.explore.sweep import costs
from oneroom.explore.sweep.plan import Cell
from tests.cli.conftest import Call
from tests.cli.test_timing import STANDS_STILL

# A longer lease leaves it in charge for longer.
STOPS = "stop: {window: main, lasts: 20s}"
QUICK = ("--seeds", "4", "--confirm", "2", "-j", "1")


def table(report: Path) -> list[dict[str, str]]:
    text = (report / "sweep.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def still(folder: Path) -> str:
    (folder / "still.yaml").write_text(STANDS_STILL, encoding="utf-8")
    return "still.yaml"


def test_a_lease_is_recommended_confirmed_and_filed(call: Call, still: str, folder: Path) -> None:
    stops = STANDS_STILL.replace("stall: {window: main, lasts: 2400ms}", STOPS)
    (folder / "stops.yaml").write_text(stops, encoding="utf-8")
    called = call("sweep", still, "stops.yaml", "--timing", "lease=1s..5s", "--points", "3", *QUICK)
    assert called.code == 0
    told = " ".join(called.out.split())
    assert "lease 3s: no violation in 8 runs" in told
    assert "lease 1s would save" in told
    assert "Confirmed with fresh seeds: no violation in 4 runs" in told
    latest = folder / "reports" / "latest"
    lines = table(latest)
    assert [line["lease_us"] for line in lines] == ["1000000", "3000000", "5000000"]
    assert "lease 3s" in (latest / "index.html").read_text(encoding="utf-8")
    assert (latest / "sweep.svg").read_text(encoding="utf-8").startswith("<svg")
    assert json.loads((latest / "run.json").read_text(encoding="utf-8"))["runs"] == 28


def test_the_same_call_has_the_same_answer_on_any_number_of_processes(
    call: Call, still: str, folder: Path
) -> None:
    def rows(*more: str) -> list[str]:
        out = call(
            *("sweep", still, "--timing", "lease=1s..4s", "--random", "--points", "2", "--json"),
            *("--seeds", "3", "--confirm", "0", "--environment", "busy-owner"),
            *more,
        ).out
        return out.splitlines()

    first = rows("-j", "1")
    assert first == rows("-j", "2")
    assert first != rows("-j", "1", "--seed", "2")
    assert json.loads(first[-1])["kind"] == "sweep"
    assert (folder / "reports" / "sweep" / "still--busy-owner.yaml").is_file()


def test_a_violation_is_repeated_by_its_command(call: Call, folder: Path) -> None:
    called = call("sweep", "scenarios/two.yaml", "--policy", "naive,web-lock-lease", *QUICK)
    assert called.code == 0
    assert "web-lock-lease" in called.out.splitlines()[2]
    called = call(
        *("sweep", "scenarios/two.yaml", "--policy", "naive", "--environment", "laptop-sleep"),
        *("--json", *QUICK),
    )
    assert called.code == 1
    told = json.loads(called.out.splitlines()[-1])
    assert told["sentence"].startswith("No setting is safe.")
    assert told["confirmation"].startswith("Not confirmed")
    command = told["recommended"]["first_violation"].split()[1:]
    assert "reports/sweep/two--laptop-sleep.yaml" in command
    assert call(*command, "--check-determinism", "0").code == 1


def test_pairs_that_contradict_each_other_are_left_out(call: Call, still: str) -> None:
    called = call(
        *("sweep", still, "--timing", "lease=1s..3s,heartbeat=1s..2s", "--points", "2"), *QUICK
    )
    assert called.code == 0
    assert "Left out: 1 of 4 settings, as `lease` (1s) is shorter than `heartbeat`" in called.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--timing", "leese=1s..2s"), "did you mean `lease`?"),
        (("--timing", "lease=100ms..500ms"), "`lease` (100ms) is shorter than `heartbeat` (1s)"),
        (("--timing", "lease=0s..2s"), "`lease` must be longer than 0"),
        (("--environment", "hidden-crome"), "did you mean `hidden-chrome`?"),
        (("--environment", "a,,b"), "it has an empty name"),
        (("--environment", "scenarios/held.yaml"), "`overlay` is no window of an environment"),
        (
            ("--timing", "lease=1s..2s,probe=1s..2s,claim=1s..2s", "--points", "100"),
            "100 values of 3 ranges are 1,000,000 settings",
        ),
    ],
)
def test_what_is_wrong_is_told(call: Call, still: str, arguments: tuple[str], told: str) -> None:
    called = call("sweep", still, *arguments)
    assert called.code == 2
    assert told in called.err


def test_an_app_has_no_time_outs_of_ours(call: Call, folder: Path) -> None:
    pytest.importorskip("quickjs")
    (folder / "app.js").write_text("setInterval(() => {}, 1000);\n", encoding="utf-8")
    refused = call("sweep", "scenarios/held.yaml", "--app", "app.js", "--timing", "lease=1s..2s")
    assert refused.code == 2
    assert "app.js is your own code, which has none of the time-outs" in refused.err
    called = call(
        *("sweep", "scenarios/held.yaml", "--app", "app.js", "--environment", "none,busy-owner"),
        *("--json", *QUICK),
    )
    rows = [json.loads(line) for line in called.out.splitlines()[:-1]]
    assert [row["environment"] for row in rows] == ["none", "busy-owner"]
    assert {row["setting"]["policy"] for row in rows} == {"app.js"}


def test_parquet_without_its_library_is_told_before_anything_runs(
    call: Call, still: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    called = call("sweep", still, "--parquet")
    assert called.code == 2
    assert "pip install 'oneroom[parquet]'" in called.err


def test_ctrl_c_keeps_what_is_done(
    call: Call, still: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(costs.Tally):
        def add(self, cell: Cell, result: Result) -> None:
            if self.runs == 5:
                raise KeyboardInterrupt
            super().add(cell, result)

    monkeypatch.setattr(sweep_session, "Tally", Interrupted)
    called = call("sweep", still, "--timing", "lease=2s..4s", "--points", "2", *QUICK)
    assert called.code == 130
    assert "interrupted; what was run until then is compared" in called.err
    assert "5 runs" in called.out
    lines = table(folder / "reports" / "latest")
    assert [line["runs"] for line in lines] == ["3", "2"]
