"""A search is started and followed: progress while it runs, failures as they are stored, its
end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from oneroom.report.progress_file import NAME, running
from tests.ui.client import Client
from tests.ui.test_command import started

SEARCH = ("--policy", "naive", "--continue-on-failure")
ENDLESS = {"command": "fuzz", "policies": ["naive"], "seconds": 3600}


def test_a_search_tells_its_runs_and_its_failures_and_its_end(client: Client) -> None:
    with client.events() as events:
        assert next(events) == ("idle", {})
        assert client.post("/search", ENDLESS).status == 200
        seen: dict[str, list[Any]] = {"progress": [], "failures": []}
        for name, value in events:
            if name == "end":
                break
            seen[name].append(value)
            if len(seen["progress"]) >= 2 and seen["failures"]:
                assert client.post("/stop", {}).status == 200
    first, *_, last = seen["progress"]
    assert first["own"]
    assert 0 < first["runs"] < last["runs"]
    assert {cell["policy"] for cell in last["cells"]} == {"naive"}
    assert sum(cell["failed"] for cell in last["cells"]) == last["failed"] > 0
    ids = [failure["id"] for failures in seen["failures"] for failure in failures]
    assert len(ids) == len(set(ids)) > 0
    assert value["code"] == 130
    assert client.post("/what-if", {"name": {"id": ids[0]}}).value["verdict"] == "violated"
    assert list(Path("reports").glob(f"runs/*/{NAME}")) == []


def test_one_search_at_a_time(client: Client) -> None:
    assert client.post("/search", ENDLESS).status == 200
    answer = client.post("/search", ENDLESS)
    assert (answer.status, answer.value["error"]) == (
        400,
        "a search is running already; stop it first",
    )


def test_a_search_of_a_terminal_is_followed(client: Client, folder: Path) -> None:
    with client.events() as events:
        next(events)
        with started(folder, *SEARCH, command="fuzz") as (process, _):
            name, value = next(events)
            assert (name, value["own"]) == ("progress", False)
            assert "fuzz --policy naive" in value["line"]
            process.send_signal(signal.SIGINT)
            process.wait(60)
        assert any(name == "end" for name, _ in events)


@pytest.mark.parametrize(
    "wanted",
    [
        {"command": "rm"},
        {"command": "run", "scenarios": ["../../etc/passwd"]},
        {"command": "run", "scenarios": ["--app=x"]},
        {"command": "run", "policies": ["os:system"]},
        {"command": "fuzz", "seconds": 0},
        {"command": "run", "seeds": 100_001},
    ],
)
def test_what_is_no_search_is_refused(client: Client, wanted: dict[str, Any]) -> None:
    assert client.post("/search", wanted).status == 400
    assert running(Path("reports")) is None


def test_what_cannot_be_run_says_why(client: Client, folder: Path) -> None:
    (folder / "scenarios" / "held.yaml").write_text("scenario: [", encoding="utf-8")
    with client.events() as events:
        next(events)
        client.post("/search", {"command": "run", "scenarios": ["scenarios/held.yaml"]})
        name, value = next(events)
    assert (name, value["code"]) == ("end", 2)
    assert "scenarios/held.yaml:" in value["told"]


def test_a_progress_that_a_dead_process_has_left_is_none(folder: Path) -> None:
    left = folder / "reports" / "runs" / "x"
    left.mkdir(parents=True)
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    for text in (
        "{",
        "{}",
        f'{{"pid": {gone.pid}, "line": "", "started_s": 1, "now_s": 1, '
        '"runs": 1, "failed": 0, "cells": []}',
    ):
        (left / NAME).write_text(text, encoding="utf-8")
        assert running(folder / "reports") is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_that_it_started_is_left(folder: Path, number: signal.Signals) -> None:
    with started(folder) as (process, address):
        parts = urlsplit(address)
        request = urllib.request.Request(
            f"http://{parts.netloc}/search",
            json.dumps(ENDLESS).encode(),
            {"X-Oneroom-Token": parse_qs(parts.query)["token"][0]},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            pid = json.loads(answer.read())["pid"]
        while (said := running(folder / "reports")) is None:
            time.sleep(0.05)
        assert said.pid == pid
        assert alive_in(pid)
        os.kill(process.pid, number)
        process.wait(60)
        until_s = time.monotonic() + 30
        while alive_in(pid) and time.monotonic() < until_s:
            time.sleep(0.05)
        assert alive_in(pid) == []


def alive_in(session: int) -> list[str]:
    """The processes of a session that have not ended."""
    found = []
    for one in Path("/proc").iterdir():
        try:
            state, _, _, own = (one / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if state != "Z" and int(own) == session:
            found.append(one.name)
    return found
