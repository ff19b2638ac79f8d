"""Programs in any language as the app: one line of JSON a turn, one line as its answer."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.driver.run import Run
from oneroom.javascript import program, program_process
from oneroom.javascript.program_process import ProgramFailed, ProgramProcess
from oneroom.javascript.protocol import ARGUMENTS, JSON_ARGUMENT
from oneroom.scenario.bundle import Bundle
from oneroom.sim.run import simulate
from oneroom.trace import records as r
from oneroom.trace.digest import digest
from tests.sim.played import scenario, steps
from tests.sim.test_app_windows import ALONE, failed, lives, said

LOOP = """
import json, os, sys, time
greeting = {"version": 1, "windows": "one"}
def say(*all): return ["console", "log", " ".join(map(str, all))]
def on(turn): return []
#...
for line in sys.stdin:
    turn = json.loads(line)
    answer = greeting if turn["turn"] == "hello" else {"ops": on(turn)}
    print(json.dumps({"id": turn["id"], **answer}), flush=True)
"""
MANY = 'greeting["windows"] = "many"\n'
# A window that says what comes, posts what is clicked, and beats.
TALKS = """
def on(turn):
    name = turn["turn"]
    if name == "close": return []
    told = say(name, turn["now_us"], *turn.get("args", []))
    if name == "open": return [["openChannel", 1, "x"], ["setTimer", 1, 250], told]
    if name == "timer": return [["post", 1, "beat"], told]
    return [told]
