"""The second engine: Node in a child process does what quickjs-ng does in this one, and tells of
rejections that nobody hears.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from oneroom.choices.seeded import Seeded
from oneroom.driver.run import Run
from oneroom.explore.vocabulary import vocabulary
from oneroom.javascript import node
from oneroom.scenario import Scenario, load
from oneroom.scenario.bundle import Bundle
from oneroom.sim.chat import has_chat
from oneroom.sim.run import simulate
from oneroom.trace.digest import digest
from tests.project import ROOT
from tests.sim.played import scenario, steps
from tests.sim.test_app_windows import ALONE, SAY, failed, lives, said

pytestmark = pytest.mark.npm

VOICE = (ROOT / "harness" / "oneroom" / "javascript" / "voice.js").read_text(encoding="utf-8")
STAGE_1 = [
    made
    for file in sorted((ROOT / "scenarios" / "stage1").rglob("*.yaml"))
    for made in (load(file, vocabulary()),)
    if not has_chat(made) and not made.without  # no app plays those
]
SILENT = "setTimeout(() => { Promise.reject(new Error('unheard')); }, 10);"


@pytest.fixture(autouse=True)
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A child of its own, which has little patience."""
    monkeypatch.setattr(node, "CALL_MS", 500)
    node._process.cache_clear()
    yield
    node._process(os.getpid()).end()
    node._process.cache_clear()


def on_node(source: str, *lines: str) -> Run:
    """The run of an app on Node."""
    made = steps(*lines, head=ALONE) if lines else scenario("", ALONE)
    return simulate(made.with_bundle(Bundle("app.js", source, engine="node")), "app.js", Seeded(1))


@pytest.mark.parametrize("made", STAGE_1, ids=lambda made: Path(made.path).stem)
def test_both_engines_have_the_same_digests(made: Scenario) -> None:
    bundle = Bundle("voice.js", VOICE)
    other = msgspec.structs.replace(bundle, engine="node")
    for seed in (1, 2):
        quickjs = simulate(made.with_bundle(bundle), "voice.js", Seeded(seed))
        v8 = simulate(made.with_bundle(other), "voice.js", Seeded(seed))
        assert digest(quickjs.trace) == digest(v8.trace), seed


def test_a_rejection_that_nobody_hears_is_told() -> None:
    run = on_node(SAY + SILENT)
    assert failed(run) == ["main unhandled rejection: Error: unheard (app.js:1)"]
    heard = "setTimeout(() => { Promise.reject(new Error('heard')).catch(say); }, 10);"
    run = on_node(SAY + heard)
    assert failed(run) == []
    assert said(run)[0].startswith("main Error: heard")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("say(1);\nnope()", "main script: ReferenceError: nope is not defined (app.js:2)"),
        ("\nconst = 1", "main script: SyntaxError: Unexpected token '=' (app.js:2)"),
    ],
)
def test_a_script_that_does_not_load_is_told_with_its_line(source: str, why: str) -> None:
    assert failed(on_node(SAY + source)) == [why]


def test_a_task_without_an_end_ends_its_window() -> None:
    for endless in ("for (;;);", "const on = () => Promise.resolve().then(on); on();"):
        run = on_node(f"{SAY} say('loaded'); setTimeout(() => {{ {endless} }}, 10);")
        assert said(run) == ["main loaded"]
        assert failed(run) == ["main task: ran for more than 0.5 s without an end"]
        assert lives(run, "main")[-1].name == "CRASHED"


def test_windows_have_built_in_objects_of_their_own() -> None:
    harm = "Array.prototype.seen = (Array.prototype.seen ?? 0) + 1; say([].seen)"
    bundle = Bundle("app.js", SAY + harm, engine="node")
    run = simulate(scenario("").with_bundle(bundle), "app.js", Seeded(1))
    assert sorted(said(run)) == ["main 1", "overlay 1"]


OPENS = """
import os, time
from oneroom.javascript import node
process = node._process(os.getpid())
print(process._child.pid, flush=True)
time.sleep(600)
"""


def test_the_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", OPENS], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        child = os.pidfd_open(pid)
        parent.send_signal(signal.SIGKILL)
    try:
        assert poll_for_end(child)
    finally:
        os.close(child)


def poll_for_end(process: int) -> bool:
    """True if the process ends; it is asked for as long as a busy machine may need."""
    readable, _, _ = select.select([process], [], [], 30)
    return bool(readable)
