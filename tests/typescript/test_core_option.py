"""`oneroom run --core ts`: the owner machine of oneroom-core in the windows, and the same runs."""

from __future__ import annotations

import re
import subprocess

import msgspec
import pytest

from oneroom.checks.results import Failure
from oneroom.explore.judged_run import run_judged
from oneroom.explore.replay import replay
from oneroom.explore.stored_failure import stored_failure
from oneroom.explore.vocabulary import vocabulary
from oneroom.javascript.script_error import ScriptError
from oneroom.javascript.typescript_core import POLICIES
from oneroom.scenario import parse
from oneroom.scenario.bundle import Bundle
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


def test_a_failure_is_replayed_on_its_core(core_bundle: Bundle) -> None:
    text = (
        "scenario: a limit that no run keeps\nwhy: a test\nwindows:\n"
        "  main: {kind: main, opens: 0s}\nsteps:\n"
        "  - {at: 2s, connect: {window: main, channel: lobby}}\n"
        "expect: {elections: 0}\n"
    )
    scenario = parse(text, vocabulary(), "one.yaml").with_core(core_bundle)
    made = run_judged(scenario, "web-lock-lease", 1)
    failure = Failure(made.result, made.result.violations[0], "id", "", stored=True, hits=1)
    stored = stored_failure(failure, made, {"oneroom": "", "simpy": ""})
    assert replay(stored).same_digest
    broken = msgspec.structs.replace(core_bundle, source="throw new Error('this core')")
    with pytest.raises(ScriptError, match="this core"):
        replay(msgspec.structs.replace(stored, core=broken))
