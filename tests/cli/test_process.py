"""The command as a process of its own: signals, pipes, two at once, start-up."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.project import IMPORT_PATH, ONEROOM, hear_signals

ENVIRONMENT = {**os.environ, "PYTHONPATH": IMPORT_PATH}
for name in ("PYTHONHASHSEED", "PYTHONUNBUFFERED"):  # what a user need not have set
    ENVIRONMENT.pop(name, None)
SLOW = (
    "run",
    "--policy",
    "tests.explore.leaks:Slow",
    "--seeds",
    "1000",
    "--json",
    "--check-determinism",
    "0",
)


def start(folder: Path, *arguments: str, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*ONEROOM, *arguments],
        cwd=folder,
        env=ENVIRONMENT | changes,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=hear_signals,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_suite_reports_what_it_had(
    folder: Path, number: signal.Signals, jobs: str
) -> None:
    process = start(folder, *SLOW, "-j", jobs)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert json.loads(first)["seed"] == 1
    # A terminal sends Ctrl-C to all processes of the command, a CI system its signal to the one
    # that it started.
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    summary = json.loads(out.splitlines()[-1])
    assert (summary["verdict"], summary["exit_code"]) == ("interrupted", 130)
    assert 1 <= summary["runs"] < 2_000
    assert err == "interrupted; what was run until then is reported\n"
    filed = (
        (folder / "reports" / "latest" / "results.ndjson").read_text(encoding="utf-8").splitlines()
    )
    assert len(filed) == summary["runs"] + 1
    junit = Xml.parse(folder / "reports" / "latest" / "junit.xml").getroot()
    assert [error.get("message") for error in junit.iter("error")] == [err.rstrip("\n")]


@pytest.mark.parametrize("module", ["click", "yaml"])
def test_an_interrupt_during_imports_is_one_line(folder: Path, module: str) -> None:
    early = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    (folder / f"{module}.py").write_text(early, encoding="utf-8")
    path = os.pathsep.join((str(folder), IMPORT_PATH))
    process = start(folder, "run", "--seed", "1", PYTHONPATH=path)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "interrupted\n")


def test_a_signal_that_the_shell_has_us_ignore_is_ignored(folder: Path) -> None:
    arguments = [
        "run",
        "scenarios/held.yaml",
        "--seeds",
        "200",
        "--json",
        "-j",
        "1",
        "--check-determinism",
        "0",
    ]
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *ONEROOM, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out.splitlines()[-1])["runs"] == 200


def test_a_run_that_hangs_does_not_hold_up_an_interrupt(folder: Path) -> None:
    # One process hangs, the other has nothing left to do: neither may say anything of its own.
    policies = "web-lock,tests.explore.leaks:Stuck"
    process = start(
        folder,
        "run",
        "scenarios/held.yaml",
        "--policy",
        policies,
        "--json",
        "-j",
        "2",
        "--seed",
        "1",
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err == "interrupted; what was run until then is reported\n"


def alive(pid: int) -> bool:
    """A process of that number that has not ended; one nobody waited for has."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] not in "ZX"


def until_gone(pids: list[int], patience_s: float = 10.0) -> list[int]:
    """Those that are left after waiting."""
    deadline_s = time.monotonic() + patience_s
    while any(map(alive, pids)) and time.monotonic() < deadline_s:
        time.sleep(0.02)
    return [pid for pid in pids if alive(pid)]


ON_LINUX = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's /proc")


@ON_LINUX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGQUIT])
def test_workers_end_with_a_command_that_was_killed(folder: Path, number: signal.Signals) -> None:
    policies = "web-lock,tests.explore.leaks:Stuck"
    arguments = ("scenarios/held.yaml", "--policy", policies, "--json", "-j", "2", "--seed", "1")
    process = start(folder, "run", *arguments)
    assert process.stdout is not None
    process.stdout.readline()  # one worker has made its run, the other hangs in its own
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8")
    pids = [int(pid) for pid in children.split()]
    assert len(pids) >= 4, "two workers, Python's own helper of theirs, the determinism worker"
    process.send_signal(number)
    try:
        process.communicate(timeout=10)  # ends when nobody holds the pipe any more
        assert until_gone(pids) == []
    finally:
        for pid in filter(alive, pids):
            os.kill(pid, signal.SIGKILL)
    assert process.returncode == -number


