"""Tests that fail beside others are tried alone, and reported: on a suite made for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests import real_things
from tests.project import IMPORT_PATH

# Fails in its first run alone, or always, or never.
SUITE = """
import os, pathlib, pytest
pytestmark = pytest.mark.live
seen = pathlib.Path(os.environ["SEEN"])

def test_noisy():
    first = not seen.exists()
    seen.touch()
    assert not first

{more}
"""
STEADY = "@pytest.mark.parametrize('number', range({count}))\ndef test_steady(number):\n    pass\n"
ANOTHER = """
def test_noisy_too():
    too = seen.with_name("seen too")
    first = not too.exists()
    too.touch()
    assert not first

"""
# Fails beside others and in its first run alone.
STUBBORN = """
def test_stubborn():
    runs = seen.with_name("runs")
    runs.write_text((runs.read_text() if runs.exists() else "") + "x")
    assert len(runs.read_text()) == {runs}

"""
BROKEN = "def test_broken():\n    assert False\n"


def run(folder: Path, more: str) -> tuple[int, list[str], Path]:
    (folder / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\nmarkers = ["live: planted"]\n'
    )
    (folder / "test_planted.py").write_text(SUITE.format(more=more))
    report = folder / "report.xml"
    command = [
        sys.executable,
        "-m",
        "tests.real_things",
        "live",
        "0",
        str(report),
        "test_planted.py",
    ]
    environment = {**os.environ, "SEEN": str(folder / "seen"), "PYTHONPATH": IMPORT_PATH}
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout.splitlines(), report


def test_what_passes_alone_is_unstable_and_counted(tmp_path: Path) -> None:
    code, lines, report = run(tmp_path, STEADY.format(count=60))
    assert code == 0, lines
    assert "UNSTABLE test_planted.py::test_noisy: failed beside others, passed alone" in lines
    assert lines[-1].startswith("61 passed, 1 of them unstable in ")
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert [real_things.node(case) for case in cases if real_things.is_unstable(case)] == [
        "test_planted.py::test_noisy"
    ]
    assert not any(real_things.has_failed(case) for case in cases)


@pytest.mark.parametrize(("steady", "code"), [(18, 0), (17, 1)])
def test_many_unstable_ones_are_called_a_defect_and_too_many_are_a_failure(
    tmp_path: Path, steady: int, code: int
) -> None:
    ended, lines, _ = run(tmp_path, ANOTHER + STEADY.format(count=steady))
    assert ended == code
    assert lines[-2] == f"2 of {steady + 2} unstable: more than 2% is a defect of the tests"


def test_a_single_unstable_case_of_a_small_suite_is_noise(tmp_path: Path) -> None:
    code, lines, _ = run(tmp_path, STEADY.format(count=4))
    assert code == 0
    assert lines[-2] == "1 of 5 unstable: more than 2% is a defect of the tests"


def test_what_passes_in_its_second_try_alone_is_unstable_too(tmp_path: Path) -> None:
    code, lines, report = run(tmp_path, STUBBORN.format(runs=3) + STEADY.format(count=98))
    assert code == 0, lines
    assert "UNSTABLE test_planted.py::test_stubborn: failed beside others, passed alone" in lines
    assert lines[-1].startswith("100 passed, 2 of them unstable in ")
    assert not any(real_things.has_failed(case) for case in ElementTree.parse(report).iter())


def test_nobody_gets_a_third_try_alone(tmp_path: Path) -> None:
    code, lines, _ = run(tmp_path, STUBBORN.format(runs=4) + STEADY.format(count=98))
    assert code == 1
    assert "FAILED test_planted.py::test_stubborn: beside others and twice alone" in lines


def test_what_fails_beside_others_and_twice_alone_has_failed(tmp_path: Path) -> None:
    code, lines, _ = run(tmp_path, BROKEN + STEADY.format(count=98))
    assert code == 1
    assert "FAILED test_planted.py::test_broken: beside others and twice alone" in lines
    assert lines[-1].startswith("1 failed, 99 passed, 1 of them unstable in ")


def test_a_suite_without_tests_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    command = [
        sys.executable,
        "-m",
        "tests.real_things",
        "live",
        "0",
        str(tmp_path / "report.xml"),
        "empty",
    ]
    environment = {**os.environ, "PYTHONPATH": IMPORT_PATH}
    assert (
        subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, check=False
        ).returncode
        != 0
    )


def test_who_ends_it_ends_the_tests(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\nmarkers = ["live: planted"]\n'
    )
    began = tmp_path / "began"
    (tmp_path / "test_planted.py").write_text(
        "import os, pathlib, time, pytest\n"
        "@pytest.mark.live\ndef test_long():\n    "
        f"pathlib.Path({str(began)!r}).write_text(str(os.getpid()))\n"
        "    time.sleep(600)\n"
    )
    command = [
        sys.executable,
        "-m",
        "tests.real_things",
        "live",
        "0",
        str(tmp_path / "report.xml"),
        "test_planted.py",
    ]
    environment = {**os.environ, "PYTHONPATH": IMPORT_PATH}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL
    ) as running:
        while not (began.is_file() and began.read_text()):
            time.sleep(0.05)
        running.terminate()
        assert running.wait(30) == 143
    deadline_s = time.monotonic() + 30
    while Path(f"/proc/{began.read_text()}").exists():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
