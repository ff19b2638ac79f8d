"""The fixtures and the marker, in tests of another project."""

from __future__ import annotations

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from oneroom.policies.registry import RECOMMENDED
from tests.explore.texts import HELD, TWO_ROOMS
from tests.project import IMPORT_PATH


def write(project: pytest.Pytester, body: str, text: str = TWO_ROOMS) -> None:
    (project.path / "calls.yaml").write_text(text, encoding="utf-8")
    project.makepyfile(test_calls=f"import pytest\n\n{body}\n")


def test_a_run_that_holds_is_returned(project: pytest.Pytester) -> None:
    body = """
    def test_calls(oneroom_run):
        outcome = oneroom_run("calls.yaml", seeds=3)
        assert outcome.held
        assert outcome.groups[0].seeds == 3
    """
    write(project, body.replace("\n    ", "\n"), HELD)
    project.runpytest().assert_outcomes(passed=1)


def test_a_failure_is_short_and_repeats(project: pytest.Pytester) -> None:
    write(project, 'def test_calls(oneroom_run):\n    oneroom_run("calls.yaml", seeds=2)')
    ran = project.runpytest("--junit-xml=junit.xml")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            "x calls.yaml:10  single_room violated at *",
            "  repro  oneroom run calls.yaml --policy naive --seed 1",
        ]
    )
    assert "scenario_runs.py" not in ran.stdout.str()
    text = (project.path / "junit.xml").read_text(encoding="utf-8")
    assert '<property name="seed" value="1" />' in text
    assert '<property name="policy" value="naive" />' in text


def test_an_outcome_that_does_not_hold_can_be_looked_at(project: pytest.Pytester) -> None:
    write(
        project,
        "def test_calls(oneroom_run):\n"
        '    outcome = oneroom_run("calls.yaml", seeds=1, must_hold=False)\n'
        '    assert outcome.failures[0].finding.check == "single_room"',
    )
    project.runpytest().assert_outcomes(passed=1)


SEEDS_OF = """
def seeds_of(outcome):
    return outcome.groups[0].seeds, outcome.shown[0].seed, outcome.groups[0].policy

@pytest.mark.oneroom(seeds="5..8", policy="web-lock")
def test_marked(oneroom_run):
    assert seeds_of(oneroom_run("calls.yaml")) == {marked}

def test_bare(oneroom_run):
    assert seeds_of(oneroom_run("calls.yaml", must_hold=False)) == {bare}

@pytest.mark.oneroom(seeds=3)
def test_called(oneroom_run):
    outcome = oneroom_run("calls.yaml", "heartbeat", range(4, 6), must_hold=False)
    assert seeds_of(outcome) == {called}
"""


@pytest.mark.parametrize(
    ("options", "marked", "bare", "called"),
    [
        ([], (4, 5, "web-lock"), (10, 1, RECOMMENDED), (2, 4, "heartbeat")),
        (["--oneroom-seeds=9..9"], (1, 9, "web-lock"), (1, 9, RECOMMENDED), (1, 9, "heartbeat")),
        (["--oneroom-policy=naive"], (4, 5, "web-lock"), (10, 1, "naive"), (2, 4, "heartbeat")),
    ],
    ids=["nothing", "seeds", "policy"],
)
def test_the_nearest_choice_wins_and_the_command_lines_seeds_always(
    project: pytest.Pytester, options: list[str], marked: object, bare: object, called: object
) -> None:
    write(project, SEEDS_OF.format(marked=marked, bare=bare, called=called), HELD)
    project.runpytest("--strict-markers", *options).assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('oneroom_run("nothing.yaml")', "*nothing.yaml: there is no such file or folder*"),
        ('oneroom_run("calls.yaml", "web-lok")', "*policy 'web-lok' does not exist*"),
        ('oneroom_run("calls.yaml", seeds="8..x")', "*seeds='8..x': *write 100 or 1..100*"),
        ('oneroom_run("calls.yaml", seeds=range(0))', "*no seeds, so nothing would be run*"),
    ],
)
def test_what_cannot_be_run_is_told_in_words(
    project: pytest.Pytester, call: str, said: str
) -> None:
    write(project, f"def test_calls(oneroom_run):\n    {call}")
    ran = project.runpytest()
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines([said])
    assert "Traceback" not in ran.stdout.str()
    assert "scenario_runs.py" not in ran.stdout.str()


def test_a_misspelt_marker_is_refused(project: pytest.Pytester) -> None:
    write(
        project,
        '@pytest.mark.oneroom(seed=5)\ndef test_calls(oneroom_run):\n    oneroom_run("calls.yaml")',
    )
    ran = project.runpytest()
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*takes seeds=* and policy=*, not seed=*"])


# `make test` has no extra `live`, and that is said first.
NO_SERVER_SAID = (
    "*there is no livekit-server on PATH*"
    if find_spec("livekit")
    else "*livekit is not installed: pip install 'oneroom?live?'*"
)
NO_SERVER = "def test_calls(oneroom_livekit):\n    assert oneroom_livekit.url"


def test_without_a_server_a_test_is_skipped_and_in_ci_it_fails(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(project, NO_SERVER)
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = project.runpytest("-rs", "--oneroom-livekit=livekit:native")
    ran.assert_outcomes(skipped=1)
    ran.stdout.fnmatch_lines([NO_SERVER_SAID])
    monkeypatch.setenv("CI", "true")
    ran = project.runpytest("--oneroom-livekit=livekit:native")
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines([NO_SERVER_SAID])


@pytest.mark.live
def test_a_server_that_runs_is_reached_with_the_environments_key(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        project,
        "def test_calls(oneroom_livekit):\n"
        '    assert oneroom_livekit.api_secret == "sesame"\n'
        '    assert "sesame" not in repr(oneroom_livekit)',
    )
    monkeypatch.setenv("LIVEKIT_API_KEY", "key")
    monkeypatch.setenv("LIVEKIT_API_SECRET", "sesame")
    project.runpytest("--oneroom-livekit=ws://127.0.0.1:7880").assert_outcomes(passed=1)


@pytest.mark.live
def test_a_server_is_started_and_gone_afterwards(project: pytest.Pytester) -> None:
    write(
        project,
        "from pathlib import Path\nfrom urllib.request import urlopen\n\n"
        "def test_calls(oneroom_livekit):\n"
        '    http = oneroom_livekit.url.replace("ws://", "http://")\n'
        "    with urlopen(http, timeout=5) as answer:\n"
        "        assert answer.status == 200\n"
        '    Path("url").write_text(http)',
    )
    project.runpytest().assert_outcomes(passed=1)
    port = (project.path / "url").read_text(encoding="utf-8").rpartition(":")[2]
    listening = subprocess.run(["ss", "-tln"], capture_output=True, text=True, check=True).stdout
    assert f":{port} " not in listening


HEAVY = ("yaml", "pydantic", "simpy", "click", "msgspec", "oneroom.testing", "oneroom.core")


def test_a_session_that_does_not_use_it_imports_nothing(
    project: pytest.Pytester, distribution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(distribution), IMPORT_PATH)))
    project.makepyfile(
        "import sys\n\n"
        "def test_light() -> None:\n"
        f"    assert not sys.modules.keys() & {set(HEAVY)!r}\n"
        '    assert "oneroom.pytest_plugin" in sys.modules'
    )
    project.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_it_can_be_turned_off(project: pytest.Pytester) -> None:
    write(project, NO_SERVER)
    ran = project.runpytest("-p", "no:oneroom")
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*fixture 'oneroom_livekit' not found*"])
