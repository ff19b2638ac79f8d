"""The import contracts of pyproject.toml hold, and each of them is able to fail.

Rules: one planted breach for each contract. A contract without one fails `test_every_contract_has_a_breach`, because a
contract that cannot be broken (a misspelt module, a pattern that matches nothing) looks exactly like one that is kept.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).resolve().parents[2]


class Breach(NamedTuple):
    """A module that must not be: `line` in a new module of `package` breaks the contract `contract`."""

    contract: str
    package: str
    line: str


BREACHES = [
    Breach("layers", "harness/core", "import harness.sim.kernel"),
    Breach("layers", "harness/trace", "import harness.checks"),
    Breach("layers", "harness/sim", "import harness.cli"),
    Breach("layers", "harness/driver", "import harness.sim.kernel"),
    Breach("layers", "harness/checks", "import harness.scenario"),
    Breach("layers", "harness/a_package_on_no_layer", "import enum"),
    Breach("core-alone", "harness/core", "import os"),
    Breach("core-alone", "harness/core", "from functools import cache"),
    Breach("core-alone", "harness/core", "import simpy"),
    Breach("checks-apart", "harness/checks", "from harness.core import messages"),
    Breach("checks-apart", "harness/checks", "import harness.policies"),
    Breach("fakes-only-in-sim", "harness/cli", "import fakes"),
    Breach("fakes-only-in-sim", "harness/explore", "from fakes import planted"),
    Breach("fakes-only-in-sim", "harness/driver", "import fakes"),
    Breach("fakes-know-ports", "fakes", "import harness.core.coordinator"),
    Breach("fakes-know-ports", "fakes", "import harness.trace"),
    Breach("fakes-know-ports", "fakes", "import harness.sim.kernel"),
    Breach("simpy-in-kernel", "harness/sim", "import simpy"),
    Breach("simpy-in-kernel", "fakes", "from simpy import Environment"),
    Breach("real-world-in-live", "harness/sim", "import asyncio"),
    Breach("real-world-in-live", "harness/cli", "import livekit.rtc"),
    Breach("real-world-in-live", "harness/cli", "import docker"),
    Breach("yaml-in-scenario", "harness/cli", "import yaml"),
    Breach("yaml-in-scenario", "harness/report", "from pydantic import BaseModel"),
    Breach("one-door-to-chance", "harness/choices", "import random"),
    Breach("one-door-to-chance", "harness/explore", "from uuid import uuid4"),
    Breach("no-clock-inside", "harness/sim", "from time import monotonic"),
    Breach("no-clock-inside", "fakes", "import datetime"),
    Breach("no-hypothesis", "harness/choices", "import hypothesis"),
]


def contracts() -> dict[str, str]:
    """Name of each contract by its id, as pyproject.toml declares them."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    return {entry["id"]: entry["name"] for entry in settings["tool"]["importlinter"]["contracts"]}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the project in `folder`; the packages of that folder win, as it is the current one."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def broken(output: str) -> set[str]:
    """Names of the contracts that import-linter's summary calls broken."""
    # The summary is wrapped to the width of a terminal; names are short enough for one line each.
    return set(re.findall(r"^(.+) BROKEN", output, flags=re.MULTILINE))


def plant(project: Path, breach: Breach) -> None:
    """Add the module, and an empty one for whatever of ours it imports that is not there."""
    package = project / breach.package
    if not package.is_dir():
        package.mkdir()
        (package / "__init__.py").write_text('"""Planted."""\n')
    if found := re.match(r"import ((?:harness|fakes)[.\w]*)$", breach.line):
        target = project.joinpath(*found[1].split("."))
        if not target.is_dir() and not target.with_suffix(".py").exists():
            target.with_suffix(".py").write_text('"""Planted."""\n')
    (package / "planted.py").write_text(f'"""Planted."""\n\n{breach.line}\n')


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and the contracts, to be spoilt."""
    no_caches = shutil.ignore_patterns("__pycache__")
    for package in ("harness", "fakes"):
        shutil.copytree(PROJECT / package, tmp_path / package, ignore=no_caches)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold() -> None:
    ran = lint_imports(PROJECT)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_contract_has_a_breach() -> None:
    assert {breach.contract for breach in BREACHES} == set(contracts())


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.contract}: {breach.package}: {breach.line}")
def test_a_planted_breach_is_reported_by_name(copy: Path, breach: Breach) -> None:
    plant(copy, breach)
    ran = lint_imports(copy)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert contracts()[breach.contract] in broken(ran.stdout), ran.stdout


def test_a_module_that_breaches_nothing_is_let_through(copy: Path) -> None:
    # The copy itself must be clean, or the planted breaches would prove nothing.
    plant(copy, Breach("", "harness/core", "from typing import Final"))
    plant(copy, Breach("", "fakes", "from harness.core.messages import Message"))
    ran = lint_imports(copy)
    assert ran.returncode == 0, ran.stdout + ran.stderr
