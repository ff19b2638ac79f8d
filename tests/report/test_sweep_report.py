"""A sweep as words, CSV, picture and page."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree as Xml

import msgspec
import pytest

from oneroom.checks.sweep_results import Setting, SweepResult, SweepRow
from oneroom.report import sweep_file, sweep_svg, sweep_text
from oneroom.report.html import sweep_page
from oneroom.report.style import PLAIN

ROWS = (
    SweepRow(Setting("a", {"lease": 2_000_000}), "none", 2_000, 0, 500, 2_700, 3.4, 0.0, 1.5),
    SweepRow(Setting("a", {"lease": 4_000_000}), "none", 2_000, 0, 500, 4_600, 0.4, 0.0, 1.5),
    SweepRow(
        *(Setting("a<b>", {"heartbeat": 500_000}), "none", 2_000, 5, 0, 900, 0.0, 7.5, 3.0),
        "oneroom run x.yaml --seed 7",
    ),
)
SWEEP = SweepResult(ROWS, ROWS, (0, 1, 2), 1, 0)


def test_the_sentence_has_the_price() -> None:
    one_policy = SweepResult(ROWS[:2], ROWS[:2], (0, 1), 1, 0)
    assert sweep_text.sentence(one_policy) == (
        "lease 4s: no violation in 2,000 runs (at most 1,500 per million), 4.6 s without an owner "
        "at p99, 0.4 calls torn down in 100 runs; lease 2s would save 1.9 s and tears down 3.0 "
        "more."
    )
    assert sweep_text.sentence(SWEEP).startswith("a, lease 4s: ")


def test_nothing_is_safe() -> None:
    unsafe = SweepResult(ROWS[2:], ROWS[2:], (0,), 0, -1)
    told = sweep_text.sentence(unsafe)
    assert told.startswith("No setting is safe. The least unsafe is heartbeat 500ms: 5 violations")
    assert told.endswith("Repeat a violation: oneroom run x.yaml --seed 7")


def test_fresh_runs_confirm_or_do_not() -> None:
    held = msgspec.structs.replace(SWEEP, confirmed=ROWS[1])
    assert sweep_text.confirmation(held).startswith("Confirmed with fresh seeds: no violation")
    broken = msgspec.structs.replace(SWEEP, confirmed=ROWS[2])
    assert sweep_text.confirmation(broken).startswith("Not confirmed with fresh seeds: 5 viol")
    assert sweep_text.confirmation(SWEEP) == ""


def test_the_table_marks_front_and_recommended() -> None:
    lines = sweep_text.table(SWEEP, PLAIN).splitlines()
    assert [line[0] for line in lines[1:4]] == ["*", ">", "*"]
    assert "1,100 to 5,800" in lines[3]
    assert "environment" not in lines[0]
    assert lines[0].split()[0] == "policy"


def test_csv(tmp_path: Path) -> None:
    sweep_file.write_csv(tmp_path / "sweep.csv", ROWS)
    lines = list(csv.DictReader((tmp_path / "sweep.csv").read_text(encoding="utf-8").splitlines()))
    assert [line["lease_us"] for line in lines] == ["2000000", "4000000", ""]
    assert lines[2]["heartbeat_us"] == "500000"
    assert lines[2]["violations_per_million"] == "2500.0"
    assert lines[0]["calls_torn_down_per_100_runs"] == "3.4"


def test_parquet_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(sweep_file.ParquetMissing, match=r"pip install 'oneroom\[parquet\]'"):
        sweep_file.check_parquet()


def test_the_picture_has_every_setting() -> None:
    picture = Xml.fromstring(sweep_svg.render(SWEEP, "a & b"))
    space = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"{space}g")) == len(ROWS)
    kinds = [one.get("class") for one in picture.iter()]
    assert kinds.count("best") == 1
    assert kinds.count("dot front") == 2
    assert kinds.count("bad") == 1
    assert "prefers-color-scheme:dark" in sweep_svg.render(SWEEP, "a")


def test_the_page_has_the_picture_as_a_table_and_no_markup_of_names() -> None:
    page = sweep_page.render(SWEEP, "oneroom sweep <x>", ["interrupted"])
    assert "<b>" not in page
    assert "oneroom sweep &lt;x&gt;" in page
    assert page.count('<th scope="col">') == 2 * (len(sweep_text.HEADS) + 1)
    assert page.count("<tr") == 2 * (1 + len(ROWS))
    assert "<p>interrupted</p>" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
