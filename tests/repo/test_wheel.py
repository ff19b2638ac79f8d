"""The wheel that `pip install` gives a user, in an environment of its own.

A project with a package `harness` and a module `fakes` stands beside it.

Rules: nothing is fetched. The wheel is built with the hatchling of the test environment; the
packages that it needs are reached by a path, which the editable install of the test environment is
not on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.explore.texts import HELD
from tests.project import ROOT

DEPENDENCIES = Path(sysconfig.get_path("purelib"))
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
POLICY = '''\
"""The election of this app."""

from oneroom.policies.web_lock import WebLock


class Ours(WebLock):
    """A web lock, as ours."""
'''


class User(NamedTuple):
    """A user's project folder, and the environment in which oneroom is installed for it."""

    project: Path
    environment: Path

    @property
    def bin(self) -> Path:
        return self.environment / "bin"

    @property
    def site_packages(self) -> Path:
        (found,) = self.environment.glob("lib/python*/site-packages")
        return found

    def call(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return run(*command, folder=self.project)


def run(
    *command: str | Path, folder: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command without the variables that would let it find this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**kept, **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    options = ["--quiet", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir"]
    built = run(*PIP, "wheel", *options, folder, ROOT, folder=folder)
    assert built.returncode == 0, built.stderr
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def user(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> User:
    found = User(tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("environment"))
    venv.create(found.environment, with_pip=False)
    python = str(found.bin / "python")
    install = ["--python", python, "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    installed = run(*PIP, *install, folder=found.project)
    assert installed.returncode == 0, installed.stderr
    assert sorted(path.name for path in found.site_packages.iterdir()) == [
        "oneroom",
        f"oneroom-{wheel.name.split('-')[1]}.dist-info",
        "oneroom_fakes",
    ]
    # A path in a .pth file is put on sys.path; the .pth files that lie there are not read.
    (found.site_packages / "dependencies.pth").write_text(f"{DEPENDENCIES}\n", encoding="utf-8")
    (found.project / "harness").mkdir()
    (found.project / "harness" / "__init__.py").touch()
    (found.project / "harness" / "policies.py").write_text(POLICY, encoding="utf-8")
    (found.project / "fakes.py").write_text("raise ImportError('not for oneroom')\n", "utf-8")
    (found.project / "scenarios").mkdir()
    (found.project / "scenarios" / "held.yaml").write_text(HELD, encoding="utf-8")
    return found


def test_the_command_is_that_of_the_wheel(user: User) -> None:
    where = "import oneroom, oneroom_fakes; print(oneroom.__file__, oneroom_fakes.__file__)"
    files = user.call(user.bin / "python", "-c", where).stdout.split()
    assert [Path(file).parent.parent for file in files] == [user.site_packages] * 2


@pytest.mark.parametrize("command", [["oneroom"], ["python", "-m", "oneroom"]])
def test_a_suite_runs_beside_a_harness_and_fakes_of_the_users_own(
    user: User, command: list[str]
) -> None:
    """`python -m` puts the project's folder first on the path; so does a policy of the user's."""
    options = ["--policy", "web-lock,harness.policies:Ours", "--seeds", "2", "-j", "2"]
    called = user.call(user.bin / command[0], *command[1:], "run", *options)
    assert (called.returncode, called.stderr) == (0, "")
    held = [line.split() for line in called.stdout.splitlines() if line.startswith("✓")]
    assert [words[2] for words in held] == ["web-lock", "harness.policies:Ours"]


def test_the_scenarios_of_the_plan_are_in_the_wheel(user: User) -> None:
    name = "oneroom:stage1/main-crashes.yaml"
    called = user.call(user.bin / "oneroom", "run", name, "--seeds", "2")
    assert called.returncode == 0, called.stderr
    assert called.stdout.startswith(f"✓ {name}  web-lock-lease  2 seeds  held")
    carried = user.site_packages / "oneroom" / "scenarios"
    files = {path.relative_to(carried) for path in carried.rglob("*.*")}
    assert files == {path.relative_to(ROOT / "scenarios") for path in ROOT.glob("scenarios/**/*.*")}


def test_pytest_finds_the_plugin_of_the_wheel(user: User) -> None:
    """And its modules work with their assertions rewritten, as pytest does to every plugin's."""
    options = ["-p", "no:cacheprovider", "--oneroom", "--oneroom-seeds", "2", "scenarios"]
    called = user.call(user.bin / "python", "-m", "pytest", "-v", *options)
    assert called.returncode == 0, called.stdout + called.stderr
    assert "scenarios/held.yaml::web-lock-lease PASSED" in called.stdout