REPEATS = """
import msgspec, sys, time
from pathlib import Path
from oneroom.explore.determinism_client import DeterminismClient
from oneroom.explore.determinism_worker import Request, RunToRepeat
from oneroom.explore.scenario_text import scenario_text
from tests.explore.texts import HELD, scenario
with DeterminismClient() as client:
    run = RunToRepeat(0, "tests.explore.leaks:Stuck", 1)
    client.ask(msgspec.json.encode(Request((scenario_text(scenario(HELD)),), (run,))))
    time.sleep(float(sys.argv[1]))
    print(client._process.pid, flush=True)
    time.sleep(300)
"""


@ON_LINUX
@pytest.mark.parametrize("worked_s", ["0", "3"])
def test_the_process_that_repeats_runs_ends_with_its_parent(folder: Path, worked_s: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", REPEATS, worked_s],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.communicate()
    try:
        assert until_gone([pid]) == []
    finally:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_a_worker_that_dies_ends_the_suite_with_what_there_is(folder: Path) -> None:
    process = start(
        folder,
        "run",
        "--policy",
        "web-lock,tests.explore.leaks:Dies",
        "-j",
        "2",
        "--check-determinism",
        "0",
    )
    out, err = process.communicate(timeout=30)
    assert process.returncode == 70
    assert "a worker process died" in err
    assert "Traceback" not in err
    assert out.rstrip().split("\n")[-1].startswith("INTERNAL  ")


@pytest.mark.parametrize("most_bytes", [0, 20_000])
def test_an_older_report_does_not_pass_for_one_that_could_not_be_written(
    folder: Path, most_bytes: int
) -> None:
    two = ("run", "scenarios/two.yaml", "-j", "1", "--check-determinism", "0")
    assert (
        subprocess.run([*ONEROOM, *two], cwd=folder, env=ENVIRONMENT, check=False).returncode == 1
    )
    latest = folder / "reports" / "latest"
    older = latest.resolve()

    def fill_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    process = subprocess.run(
        [*ONEROOM, *two, "--seeds", "100"],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        preexec_fn=fill_disk,
        check=False,
    )
    assert process.returncode == 6
    assert "100 runs: 100 violated" in process.stdout
    assert "reports cannot be written to reports: File too large" in process.stderr
    assert "exit code 6 (infrastructure) outranks 1, but runs were violated" in process.stderr
    assert "Traceback" not in process.stderr
    assert not latest.is_symlink()
    assert older.is_dir(), "the older run itself is left as it was"


def test_two_suites_in_one_folder_do_not_meet(folder: Path) -> None:
    both = [start(folder, "run", "--seeds", str(seeds), "--json") for seeds in (3, 4)]
    outs = [process.communicate(timeout=30)[0] for process in both]
    assert [process.returncode for process in both] == [1, 1]
    runs = sorted((folder / "reports" / "runs").iterdir())
    assert len(runs) == 2
    filed = sorted((run / "results.ndjson").read_text(encoding="utf-8").count("\n") for run in runs)
    assert filed == [7, 9]
    assert [out.count("\n") for out in outs] == [7, 9]
    assert (folder / "reports" / "latest").resolve() in [run.resolve() for run in runs]


def test_digests_are_equal_whatever_the_hash_seed(folder: Path) -> None:
    found = []
    for hash_seed in ("0", "123"):
        process = start(
            folder,
            "run",
            "--seeds",
            "5",
            "--json",
            "--check-determinism",
            "0",
            PYTHONHASHSEED=hash_seed,
        )
        out, _ = process.communicate(timeout=30)
        found.append([json.loads(line).get("digest") for line in out.splitlines()[:-1]])
    assert len(found[0]) == 10
    assert found[0] == found[1]


def test_a_reader_that_has_seen_enough_is_no_error(folder: Path) -> None:
    process = start(
        folder, "run", "--seeds", "2000", "--json", "-j", "1", "--check-determinism", "0"
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.wait(timeout=30)
    process.stderr.close()
    assert said == ""
    assert process.returncode == 141


def test_a_terminal_that_cannot_show_a_sign_gets_another_one(folder: Path) -> None:
    process = subprocess.run(
        [*ONEROOM, "run", "--seed", "1"],
        cwd=folder,
        env=ENVIRONMENT | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert process.returncode == 1
    assert b"? scenarios/held.yaml" in process.stdout


def shell(folder: Path, redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command with its streams as the shell's `redirection` has them."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *ONEROOM, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments", [("--help",), ("list",), ("run", "--seed", "1"), ("run", "--seed", "1", "--json")]
)
def test_output_that_nobody_can_take_is_infrastructure(
    folder: Path, arguments: tuple[str, ...], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENVIRONMENT, "PYTHONUNBUFFERED", unbuffered)
    called = shell(folder, ">/dev/full", *arguments)
    assert (called.returncode, called.stderr) == (
        6,
        "standard output cannot be written: No space left on device\n",
    )
    # A usage error that cannot be said is not a violation (1), which Python would make of it.
    assert shell(folder, "2>/dev/full", "run", "nowhere").returncode == 6


@pytest.mark.parametrize(
    ("redirection", "arguments", "code"),
    [
        (">&-", ("run", "scenarios/held.yaml", "--seed", "1"), 0),
        ("2>&-", ("run", "scenarios/two.yaml", "--seed", "1"), 1),
        ("<&- >&- 2>&-", ("run", "scenarios/two.yaml", "--seed", "1"), 1),
        ("2>&-", ("run", "nowhere"), 2),
        ("<&- >&- 2>&-", ("--help",), 0),
    ],
)
def test_closed_streams_change_no_exit_code(
    folder: Path, redirection: str, arguments: tuple[str, ...], code: int
) -> None:
    called = shell(folder, redirection, *arguments)
    assert called.returncode == code
    assert "Traceback" not in called.stderr
    if arguments[0] == "run" and code < 2:
        # Nothing that was printed has gone into a file that happened to get the stream's number.
        text = (folder / "reports" / "latest" / "results.ndjson").read_text(encoding="utf-8")
        assert [json.loads(line)["kind"] for line in text.splitlines()] == ["run", "summary"]


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules that are there after a command, called as its users call it."""
    loaded = (
        "import sys; from oneroom.cli.main import invoke; invoke(sys.argv[1:]); print(*sys.modules)"
    )
    process = subprocess.run(
        [sys.executable, "-c", loaded, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(process.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("--version",)])
def test_help_imports_nothing_heavy(folder: Path, arguments: tuple[str, ...]) -> None:
    modules = imported(folder, *arguments)
    heavy = {"pydantic", "yaml", "simpy", "msgspec", "oneroom.core.coordinator", "oneroom.sim"}
    assert "click" in modules
    assert not heavy & modules


def test_a_small_suite_imports_neither_processes_nor_the_live_arm(folder: Path) -> None:
    modules = imported(folder, "run", "scenarios/held.yaml", "--seeds", "2")
    assert "oneroom.sim.world" in modules
    heavy = {
        "multiprocessing",
        "concurrent.futures",
        "asyncio",
        "jsonschema",
        "hypothesis",
        "docker",
        "livekit",
    }
    assert not heavy & modules
    assert not {"oneroom.explore.swarm", "oneroom.live.run"} & modules, (
        "each is for another command alone"
    )


def test_models_of_scenarios_are_built_when_they_are_needed(folder: Path) -> None:
    script = (
        "from oneroom.scenario import VERBS, Scenario; "
        "print(*(model.__name__ for model in (Scenario, *VERBS.values()) if "
        "model.__pydantic_complete__))"
    )
    process = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.strip() == "", (
        "built at every start, whether a file has such a step or not"
    )


def test_results_are_there_before_the_suite_has_ended(folder: Path) -> None:
    process = start(folder, *SLOW, "-j", "1")
    try:
        assert process.stdout is not None
        started_s = time.monotonic()
        process.stdout.readline()
        assert time.monotonic() - started_s < 20
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
