"""`oneroom run --core ts`: the owner machine of oneroom-core in the windows, and the same runs."""

from __future__ import annotations

import re
import subprocess

from oneroom.javascript.typescript_core import POLICIES
from tests.project import ONEROOM, ROOT
from tests.typescript.test_stories import POLICIES as WRITTEN

RUN = ("run", "scenarios/stage1/main-crashes.yaml", "--seeds", "2", "--json")


def run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [*ONEROOM, *RUN, *options]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)


def digests(said: str) -> list[str]:
    return re.findall(r'"digest":"(\w+)"', said)


def test_runs_are_the_same_on_both_cores() -> None:
    python, typescript = run(), run("--core", "ts", "-j", "2")
    assert typescript.returncode == 0, typescript.stderr
    assert len(digests(python.stdout)) == 2
    assert digests(typescript.stdout) == digests(python.stdout)
    assert "--core ts" in typescript.stdout, "the command that repeats a run"


def test_a_policy_that_is_not_there_is_left_out() -> None:
    none = run("--core", "ts", "--policy", "heartbeat")
    assert "whose policy is not in oneroom-core" in none.stderr
    assert none.returncode != 0


def test_the_policies_are_those_that_are_written() -> None:
    assert set(POLICIES) == WRITTEN
