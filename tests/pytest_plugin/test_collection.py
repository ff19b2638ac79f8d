"""Scenario files as tests: what is collected, what a failure says, and whose errors they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as Xml
from pathlib import Path

import pytest

from tests.explore.texts import HELD, TWO_ROOMS
from tests.javascript.test_program import LOOP
from tests.project import IMPORT_PATH, ROOT, hear_signals

APP = ROOT / "harness" / "oneroom" / "javascript" / "voice.js"
OTHERS = "services: {web: {image: nginx}}\n"


def write(project: pytest.Pytester, **texts: str) -> None:
    folder = project.path / "scenarios"
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_nothing_is_collected_unless_it_is_asked_for(project: pytest.Pytester) -> None:
    write(project, held=HELD)
    ran = project.runpytest()
    ran.assert_outcomes()
    ran.stdout.no_fnmatch_line("*oneroom: *")


def test_a_scenario_and_a_policy_are_a_test(project: pytest.Pytester) -> None:
    write(project, held=HELD, compose=OTHERS)
    ran = project.runpytest("--oneroom", "-v", "--oneroom-seeds", "3")
    ran.assert_outcomes(passed=1)
    ran.stdout.fnmatch_lines(
        [
            "oneroom: seeds 1..3",
            "scenarios/held.yaml::web-lock-lease PASSED*",
            "3 runs in 1 tests, seeds 1..3",
        ]
    )


def test_policies_stand_in_for_the_scenarios_own(project: pytest.Pytester) -> None:
    write(project, held=HELD)
    ran = project.runpytest(
        "--oneroom", "-v", "--oneroom-policy=web-lock", "--oneroom-policy=naive", "-k", "naive"
    )
    ran.assert_outcomes(failed=1, deselected=1)
    ran.stdout.fnmatch_lines(["oneroom: seeds 1..10, policy web-lock, naive"])


def test_items_carry_the_marker(project: pytest.Pytester) -> None:
    write(project, held=HELD)
    project.makepyfile("def test_other() -> None: pass")
    project.runpytest("--oneroom", "-m", "oneroom").assert_outcomes(passed=1, deselected=1)


def test_a_failure_is_the_users_and_short(project: pytest.Pytester) -> None:
    write(project, two=TWO_ROOMS)
    ran = project.runpytest("--oneroom", "--oneroom-seeds=2..3")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            "x scenarios/two.yaml:*  single_room violated at *",
            "  cause  *",
            "  rate   2 of 2 seeds*",
            "  repro  oneroom run scenarios/two.yaml --policy naive --seed 2",
            "FAILED scenarios/two.yaml::naive - x scenarios/two.yaml:10  single_room*",
        ]
    )
    assert "Traceback" not in ran.stdout.str()
    assert "oneroom/pytest_plugin" not in ran.stdout.str()
    # what it says can be done, can be done
    [repro] = {line.split("repro  ")[1] for line in ran.outlines if line.startswith("  repro  ")}
    again = subprocess.run(
        [sys.executable, "-m", *repro.split()],
        cwd=project.path,
        env={**os.environ, "PYTHONPATH": IMPORT_PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1, again.stdout + again.stderr


def test_all_that_is_wrong_with_files_is_told_at_once(project: pytest.Pytester) -> None:
    write(
        project,
        one=HELD.replace("kind: main", "kind: mein"),
        two=HELD.replace("why: a test", "why: a test\npolicy: web-lok"),
        held=HELD,
    )
    ran = project.runpytest("--oneroom")
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    ran.assert_outcomes(errors=2)
    ran.stdout.fnmatch_lines(["*scenarios/one.yaml:*mein*", "*scenarios/two.yaml:*web-lok*"])
    assert "Traceback" not in ran.stdout.str()


BROKEN = '''\
"""An election with a mistake in it."""

from oneroom import Policy


class Broken(Policy):
    """Raises as soon as it hears of a window."""

    name = "broken"

    def started(self, now_us):
        return {}["nothing"]
'''


def test_an_error_in_a_policy_is_told_at_its_line(project: pytest.Pytester) -> None:
    write(project, held=HELD)
    project.makepyfile(election=BROKEN)
    ran = project.runpytest("--oneroom", "--oneroom-policy", "election:Broken")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*the policy raised an exception*election.py:12: KeyError*"])


def test_an_unknown_policy_is_refused_when_tests_are_collected(project: pytest.Pytester) -> None:
    write(project, held=HELD)
    ran = project.runpytest("--oneroom", "--oneroom-policy=web-lok")
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    ran.stdout.fnmatch_lines(["*policy 'web-lok' does not exist; did you mean web-lock*"])


def test_paths_of_the_configuration_are_collected_alone(project: pytest.Pytester) -> None:
    write(project, held=HELD)
    (project.path / "other.yaml").write_text(TWO_ROOMS, encoding="utf-8")
    project.makeini("[pytest]\noneroom_paths = scenarios\ntestpaths = tests\n")
    (project.path / "tests").mkdir()
    (project.path / "tests" / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
    project.runpytest("--oneroom-seeds=1").assert_outcomes(passed=2)
    project.runpytest("other.yaml").assert_outcomes()
    project.runpytest("tests").assert_outcomes(passed=1)


def test_a_path_of_the_configuration_that_is_not_there_is_refused(
    project: pytest.Pytester,
) -> None:
    project.makeini("[pytest]\noneroom_paths = scenaros\n")
    ran = project.runpytest()
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["*oneroom_paths: there is no *scenaros"])


def test_the_projects_configuration_of_runs_is_respected(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, held=HELD)
    project.makepyprojecttoml(
        "[tool.pytest.ini_options]\noneroom = true\n"
        '[tool.oneroom.run]\nseeds = "4..6"\npolicy = ["web-lock"]\n'
    )
    ran = project.runpytest("-v")
    ran.assert_outcomes(passed=1)
    ran.stdout.fnmatch_lines(["oneroom: seeds 4..6, policy web-lock", "*held.yaml::web-lock *"])
    monkeypatch.setenv("ONEROOM_RUN_SEEDS", "2")
    project.runpytest("-v").stdout.fnmatch_lines(["oneroom: seeds 1..2, policy web-lock"])


def test_a_program_of_the_configuration_runs_in_the_windows(project: pytest.Pytester) -> None:
    write(project, held=HELD)
    dies = "def on(turn): return nope"
    (project.path / "voice.py").write_text(LOOP.replace("#...", dies), encoding="utf-8")
    project.makepyprojecttoml(
        "[tool.pytest.ini_options]\noneroom = true\n"
        f'[tool.oneroom.run]\nseeds = "1"\napp_command = "{sys.executable} voice.py"\n'
    )
    ran = project.runpytest("-v")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*held.yaml::*voice.py *", "*name 'nope' is not defined*"])


def test_a_wrong_configuration_is_a_usage_error(project: pytest.Pytester) -> None:
    project.makepyprojecttoml("[tool.oneroom.run]\nsedes = 4\n")
    ran = project.runpytest("--oneroom")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["*`run` has no option `sedes`; did you mean `seeds`?*"])
    project.makepyprojecttoml("")
    ran = project.runpytest("--oneroom", "--oneroom-seeds=none")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["*'none' is neither a number nor a range of seeds*"])


def test_a_scenario_that_is_skipped_says_why(project: pytest.Pytester) -> None:
    write(project, held=HELD.replace("why: a test", "why: a test\nskip: until tomorrow"))
    ran = project.runpytest("--oneroom", "-rs")
    ran.assert_outcomes(skipped=1)
    ran.stdout.fnmatch_lines(["SKIPPED*until tomorrow"])


def test_an_app_runs_in_the_place_of_a_policy(project: pytest.Pytester) -> None:
    (project.path / "voice.js").write_bytes(APP.read_bytes())
    write(project, held=HELD.replace("why: a test", "why: a test\napp: ../voice.js"), other=HELD)
    ran = project.runpytest("--oneroom", "--oneroom-seeds=2", "-v", "-k", "held")
    ran.stdout.fnmatch_lines(["scenarios/held.yaml::voice.js *"])
    project.makepyprojecttoml('[tool.oneroom.run]\napp = "voice.js"\n')
    ran = project.runpytest("--oneroom", "--oneroom-seeds=1", "-v")
    ran.stdout.fnmatch_lines(
        ["scenarios/held.yaml::voice.js *", "scenarios/other.yaml::voice.js *"]
    )


def test_an_app_that_cannot_be_run_is_the_users_to_mend(project: pytest.Pytester) -> None:
    (project.path / "voice.js").write_text('import none from "no-such-package";\n', "utf-8")
    write(project, held=HELD.replace("why: a test", "why: a test\napp: ../voice.js"))
    project.makepyfile('def test_app(oneroom_run): oneroom_run("scenarios/held.yaml")')
    ran = project.runpytest("--oneroom")
    ran.assert_outcomes(failed=2)
    assert ran.stdout.str().count("voice.js") >= 2
    assert "Traceback" not in ran.stdout.str()
    assert "oneroom/pytest_plugin" not in ran.stdout.str()


def properties(file: Path) -> dict[str, dict[str, str]]:
    """The properties of each test of a JUnit file."""
    return {
        case.get("name", ""): {
            one.get("name", ""): one.get("value", "") for one in case.iter("property")
        }
        for case in Xml.parse(file).iter("testcase")
    }


def test_junit_has_what_a_run_can_be_repeated_from(project: pytest.Pytester) -> None:
    write(project, held=HELD, two=TWO_ROOMS)
    project.runpytest("--oneroom", "--oneroom-seeds=5..6", "--junit-xml=junit.xml")
    found = properties(project.path / "junit.xml")
    held, broken = found["web-lock-lease"], found["naive"]
    assert held["policy"] == "web-lock-lease"
    assert (held["seed"], held["runs"]) == ("5", "2")
    assert len(held["digest"]) >= 16
    assert broken["repro"] == "oneroom run scenarios/two.yaml --policy naive --seed 5"


def test_workers_run_the_same_seeds_and_the_controller_reports_once(
    project: pytest.Pytester, distribution: Path
) -> None:
    """A true process of an installed oneroom, and two workers."""
    write(project, held=HELD, two=TWO_ROOMS, **{f"held{n}": HELD for n in range(4)})
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(distribution), IMPORT_PATH)),
        "PY_COLORS": "0",
    }
    command = [sys.executable, "-m", "pytest", "--oneroom", "--oneroom-seeds=2", "-v"]
    runs = {}
    for name, options in (("one", ()), ("two", ("-n", "2"))):
        ran = subprocess.run(
            [*command, *options, f"--junit-xml={name}.xml"],
            cwd=project.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=hear_signals,
        )
        assert ran.returncode == 1, ran.stdout + ran.stderr
        assert "1 failed, 5 passed" in ran.stdout
        assert ran.stdout.count("12 runs in 6 tests, seeds 1..2") == 1
        assert ran.stdout.count("\noneroom run scenarios/two.yaml --policy naive --seed 1\n") == 1
        cases = Xml.parse(project.path / f"{name}.xml").iter("testcase")
        runs[name] = sorted(
            json.dumps([case.get("classname"), *(one.attrib for one in case.iter("property"))])
            for case in cases
        )
    assert runs["one"] == runs["two"]
