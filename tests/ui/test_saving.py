"""A changed run is kept as a scenario: a new file in the chosen folder, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oneroom.cli.main import invoke
from tests.project import ROOT
from tests.ui.client import Client
from tests.ui.test_what_ifs import asked, record_with

MUTE = (ROOT / "scenarios" / "negative" / "a-mute-dies-with-its-owner.yaml").read_text("utf-8")
NAME = {"scenario": "scenarios/mute.yaml", "policy": "web-lock-lease", "seed": 4}


@pytest.fixture(autouse=True)
def mute(folder: Path) -> Iterator[None]:
    (folder / "scenarios" / "mute.yaml").write_text(MUTE, encoding="utf-8")
    yield
    written = {path.relative_to(folder).parts[0] for path in folder.iterdir()}
    assert written <= {"scenarios", "kept", "elsewhere", "reports", ".oneroom"}


def saved(client: Client, file: str, *changes: tuple[int, int]) -> tuple[int, Any]:
    said = [{"record": record, "at_us": at_us} for record, at_us in changes]
    answer = client.post("/save", {"name": NAME, "changes": said, "file": file})
    return answer.status, answer.value


def test_a_run_that_still_breaks_is_kept_with_its_schedule_and_its_draws(
    client: Client, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crash = record_with(asked(client, NAME)["run"], "crashes")
    status, value = saved(client, "mute-is-lost", (crash, 6_002_000))
    assert status == 200
    assert value["path"] == "kept/mute-is-lost.yaml"
    text = (folder / "kept" / "mute-is-lost.yaml").read_text(encoding="utf-8")
    assert "at: 6.002s, crash" in text
    assert "expect" not in text
    first, second = text.splitlines()[:2]
    assert first == "# Of scenarios/mute.yaml, seed 4, with:"
    assert second == "#   step crash main: 6.001031 s to 6.002000 s"
    assert value["replay"] == "oneroom replay kept/mute-is-lost.json"
    assert invoke(("replay", "kept/mute-is-lost.json")) == 1
    assert "FAILED" in capsys.readouterr().out
    assert value["repeats"]
    assert invoke(tuple(value["command"].split()[1:])) == 1


def test_a_run_that_holds_is_kept_and_holds(client: Client) -> None:
    crash = record_with(asked(client, NAME)["run"], "crashes")
    status, value = saved(client, "later", (crash, 9_000_000))
    assert (status, value["replay"], value["repeats"]) == (200, "", True)
    assert invoke(tuple(value["command"].split()[1:])) == 0


def test_a_file_that_is_there_stays(client: Client, folder: Path) -> None:
    assert saved(client, "mine")[0] == 200
    before = (folder / "kept" / "mine.yaml").read_bytes()
    status, value = saved(client, "mine")
    assert (status, value["error"]) == (
        400,
        "kept/mine.yaml is there already; choose another name",
    )
    assert (folder / "kept" / "mine.yaml").read_bytes() == before
    (folder / "kept" / "draws.json").write_text("mine", encoding="utf-8")
    assert saved(client, "draws")[0] == 400
    assert not (folder / "kept" / "draws.yaml").exists()
    (folder / "kept" / "link.yaml").symlink_to(folder / "elsewhere")
    assert saved(client, "link")[0] == 400
    assert not (folder / "elsewhere").exists()


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../out", "a/b", "a\\b", "/etc/x", "A", "ü", "a\n", "a\0", "-x", "a" * 64],
)
def test_no_name_leads_out_of_the_folder(client: Client, folder: Path, name: str) -> None:
    status, value = saved(client, name)
    assert status == 400
    assert "small letters" in value["error"]
    assert not (folder / "kept").exists()


def test_a_disk_that_takes_nothing_is_told(client: Client, folder: Path) -> None:
    (folder / "kept").write_text("a file", encoding="utf-8")
    status, value = saved(client, "mine")
    assert status == 400
    assert "cannot be written" in value["error"] or "is there already" in value["error"]


def test_no_name_in_the_run_becomes_a_line_of_the_file(client: Client, folder: Path) -> None:
    hostile = MUTE.replace("channel: lobby", 'channel: "a\\nwindows: {x: 1}\\u202e</script>"')
    (folder / "scenarios" / "mute.yaml").write_text(hostile, encoding="utf-8")
    crash = record_with(asked(client, NAME)["run"], "connect")
    status, _ = saved(client, "hostile", (crash, 2_500_000))
    assert status == 200
    assert invoke(("lint", "kept/hostile.yaml")) == 0
    text = (folder / "kept" / "hostile.yaml").read_text(encoding="utf-8")
    assert text.count("\nwindows:") == 1
