"""`oneroom run`: exit codes, what is printed where, what is left in files."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Generator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from oneroom.checks.results import Result
from oneroom.core.bus_kind import BUS_KINDS
from oneroom.explore.live_suite import LiveSuite
from oneroom.explore.plan import Job, run_job
from oneroom.policies.web_lock_lease import WebLockLease
from oneroom.trace.trace import Trace
from tests.cli.conftest import Call
from tests.explore.texts import HELD, TWO_ROOMS, TWO_ROOMS_LINE, expecting

QUICK = ("--seeds", "2", "--check-determinism", "0")
UNHEALED = HELD.replace(
    "{at: 5s, gesture: {window: main}}", "{at: 5s, partition: {window: overlay}}"
)
IDLE = "scenario: nobody does anything\nwhy: a test\nwindows:\n  main: {kind: main, opens: later}\n"


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        (HELD, (), 0),
        (TWO_ROOMS, (), 1),
        (HELD, ("--policy", "naive"), 1),
        (expecting(HELD, "violated: [single_room]"), (), 1),
        ("scenario: no windows\n", (), 2),
        (HELD, ("--policy", "web-lok"), 2),
        (HELD, ("--seeds", "none"), 2),
        (UNHEALED, (), 3),
        (expecting(HELD, "held: [no_eviction_loop]"), (), 3),
        (HELD, ("--policy", "tests.ablation.endless:Impatient"), 3),
        (HELD, ("--policy", "tests.explore.leaks:Random", "--check-determinism", "1"), 4),
        (HELD, ("--grep", "nowhere"), 5),
    ],
)
def test_the_table_of_exit_codes(
    call: Call, folder: Path, text: str, arguments: tuple[str, ...], code: int
) -> None:
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    called = call("run", "one.yaml", *QUICK, *arguments)
    assert called.code == code, called


def test_the_worst_code_of_a_suite_wins(call: Call, folder: Path) -> None:
    (folder / "scenarios" / "unhealed.yaml").write_text(UNHEALED, encoding="utf-8")
    assert call("run", "scenarios/held.yaml", "scenarios/unhealed.yaml", *QUICK).code == 3
    assert call("run", *QUICK).code == 1, "a violation is never hidden by what could not be judged"


def test_a_failure_is_printed_with_cause_rate_repro_and_timeline(call: Call) -> None:
    called = call("run", *QUICK)
    headline = f"x scenarios/two.yaml:{TWO_ROOMS_LINE}  single_room violated at 3."
    assert headline in called.out
    assert "both hold a Room" in called.out
    assert "  cause  user in overlay: connect lobby" in called.out
    assert "  rate   2 of 2 seeds (100 %, 95 % CI 34–100)   policy naive, seed 1" in called.out
    repro = "  repro  oneroom run scenarios/two.yaml --policy naive --seed 1\n"
    assert f"{repro}  stored oneroom replay " in called.out
    assert "┃ opens its Room (t1)" in called.out
    assert (
        called.out.rstrip()
        .split("\n")[-1]
        .startswith("VIOLATED  1 of 2 scenarios not as expected; 4 runs: ")
    )
    assert called.err == "", "a short suite has no progress to tell"


def test_a_failure_is_filed_stored_and_replayed(call: Call, folder: Path) -> None:
    called = call("run", *QUICK)
    failure_id = called.out.partition("oneroom replay ")[2].split()[0]
    filed = (folder / "reports" / "latest" / "failures" / f"{failure_id}.txt").read_text(
        encoding="utf-8"
    )
    assert "single_room violated" in filed
    assert "┃ opens its Room (t1)" in filed
    kept = (folder / ".oneroom" / "failures" / f"{failure_id}.json").read_text(encoding="utf-8")
    beside = folder / "reports" / "latest" / "failures" / f"{failure_id}.json"
    assert beside.read_text(encoding="utf-8") == kept, "what CI keeps of a run has its tape"
    again = call("replay", failure_id)
    assert again.code == 1
    assert "single_room violated" in again.out
    assert "the same run" in again.out
    assert "same digest" in again.out


def test_json_is_a_line_a_run_and_the_summary_last(call: Call) -> None:
    called = call("run", "--json", *QUICK)
    lines = [json.loads(line) for line in called.out.splitlines()]
    assert [line["kind"] for line in lines] == ["run"] * 4 + ["summary"]
    assert [(line["scenario"], line["seed"]) for line in lines[:2]] == [
        ("scenarios/held.yaml", 1),
        ("scenarios/held.yaml", 2),
    ]
    broken = lines[2]
    assert broken["repro"] == "oneroom run scenarios/two.yaml --policy naive --seed 1"
    assert call("replay", broken["id"]).code == 1
    assert lines[3]["repro"] == "oneroom run scenarios/two.yaml --policy naive --seed 2"
    assert lines[4]["exit_code"] == called.code == 1
    assert lines[4]["verdicts"] == {"held": 2, "violated": 2}


def test_the_repro_of_a_run_makes_that_run(call: Call) -> None:
    lines = [json.loads(line) for line in call("run", "--json", *QUICK).out.splitlines()]
    again = call(*lines[3]["repro"].split()[1:], "--json")
    assert json.loads(again.out.splitlines()[0])["digest"] == lines[3]["digest"]


def test_reporters_are_chosen(call: Call, folder: Path) -> None:
    quiet = call("run", "--reporter", "junit", *QUICK)
    assert quiet.out == ""
    root = Xml.parse(folder / "reports" / "latest" / "junit.xml").getroot()
    assert [case.get("name") for case in root.iter("testcase")] == [
        "scenarios/held.yaml: an overlay joins through main (seeds 1..2)",
        "scenarios/two.yaml: two windows join (seeds 1..2)",
    ]
    assert next(root.iter("failure")).get("type") == "single_room"
    both = call("run", "--reporter", "text,json", *QUICK)
    assert '"kind":"summary"' in both.out
    assert not (folder / "reports" / "latest" / "junit.xml").exists()
    refused = call("run", "--reporter", "html")
    assert (refused.code, "'html' is not one of text, json, junit, github" in refused.err) == (
        2,
        True,
    )


def test_github_gets_an_annotation_for_each_bug_and_a_summary(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "scenarios" / "again.yaml").write_text(TWO_ROOMS, encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder.parent))
    (folder / "summary.md").write_text("of an earlier command\n", encoding="utf-8")
    called = call("run", "--reporter", "github,junit=mine.xml", "--seeds", "1", *QUICK[2:])
    (line,) = called.out.splitlines()
    place = f"file={folder.name}/scenarios/again.yaml,line={TWO_ROOMS_LINE}"
    assert line.startswith(f"::error {place},title=single_room under naive::")
    assert line.endswith("(and in 1 more scenario)")
    told = (folder / "summary.md").read_text(encoding="utf-8")
    assert told.startswith("of an earlier command\n## oneroom: violated\n")
    assert "```mermaid\nsequenceDiagram\n" in told
    assert "with 2 of 3 steps" in told, "the run of the diagram is shrunk"
    filed = folder / "reports" / "latest" / "junit.xml"
    assert (folder / "mine.xml").read_bytes() == filed.read_bytes()


def test_a_summary_that_cannot_be_written_costs_a_line(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder))
    called = call("run", "scenarios/held.yaml", "--reporter", "github", *QUICK)
    assert called.code == 6
    assert f"the job's summary cannot be written to {folder}: Is a directory" in called.err
    refused = call("run", "--reporter", "text=a.txt")
    assert (refused.code, "junit=FILE alone has a file" in refused.err) == (2, True)


def test_seeds_policies_grep_and_exit_first_select(call: Call) -> None:
    def seeds(*arguments: str) -> list[tuple[str, str, int]]:
        lines = [
            json.loads(line)
            for line in call(
                "run", "--json", "--check-determinism", "0", *arguments
            ).out.splitlines()
        ]
        return [
            (line["scenario"][10:], line["policy"], line["seed"])
            for line in lines
            if line["kind"] == "run"
        ]

    assert seeds("--seeds", "5..6", "-g", "OVERLAY joins") == [
        ("held.yaml", "web-lock-lease", 5),
        ("held.yaml", "web-lock-lease", 6),
    ]
    assert seeds("--seed", "7", "scenarios/two.yaml:3") == [("two.yaml", "naive", 7)]
    assert seeds(
        "--seed",
        "0",
        "--policy",
        "web-lock,main-only",
        "--policy",
        "web-lock",
        "scenarios/two.yaml",
    ) == [
        ("two.yaml", "web-lock", 0),
        ("two.yaml", "main-only", 0),
    ]
    assert seeds("-x", "--seeds", "9", "scenarios/two.yaml") == [("two.yaml", "naive", 1)]


def test_one_process_and_two_print_the_same(call: Call) -> None:
    def digests(jobs: str) -> list[str]:
        out = call("run", "--json", "--seeds", "20", "--check-determinism", "0", "-j", jobs).out
        return [json.loads(line)["digest"] for line in out.splitlines()[:-1]]

    assert len(digests("1")) == 40
    assert digests("1") == digests("2")


def test_a_run_that_differs_from_itself_is_named(call: Call) -> None:
    called = call(
        "run", "scenarios/held.yaml", "--seeds", "3", "--policy", "tests.explore.leaks:Clock"
    )
    assert called.code == 4
    assert (
        "≠ scenarios/held.yaml:1  nondeterministic: seed 1 under tests.explore.leaks:Clock differs "
        "from itself" in called.out
    )
    assert "parts  at record " in called.out
    assert "NONDETERMINISTIC  " in called.out.rstrip().split("\n")[-1]


def test_bad_input_is_refused_whole_with_its_places(call: Call, folder: Path) -> None:
    bad = HELD.replace("connect:", "conect:").replace(
        "overlay: {kind: overlay", "overlay: {kind: overley"
    )
    (folder / "scenarios" / "bad.yaml").write_text(bad, encoding="utf-8")
    (folder / "scenarios" / "garbage.yaml").write_bytes(bytes(range(256)))
    called = call("run", *QUICK)
    assert called.code == 2
    assert called.out == ""
    assert "scenarios/bad.yaml:7:" not in called.err or "conect" in called.err
    assert "unknown verb `conect`" in called.err
    assert "did you mean `connect`?" in called.err
    assert "overley" in called.err
    assert "scenarios/garbage.yaml" in called.err
    assert "nothing was run" in called.err
    assert "Traceback" not in called.err
    assert call("lint").code == 2


def test_reports_that_cannot_be_written_cost_one_line_and_no_result(
    call: Call, folder: Path
) -> None:
    (folder / "taken").touch()
    called = call("run", "scenarios/held.yaml", *QUICK, "--report-dir", "taken/reports")
    assert called.code == 6
    assert "✓ scenarios/held.yaml" in called.out
    assert called.out.rstrip().split("\n")[-1].startswith("HELD  1 scenario")
    assert called.err.count("\n") == 1
    assert called.err.startswith("reports cannot be written to taken/reports: Not a directory")


def test_a_violation_shows_beside_an_exit_code_that_outranks_it(call: Call, folder: Path) -> None:
    (folder / "taken").touch()
    called = call("run", *QUICK, "--json", "--report-dir", "taken/reports")
    assert called.code == 6
    summary = json.loads(called.out.rstrip().split("\n")[-1])
    assert (summary["verdict"], summary["exit_code"], summary["failed"]) == ("violated", 6, 1)
    assert called.err.split("\n")[1:] == [
        "exit code 6 (infrastructure) outranks 1, but runs were violated; they are in the results "
        "above",
        "",
    ]
    searched = call(
        "fuzz", "scenarios/two.yaml", "--max-runs", "20", "--seed", "1", "--report-dir", "taken/r"
    )
    assert searched.code == 6, "a failure that is found later does not hide the disk"
    assert " violated at " in searched.out


def test_runs_that_could_not_be_made_are_not_held(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(self: LiveSuite) -> Generator[tuple[Job, Result]]:
        jobs = self._plan.jobs()
        yield jobs[0], run_job(self._plan.play, self._plan.scenarios[0], jobs[0])
        self.troubles.append("the server has gone")

    monkeypatch.setattr(LiveSuite, "run", half)
    monkeypatch.setattr(LiveSuite, "trace", Trace(), raising=False)
    called = call("run", "scenarios/held.yaml", "--sfu", "livekit", "--seeds", "2")
    assert called.code == 6
    assert "\nINFRASTRUCTURE  1 scenario; 1 run: 1 held; " in called.out
    assert called.err == "the server has gone\n"


def test_a_folder_called_latest_is_left_alone_and_not_named(call: Call, folder: Path) -> None:
    (folder / "reports" / "latest" / "mine").mkdir(parents=True)
    called = call("run", "scenarios/two.yaml", *QUICK)
    named = Path(called.out.partition("report  ")[2].split()[0])
    assert named.parts[:2] == ("reports", "runs")
    assert named.is_file()
    assert (folder / "reports" / "latest" / "mine").is_dir()
    assert (folder / "reports" / "latest.txt").read_text(encoding="utf-8").strip() == Path(
        *named.parts[1:3]
    ).as_posix()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\n::error::b.yaml", r"a\n::error::b.yaml"),
        (b"\x1b[31mred.yaml", r"\x1b[31mred.yaml"),
        (b"\xff\xfe.yaml", r"\xff\xfe.yaml"),
    ],
)
def test_the_name_of_a_file_commands_nobody(
    call: Call, folder: Path, name: bytes, shown: str
) -> None:
    (folder / ".oneroom").touch()  # repro lines have the name then
    (folder / "odd").mkdir()
    (folder / "odd" / os.fsdecode(name)).write_text(TWO_ROOMS, encoding="utf-8")
    kinds = ("--reporter", "text,json,junit")
    called = call(
        "run", "odd", "--seed", "1", *kinds, "--report-dir", os.fsdecode(b"re\nports\xff")
    )
    assert called.code == 6
    assert f"x odd/{shown}:10  single_room violated" in called.out
    assert f"  repro  oneroom run $'odd/{shown}' --policy naive --seed 1" in called.out
    reports = folder / os.fsdecode(b"re\nports\xff") / "latest"
    files = [path.read_text(encoding="utf-8") for path in reports.rglob("*") if path.is_file()]
    assert len(files) > 3, "results, JUnit, run.json and the text of a failure"
    for text in (called.out, called.err, *files):
        assert not [line for line in text.split("\n") if line.startswith("::")]
        assert "\x1b" not in text
        text.encode()
    assert json.loads(called.out.split("\n")[0])["scenario"] == f"odd/{shown}"
    case = next(Xml.fromstring((reports / "junit.xml").read_text("utf-8")).iter("testcase"))
    assert case.get("file") == f"odd/{shown}"
    assert f"odd/{shown}" in call("list", "odd").out
    (folder / "odd" / os.fsdecode(name)).write_text("scenario: x\n", encoding="utf-8")
    assert call("lint", "odd").out.startswith(f"odd/{shown}:1:1: the file needs `why`\n")


def test_what_is_no_scenario_is_passed_over_and_counted(call: Call, folder: Path) -> None:
    compose = "services:\n  web: {image: x}\n"
    others = {
        "docker-compose.yaml": compose,
        "k8s/pod.yaml": "apiVersion: v1\nspec:\n  windows: none\n---\nkind: Pod\n",
        "chart/values.yaml": "{{ not: yaml at all\n",
    }
    unsearched = ("node_modules/x/s.yaml", ".venv/s.yaml", ".github/s.yaml", "a/.hidden/s.yaml")
    for name, text in (others | dict.fromkeys(unsearched, "scenario: broken\n")).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    called = call("run", ".", *QUICK)
    assert called.code == 1
    assert "; 4 runs: " in called.out
    assert called.err == "Passed over: 3 YAML files without a key `scenario`.\n"
    assert call("lint", ".").code == 0
    assert call("run", "k8s", *QUICK).code == 5, "a folder without a scenario is not green"
    named = call("run", "docker-compose.yaml", *QUICK)
    assert (named.code, named.out) == (2, "")
    assert "docker-compose.yaml:1:1: " in named.err
    for broken in ("scenario: [\n", "why: lost its first line\nwindows: {}\n", "{scenario: x}\n"):
        (folder / "docker-compose.yaml").write_text(broken, encoding="utf-8")
        called = call("run", ".", *QUICK)
        assert called.code == 2
        assert "docker-compose.yaml:" in called.err


def test_a_latest_that_cannot_be_taken_back_is_said_to_be_older(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    assert call("run", "scenarios/held.yaml", *QUICK).code == 0
    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    called = call("run", "scenarios/held.yaml", *QUICK)
    assert called.code == 6
    assert "Read-only file system; reports/latest is an older run's; the results" in called.err


def test_failures_that_cannot_be_kept_are_repeated_by_their_seed(call: Call, folder: Path) -> None:
    (folder / ".oneroom").touch()
    called = call("run", "scenarios/two.yaml", *QUICK)
    assert called.code == 6
    assert "single_room violated" in called.out
    assert "  repro  oneroom run scenarios/two.yaml --policy naive --seed 1" in called.out
    assert "failures cannot be kept in .oneroom" in called.err
    assert "  cause  " in called.out
    assert "leads to it" in called.out, "the timeline"


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--sfu", "janus", "write fake, livekit, livekit:native or a URL"),
        ("--sfu", "ws://key:secret@127.0.0.1:7880", "write fake, livekit, livekit:native or a URL"),
        (
            "--bus",
            "smoke-signals",
            "is not one of 'broadcast-channel', 'storage-event', 'tauri-event'",
        ),
        ("--seeds", "0", "is an empty range; write 1"),
        ("--seeds", "9..3", "write 3..9"),
        ("--seeds", "99999999", "more than 10,000,000 seeds"),
        ("--jobs", "many", "write 2, or auto"),
        ("--policy", "tests.explore.nowhere:Policy", "cannot be imported"),
        ("--policy", "tests.explore.leaks:run_judged", "is not in tests.explore.leaks"),
        ("--policy", "tests.explore.leaks:Sownd", "did you mean tests.explore.leaks:Sound?"),
        ("--policy", "tests.explore.texts:scenario", "is not a subclass"),
        ("--policy", "", "'' has an empty name; write a name of `oneroom list policies`"),
        ("--policy", "naive,,web-lock", "'naive,,web-lock' has an empty name"),
        ("--app", "", "it is empty; name the app, or leave the option out"),
        ("--app-command", " ", "it is empty; name the app, or leave the option out"),
        ("--reporter", "text,", "'text,' has an empty name; write text,json,junit"),
    ],
)
def test_a_bad_value_is_refused_with_what_to_write(
    call: Call, option: str, value: str, said: str
) -> None:
    called = call("run", option, value)
    assert called.code == 2
    assert said in called.err


def test_one_seed_and_several_are_refused_together(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = call("run", "--seed", "3", "--seeds", "2..4")
    assert refused.code == 2
    assert (
        "--seed 3 and --seeds 2..4 contradict each other; take --seed for a single" in refused.err
    )
    assert refused.out == ""
    # From two places the stronger one wins, as it does for a single option.
    monkeypatch.setenv("ONEROOM_RUN_SEED", "7")
    assert "; seeds 2..4; " in call("run", "scenarios/held.yaml", "--seeds", "2..4").out
    monkeypatch.setenv("ONEROOM_RUN_SEEDS", "5")
    assert call("run", "scenarios/held.yaml").code == 2
    assert "; seed 8; " in call("run", "scenarios/held.yaml", "--seed", "8").out


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("scenarios/held.yaml:9", "scenarios/held.yaml: there is no line 9, and so no scenario: "),
        ("scenarios/held.yaml:0", "there is no line 0, and so no scenario: the last one is 8"),
        ("scenarios:1", "scenarios: a folder has no line 1"),
    ],
)
def test_a_line_that_selects_nothing_is_refused(call: Call, path: str, said: str) -> None:
    assert call("run", "scenarios/held.yaml:8", *QUICK).code == 0
    for command in ("run", "lint"):
        called = call(command, path)
        assert called.code == 2
        assert said in called.out + called.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = = 1\n", "mine_a.py:1: invalid syntax"),
        ("x = 1\n1 / 0\n", "mine_b.py:2: ZeroDivisionError: division by zero"),
    ],
)
def test_a_policy_whose_module_is_broken_is_no_error_of_ours(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    name = said.partition(".py")[0]
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    called = call("run", "--policy", f"{name}:Mine")
    assert called.code == 2
    assert said in called.err
    assert "Internal error" not in called.err


def test_a_policy_is_refused_on_a_bus_that_it_cannot_work_with(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WebLockLease, "buses", ("broadcast-channel",))
    assert call("run", "scenarios/held.yaml", *QUICK).code == 0
    refused = call("run", "scenarios/held.yaml", "--bus", "tauri-event", *QUICK)
    assert refused.code == 2
    assert (
        "policy `web-lock-lease` cannot work in `main`, which has `tauri-event` alone"
        in refused.err
    )


def test_a_suite_runs_on_the_bus_that_is_asked_for(call: Call) -> None:
    for bus in BUS_KINDS:
        called = call("run", "scenarios/held.yaml", "--bus", bus, "--json", "--seeds", "1")
        assert (called.code, json.loads(called.out.split("\n")[0])["bus"]) == (0, bus)
