"""Changed runs of windows that run an app's own JavaScript, through the command itself."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.project import ROOT
from tests.ui.test_command import started
from tests.ui.test_what_ifs import record_with

APP = ROOT / "harness" / "oneroom" / "javascript" / "voice.js"
SCENARIO = """\
scenario: the main window crashes in a call
why: a test
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 4s, crash: {window: main}}
"""


def ask(address: str, path: str, value: object) -> dict[str, Any]:
    parts = urlsplit(address)
    token = parse_qs(parts.query)["token"][0]
    request = urllib.request.Request(
        f"http://{parts.netloc}{path}", json.dumps(value).encode(), {"X-Oneroom-Token": token}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def test_a_crash_moves_in_windows_that_run_an_app(folder: Path) -> None:
    (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "voice.js").write_bytes(APP.read_bytes())
    with started(folder, "one.yaml", "--app", "voice.js") as (_, address):
        name = {"scenario": "one.yaml", "policy": "voice.js", "seed": 1}
        first = ask(address, "/what-if", {"name": name})
        assert first["run"]["policy"] == "voice.js"
        crash = record_with(first["run"], "crashes")
        change = {"record": crash, "at_us": 1_000_000}
        moved = ask(address, "/what-if", {"name": name, "changes": [change]})
        assert moved["changes"][0]["to_us"] == 1_000_000
        at_us = list(accumulate(moved["run"]["records"]["at"]))
        assert at_us[record_with(moved["run"], "crashes")] == 1_000_000
        assert moved["difference"] is not None
        saved = ask(address, "/save", {"name": name, "changes": [change], "file": "earlier"})
        assert saved["path"] == "scenarios/earlier.yaml"
        assert saved["command"].endswith("--app voice.js --seed 1")
        text = (folder / "scenarios" / "earlier.yaml").read_text(encoding="utf-8")
        assert "app: ../voice.js" in text