"""


def command(*parts: str) -> tuple[str, ...]:
    """A program with these parts in it."""
    return (sys.executable, "-c", LOOP.replace("#...", "\n".join(parts)))


def opening(op: str) -> str:
    """A window that wants this done when it opens."""
    return f"def on(turn): return [{op}] if turn['turn'] == 'open' else []"


def run(started: tuple[str, ...], *lines: str, head: str = ALONE, seed: int = 1) -> Run:
    """The run of a program, the same in both isolations."""
    made = steps(*lines, head=head) if lines else scenario("", head)
    made = made.with_bundle(Bundle("program", "", command=started))
    shared = simulate(made, "program", Seeded(seed))
    own = simulate(made, "program", Seeded(seed), isolation="own")
    assert digest(shared.trace) == digest(own.trace)
    return shared


TWO = """\
scenario: a test
why: a test
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..300ms}
"""


@pytest.mark.parametrize("windows", ["", MANY], ids=["one", "many"])
def test_a_program_is_told_what_happens_and_obeyed(windows: str) -> None:
    made = run(command(windows, TALKS), "at: 1s, connect: {window: main, channel: lobby}", head=TWO)
    lines = said(made)
    assert "open 0" in lines
    assert any(line.startswith("message") and line.endswith(" 1 beat") for line in lines)
    assert any(line.startswith("action") and line.endswith("connect lobby") for line in lines)
    assert failed(made) == []


def test_the_same_lines_give_the_same_digest_and_another_seed_another() -> None:
    digests = [digest(run(command(TALKS), head=TWO, seed=seed).trace) for seed in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


def test_one_process_serves_many_windows_if_it_says_so() -> None:
    both = ALONE + "  overlay: {kind: overlay, opens: 1s}\n"
    tells = (
        'n = 0\ndef on(turn):\n    global n\n    n += turn["turn"] == "open"\n    return [say(n)]'
    )
    made = scenario("", both)
    for windows, last in (("", "1"), (MANY, "2")):
        bundle = Bundle("program", "", command=command(windows, tells))
        assert said(simulate(made.with_bundle(bundle), "program", Seeded(1)))[-1] == last


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (
            "def on(turn):\n    print('a word for me'); return []",
            "line 2 of its input: the program has answered `a word for me`:",
        ),
        (
            "def on(turn): return [['openChanel', 1, 'x']]",
            'line 2 of its input: the program has answered `{"id": 2, "ops": [["openChanel"',
        ),
        (
            "def on(turn): return [['setTimer', 1]]",
            "Expected `array` of at least length 3, got 2 - at `$.ops[0]`",
        ),
        ("def on(turn):\n    turn['id'] = 7; return []", "the program has answered to line 7"),
        ("def on(turn): return nope", "exit code 1: NameError: name 'nope' is not defined"),
        ("def on(turn): os.kill(os.getpid(), 9)", "the program has ended, SIGKILL"),
        ("def on(turn): time.sleep(60)", "the program has not answered for 0.5 s"),
        ("def on(turn): os.close(1); time.sleep(60)", "has closed its standard output"),
    ],
)
def test_what_is_no_answer_is_the_apps_error(
    part: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sleep" in part:
        monkeypatch.setattr(program, "ANSWER_SECONDS", 0.5)
        monkeypatch.setattr(program_process, "END_SECONDS", 0.5)
    made = run(command(MANY, part))
    (error,) = failed(made)
    assert error.startswith("main task: line 2 of its input: the program ")
    assert why in error
    assert lives(made, "main")[-1] is r.Life.CRASHED


def test_an_error_that_it_tells_itself_has_its_place() -> None:
    part = "['error', 'open', 'no such room', 'at join (voice.pl:12:1)']"
    assert failed(run(command(opening(part)))) == ["main open: no such room (voice.pl:12)"]


def test_texts_are_whole_whatever_is_in_them() -> None:
    part = (
        "def on(turn):\n"
        "    if turn['turn'] == 'open': return [['setItem', 'k', '\\ud800é\\u0000'], "
        "['setTimer', 1, 1]]\n"
        "    return [say(len(json.dumps(turn)))]"
    )
    assert failed(run(command(part))) == []
    assert said(run(command(opening("say('x' * 3_000_000)")))) == ["x" * 300]


def test_arguments_cross_as_json() -> None:
    assert ARGUMENTS.keys() >= JSON_ARGUMENT.keys()
    assert all(at < ARGUMENTS[kind] for kind, at in JSON_ARGUMENT.items())
    part = (
        "def on(turn):\n"
        "    if turn['turn'] == 'open': return [['fetch', 1, '/api/token', 'GET', {}, None]]\n"
        "    return [say(turn['args'][2]['statusText'])] if turn['turn'] == 'response' else []"
    )
    assert said(run(command(part))) == ["OK"]


STUBBORN = """
import signal, subprocess
signal.signal(signal.SIGHUP, signal.SIG_IGN)
below = subprocess.Popen(["sleep", "600"])
greeting["pids"] = [os.getpid(), below.pid]
"""
OPENS = """
import json, sys, time
from oneroom.javascript.program_process import ProgramProcess
process = ProgramProcess(json.loads(sys.argv[1]))
print(process.ask(b'{"id":1,"turn":"hello"}').decode(), flush=True)
time.sleep(600)
"""


def test_a_process_group_ends_when_oneroom_is_killed() -> None:
    deaf = command(
        STUBBORN + "\nline = sys.stdin.readline(); print(json.dumps(greeting), flush=True)"
        "\ntime.sleep(600)"
    )
    started = [sys.executable, "-c", OPENS, json.dumps(deaf)]
    with subprocess.Popen(started, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        children = list(map(os.pidfd_open, json.loads(parent.stdout.readline())["pids"]))
        parent.send_signal(signal.SIGKILL)
    try:
        for child in children:
            assert select.select([child], [], [], 20)[0], "it lives on"
    finally:
        for child in children:
            os.close(child)


def test_a_process_group_ends_with_its_window(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program_process, "END_SECONDS", 0.05)
    process = ProgramProcess(
        command(
            STUBBORN, "print('\\x1b[2Jwarming up', file=sys.stderr)\nprint(json.dumps(greeting))"
        )
    )
    pids = json.loads(process.ask(b'{"id":1,"turn":"hello"}'))["pids"]
    below = os.pidfd_open(pids[1])
    process.end()
    assert select.select([below], [], [], 20)[0]
    os.close(below)
    assert "| ·[2Jwarming up\n" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("started", "why"),
    [
        (("no-such-program",), "no-such-program cannot be run: No such file or directory"),
        (command('greeting["version"] = 2'), "speaks version 2 of the protocol, and this is 1"),
        (command("sys.exit('no licence')"), "has ended, exit code 1: no licence"),
        (command(r"sys.exit('\x1b[31mred')"), "has ended, exit code 1: ·[31mred"),
        (command('greeting["version"] = "1"'), "Expected `int`, got `str` - at `$.version`"),
    ],
)
def test_a_program_that_does_not_say_hello_is_refused(started: tuple[str, ...], why: str) -> None:
    with pytest.raises(ProgramFailed) as refused:
        program.check_program(started)
    assert why in str(refused.value)
