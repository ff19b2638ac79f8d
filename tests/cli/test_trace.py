"""`oneroom trace`: records of a run, chosen, printed, and exported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_explain import stored

HELD = "scenarios/held.yaml"
LINE = re.compile(r" +(?P<at>\d+\.\d{3}) s  (?P<text>.+)")


def lines(text: str) -> list[tuple[float, str]]:
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    return [(float(one["at"]), one["text"]) for one in found if one is not None]


def test_every_record_is_a_line(call: Call) -> None:
    called = call("trace", HELD)
    assert called.code == 0
    records = call("show", HELD, "--json").out.splitlines()
    assert len(lines(called.out)) == len(called.out.splitlines()) == len(records) - 1


def test_records_are_chosen_by_text_window_and_time(call: Call) -> None:
    everything = lines(call("trace", HELD).out)
    assert lines(call("trace", HELD, "--grep", "ROOM").out) == [
        one for one in everything if "room" in one[1].lower()
    ]
    of_window = lines(call("trace", HELD, "--window", "overlay").out)
    assert 0 < len(of_window) < len(everything)
    assert all("overlay" in text for _, text in of_window)
    around = lines(call("trace", HELD, "--around", "2s").out)
    assert around == [one for one in everything if 1 <= one[0] <= 3]
    between = lines(call("trace", HELD, "--around", "2s..2500ms", "--grep", "draws").out)
    assert between == [one for one in everything if 2 <= one[0] <= 2.5 and "draws" in one[1]]


def test_a_line_of_json_for_each_chosen_record(call: Call) -> None:
    called = call("trace", HELD, "--json", "--window", "sfu", "--seed", "3")
    found = [json.loads(line) for line in called.out.splitlines()]
    assert found
    assert {one["where"] for one in found} == {"sfu"}
    assert called.out == call("trace", HELD, "--format", "json", "--window=sfu", "--seed=3").out


def test_a_run_that_was_violated_is_exported_all_the_same(call: Call) -> None:
    called = call("trace", stored(call), "--format", "mermaid")
    assert called.code == 0
    assert called.out.startswith("sequenceDiagram\n")


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("perfetto", b"\n"),
        ("shiviz", b"0.000000 s: "),
        ("mermaid", b"sequenceDiagram"),
        ("svg", b"<svg "),
    ],
)
def test_a_format_is_written_to_a_file(call: Call, form: str, begins: bytes) -> None:
    called = call("trace", HELD, "--format", form, "-o", "run.out")
    assert (called.code, called.out, called.err) == (0, "", "run.out written\n")
    assert Path("run.out").read_bytes().startswith(begins)
    assert call("trace", HELD, "--format", form, "-o", "missing/run.out").code == 6


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--window", "overlai"], "'overlai' is none of main, overlay"),
        (["--around", "soon"], "`soon` is not a duration"),
        (["--format", "svg", "--grep", "x"], "leave out --grep, --window and --around"),
        (["--format", "svgz"], "'svgz' is not one of"),
    ],
)
def test_what_cannot_be_shown_is_refused(call: Call, options: list[str], said: str) -> None:
    called = call("trace", HELD, *options)
    assert called.code == 2
    assert said in called.err
