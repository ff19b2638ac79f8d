"""`oneroom verify`: the neighbourhood of a failure before a change and after it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oneroom.choices.choices import Choices
from oneroom.cli.stored_failures import find
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.neighbourhood import neighbourhood
from oneroom.explore.replay import scenario_of
from oneroom.explore.replay_token import encode
from oneroom.explore.store import Store
from oneroom.scenario import Scenario
from tests.cli.conftest import Call
from tests.cli.test_app import APP, SCENARIO
from tests.project import BARE_ENVIRONMENT, ONEROOM

POLICY = """\
from oneroom.policies.naive import Naive
from oneroom.policies.web_lock_lease import WebLockLease

class Mine({}):
    pass
"""
QUICK = ("--runs", "10", "-j", "1")


def kept(folder: Path, check: str) -> str:
    """The ID of the stored failure of a check."""
    files = (folder / ".oneroom" / "failures").glob("*.json")
    return next(file.stem for file in files if json.loads(file.read_text())["check"] == check)


def ask_for_chat(folder: Path, name: str) -> None:
    """Let a stored failure be of a check that nothing breaks."""
    path = folder / ".oneroom" / "failures" / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"check": "single_room"', '"check": "chat_once"'), "utf-8")


def test_an_app_is_run_as_it_was_stored_beside_what_it_is_now(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "voice.js").write_bytes(APP.read_bytes())
    call("run", "one.yaml", "--app", "voice.js", "--seeds", "2", "-j", "1")
    name = kept(folder, "single_room")
    still = call("verify", name, *QUICK)
    assert still.code == 1
    assert (
        "its schedule, a few draws changed  10 of 10 (100 %, 95 % CI 72–100) → 10 of 10 ("
        in still.out
    )
    assert "  fresh seeds                        10 of 10 (100 %" in still.out
    assert "STILL FAILS  in 20 of 20 runs" in still.out
    (folder / "voice.js").write_text("// joins no call\n", encoding="utf-8")
    gone = call("verify", name, *QUICK)
    assert gone.code == 0
    assert "  fresh seeds                        10 of 10 (100 %" in gone.out
    assert "95 % CI 72–100) → 0 of 10 (at most 26 %)" in gone.out
    assert "FIXED  in none of 20 runs: at most 14 % fail (95 %)" in gone.out
    (folder / "voice.js").unlink()
    missing = call("verify", name, *QUICK)
    assert (missing.code, "voice.js cannot be read" in missing.err) == (2, True)


def oneroom(*words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which imports a changed policy anew."""
    return subprocess.run(
        (*ONEROOM, *words), env=BARE_ENVIRONMENT, capture_output=True, text=True, check=False
    )


def test_of_a_policy_the_first_count_stands_for_before(call: Call, folder: Path) -> None:
    module = folder / "mine.py"
    module.write_text(POLICY.format("Naive"), encoding="utf-8")
    oneroom("run", "scenarios/two.yaml", "--policy", "mine:Mine", "--seeds", "1", "-j", "1")
    name = kept(folder, "single_room")
    first = oneroom("verify", name, *QUICK)
    assert (first.returncode, first.stderr) == (1, "")
    assert "fresh seeds                        not counted before → 10 of 10" in first.stdout
    module.write_text(POLICY.format("WebLockLease"), encoding="utf-8")
    shutil.rmtree(folder / "__pycache__")
    mended = oneroom("verify", name, "--runs", "30", "-j", "1", "--json")
    assert (mended.returncode, mended.stderr) == (0, "")
    told = json.loads(mended.stdout)
    assert told["before"] == {"near_broken": 10, "near": 10, "fresh_broken": 10, "fresh": 10}
    assert told["now"] == {"near_broken": 0, "near": 30, "fresh_broken": 0, "fresh": 30}
    assert call("failures", "forget", name).code == 0
    assert not list((folder / ".oneroom" / "counts").iterdir())


def test_only_the_stored_check_counts(call: Call, folder: Path) -> None:
    call("run", "scenarios/two.yaml", "--policy", "naive", "--seeds", "3..3", "-j", "1")
    name = kept(folder, "single_room")
    ask_for_chat(folder, name)
    other = call("verify", name, *QUICK)
    assert other.code == 0
    assert "fresh seeds                        not counted before → 0 of 10" in other.out
    assert "HOLDS  in none of 20 runs" in other.out
    assert "how often it failed before was not counted" in other.out
    assert not (folder / ".oneroom" / "counts").exists()


def test_a_failure_that_never_showed_in_its_neighbourhood_proves_nothing(
    call: Call, folder: Path
) -> None:
    (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "voice.js").write_bytes(APP.read_bytes())
    call("run", "one.yaml", "--app", "voice.js", "--seeds", "1", "-j", "1")
    name = kept(folder, "single_room")
    ask_for_chat(folder, name)
    called = call("verify", name, *QUICK)
    assert called.code == 3
    assert "UNPROVEN  in none of 20 runs" in called.out
    assert "but it failed in none of 20 before either" in called.out


def test_the_seed_that_was_found_is_not_among_the_fresh_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    call("run", "scenarios/two.yaml", "--policy", "naive", "--seeds", "3..3", "-j", "1")
    made: list[tuple[int, bool]] = []

    def seen(
        scenario: Scenario, policy: str, seed: int, choices: Choices | None = None
    ) -> JudgedRun:
        made.append((seed, choices is None))
        return run_judged(scenario, policy, seed, choices)

    monkeypatch.setattr("oneroom.explore.plan.run_judged", seen)
    stored = Store().load(kept(folder, "single_room"))
    count = neighbourhood(scenario_of(stored), "naive", stored, 5, 1)
    assert [seed for seed, fresh in made if fresh] == [1, 2, 4, 5, 6]
    assert (count.fresh, count.near) == (5, 5)


def test_a_token_or_a_file_of_somebody_is_refused(call: Call, folder: Path) -> None:
    call("run", "scenarios/two.yaml", "--policy", "naive", "--seeds", "1", "-j", "1")
    stored = Store().load(Store().ids()[0])
    for name in (encode(stored), f".oneroom/failures/{stored.id}.json"):
        called = call("verify", name, *QUICK)
        assert called.code == 2
        assert "name a failure that is stored here by its ID" in called.err
        assert find(name).id == stored.id
    assert re.search(r"did you mean \w+\?|stored are", call("verify", "nosuch").err)
