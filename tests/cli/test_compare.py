"""`oneroom compare`: both directions, for policies, apps and commits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_app import APP, SCENARIO
from tests.explore.texts import TWO_ROOMS
from tests.project import BARE_ENVIRONMENT, ONEROOM, hear_signals

QUICK = ("--seeds", "4", "-j", "1")
POLICY = """\
from oneroom.policies.naive import Naive
from oneroom.policies.web_lock_lease import WebLockLease

class Mine({}):
    pass
"""


def git(*arguments: str) -> str:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ("git", *settings, *arguments), check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def repository(folder: Path) -> Path:
    """The present folder as a repository with two commits: a policy, and an app, that hold and, in
    the second one, break.
    """
    (folder / ".gitignore").write_text(".oneroom\nreports\n__pycache__\n", encoding="utf-8")
    (folder / "mine.py").write_text(POLICY.format("WebLockLease"), encoding="utf-8")
    (folder / "app.js").write_text("// does nothing\n", encoding="utf-8")
    (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    (folder / "mine.py").write_text(POLICY.format("Naive"), encoding="utf-8")
    (folder / "app.js").write_bytes(APP.read_bytes())
    git("commit", "-qam", "second")
    return folder


def test_a_worse_policy_is_worse_and_the_other_way_round_is_better(call: Call) -> None:
    worse = call("compare", "web-lock-lease", "naive", "scenarios/two.yaml", *QUICK)
    assert worse.code == 1
    assert "naive is worse than web-lock-lease in 4 of 4 runs" in worse.out
    assert "single_room                               4           0" in worse.out
    assert "    oneroom run scenarios/two.yaml --policy naive --seed 1" in worse.out
    back = call(
        "compare", "naive", "web-lock-lease", "scenarios/two.yaml", *QUICK, "--fail-if-worse=checks"
    )
    assert back.code == 0
    assert "single_room                               0           4" in back.out
    assert back.out.splitlines()[-1].startswith("NOT WORSE  ")


def test_a_version_beside_itself_differs_in_nothing(call: Call) -> None:
    same = call("compare", "naive", "naive", *QUICK, "--fail-if-worse", "any")
    assert same.code == 0
    assert "no check, no limit and no entry of the ledger differs" in same.out
    assert "worse than naive in 0 of 8 runs, better in 0" in same.out


def test_the_ledger_alone_is_enough_to_be_worse(call: Call, repository: Path) -> None:
    once = ("one.yaml", "--seeds", "30", "-j", "1", "--json")
    told = json.loads(call("compare", "naive", "web-lock-lease", *once).out)
    keys = {one["key"]: one for one in told["ledger"]}
    assert not any(one["newly_broken"] for one in told["checks"])
    worse = [key for key, one in keys.items() if one["beyond_chance"]]
    assert worse, "the safe policy has its price"
    assert (told["verdict"], told["exit_code"]) == ("worse", 1)
    first = keys[worse[0]]
    assert first["worst"] >= first["p95"] >= first["median"]
    assert call("compare", "naive", "web-lock-lease", *once, "--fail-if-worse", "checks").code == 0
    longer = call("compare", "naive", "web-lock-lease", *once, "--tolerance", "1h")
    late = [one for one in json.loads(longer.out)["ledger"] if one["key"].endswith("_ms")]
    assert not any(one["worse"] for one in late)


def test_two_apps_are_compared(call: Call, repository: Path) -> None:
    (repository / "nothing.js").write_text("// nothing\n", encoding="utf-8")
    called = call("compare", "nothing.js", "app.js", "one.yaml", *QUICK)
    assert called.code == 1
    assert "    oneroom run one.yaml --app app.js --seed 1" in called.out


def test_an_app_is_compared_with_that_of_a_commit(call: Call, repository: Path) -> None:
    called = call("compare", "app.js@git:HEAD~1", "app.js", "one.yaml", *QUICK)
    assert called.code == 1
    assert "single_room " in called.out
    back = call("compare", "app.js", "app.js@git:HEAD~1", "one.yaml", *QUICK)
    assert "single_room                               0           4" in back.out
    assert not (repository / ".oneroom").exists()
    assert git("worktree", "list").count("\n") == 1
    assert git("status", "--porcelain") == ""


def test_a_policy_is_compared_with_that_of_a_commit(repository: Path) -> None:
    (repository / "two.yaml").write_text(TWO_ROOMS, encoding="utf-8")
    words = ("compare", "mine:Mine@git:HEAD~1", "mine:Mine", "two.yaml", *QUICK)
    called = subprocess.run(
        (*ONEROOM, *words), env=BARE_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert (called.returncode, called.stderr) == (1, "")
    assert "mine:Mine is worse than mine:Mine@git:HEAD~1 in 4 of 4 runs" in called.stdout
    assert git("worktree", "list").count("\n") == 1


def test_an_interrupted_comparison_leaves_no_commit_behind(repository: Path) -> None:
    words = ("compare", "app.js@git:HEAD", "app.js", "one.yaml", "--seeds", "1000000", "-j", "1")
    child = subprocess.Popen(
        (*ONEROOM, *words), env=BARE_ENVIRONMENT, preexec_fn=hear_signals, stderr=subprocess.PIPE
    )
    end_s = time.monotonic() + 60
    lock = repository / ".git" / "worktrees" / "tree" / "index.lock"
    while lock.exists() or not list(repository.glob(".oneroom/commit-*/tree/one.yaml")):
        assert child.poll() is None
        assert time.monotonic() < end_s
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGINT)
    _, said = child.communicate()
    assert child.returncode == 130, said.decode()
    assert not (repository / ".oneroom").exists()
    assert git("worktree", "list").count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("naive", "app.js@git:"), "names no version"),
        (("naive", "app.js@git:nosuch"), "app.js@git:nosuch: there is no commit 'nosuch'"),
        (("naive", "mine:Yours@git:HEAD"), "mine:Yours@git:HEAD: its runs ended with exit code 2"),
        (("naive", "naive@git:HEAD"), "oneroom is imported from"),
        (("naive", "hartbeat"), "did you mean heartbeat?"),
        (("naive", "hartbeat"), "Invalid value for REFERENCE or CANDIDATE"),
    ],
)
def test_a_version_that_is_not_there_is_told(
    call: Call, repository: Path, words: tuple[str, str], said: str
) -> None:
    called = call("compare", *words, "one.yaml", *QUICK)
    assert called.code == 2
    assert said in called.err
