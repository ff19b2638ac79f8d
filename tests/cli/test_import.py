"""`oneroom import`: what is written, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.project import ROOT
from tests.repo.shown_commands import blocks

PAGE = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
LOG = next(block.text for block in blocks(PAGE) if block.language == "js")
MADE = next(block.text for block in blocks(PAGE) if block.language == "yaml")
MAPPED = ("--key", "time=ts", "--event", "joined=connect")


@pytest.fixture
def log(folder: Path) -> str:
    (folder / "app.ndjson").write_text(LOG, encoding="utf-8")
    return "app.ndjson"


def test_the_log_of_the_page_becomes_its_scenario(call: Call, log: str) -> None:
    called = call("import", "ndjson", log, *MAPPED)
    assert (called.code, called.err) == (0, "")
    assert called.out.rstrip() == MADE.rstrip()


def test_what_is_written_runs(call: Call, log: str) -> None:
    called = call("import", "ndjson", log, *MAPPED, "-o", "scenarios/report.yaml")
    assert (called.code, called.out) == (0, "")
    assert called.err == "scenarios/report.yaml written: 3 steps of 3 observations\n"
    assert call("lint", "scenarios/report.yaml").code == 0
    assert call("import", "ndjson", log, *MAPPED, "-o", "missing/report.yaml").code == 6


def test_all_bad_lines_are_told_and_nothing_is_written(call: Call, log: str) -> None:
    Path(log).write_text(LOG + "{\nnull\n", encoding="utf-8")
    called = call("import", "ndjson", log, *MAPPED[:2], "-o", "made.yaml")
    assert called.code == 2
    assert called.err == (
        "app.ndjson:1: `joined` is no step; --event joined=STEP, or =-\n"
        "app.ndjson:4: no JSON object\n"
        "app.ndjson:5: no JSON object\n"
        "\nnothing was imported.\n"
    )
    assert not Path("made.yaml").exists()


def test_bad_lines_of_another_program_do_not_hold_up_the_rest(call: Call, folder: Path) -> None:
    line = {"ts": 1.7e9, "msg": "starting RTC session", "participant": "a", "participantID": "P"}
    text = f"starting RTC session\n{json.dumps(line)}\n"
    (folder / "server.log").write_text(text, encoding="utf-8")
    called = call("import", "server-log", "server.log")
    assert called.code == 0
    assert "server.log:1: neither JSON nor" in called.err
    assert "connect: {window: main" in called.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["har", "missing.har"], "missing.har cannot be read"),
        (["pcap", "app.ndjson"], "'pcap' is not one of"),
        (["har", "app.ndjson"], "app.ndjson: no HAR: there is no list `log.entries`"),
        (["har", "app.ndjson", "--identity", "ada"], "--identity is for server-log"),
        (["har", "app.ndjson", "--event", "a=b"], "--event is for ndjson"),
        (["har", "app.ndjson", "--token-path", "("], "is no regular expression"),
        (["ndjson", "app.ndjson", "--key", "zeit=ts"], "keys are time, window, event"),
        (["ndjson", "app.ndjson", "--key", "ts"], "'ts' is no pair; write name=other"),
    ],
)
def test_what_cannot_be_imported_is_refused(
    call: Call, log: str, words: list[str], said: str
) -> None:
    called = call("import", *words)
    assert called.code == 2
    assert said in called.err
