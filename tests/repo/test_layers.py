"""The import contracts of pyproject.toml hold, and each of them is able to fail.

Rules: one planted breach for each contract. A contract without one fails
`test_every_contract_has_a_breach`, because a contract that cannot be broken (a misspelt module, a
pattern that matches nothing) looks exactly like one that is kept.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.project import ROOT

ROOTS = {"oneroom": "harness", "oneroom_fakes": "fakes"}


class Breach(NamedTuple):
    """A module that must not be: `line` in a new module of `package` breaks the contract
    `contract`.
    """

    contract: str
    package: str
    line: str


BREACHES = [
    Breach("layers", "harness/oneroom/core", "import oneroom.sim.kernel"),
    Breach("layers", "harness/oneroom/core", "import oneroom.ablation"),
    Breach("layers", "harness/oneroom/policies", "from oneroom.ablation.without import without"),
    Breach("layers", "harness/oneroom/driver", "import oneroom.ablation"),
    Breach("layers", "harness/oneroom/trace", "import oneroom.checks"),
    Breach("layers", "harness/oneroom/ports", "import oneroom.trace"),
    Breach("layers", "harness/oneroom/sim", "import oneroom.cli"),
    Breach("layers", "harness/oneroom/driver", "import oneroom.sim.kernel"),
    Breach("layers", "harness/oneroom/checks", "import oneroom.scenario"),
    Breach("layers", "harness/oneroom/a_package_on_no_layer", "import enum"),
    Breach("no-circles", "harness/oneroom/live/process", "import oneroom.live.run"),
    Breach("core-alone", "harness/oneroom/core", "import os"),
    Breach("core-alone", "harness/oneroom/core", "from functools import cache"),
    Breach("core-alone", "harness/oneroom/core", "import simpy"),
    Breach("checks-apart", "harness/oneroom/checks", "from oneroom.core import messages"),
    Breach("checks-apart", "harness/oneroom/checks", "import oneroom.policies"),
    Breach("checks-apart", "harness/oneroom/trace", "from oneroom.core import coordinator"),
    Breach("fakes-only-in-sim", "harness/oneroom/cli", "import oneroom_fakes"),
    Breach("fakes-only-in-sim", "harness/oneroom/explore", "from oneroom_fakes import planted"),
    Breach("fakes-only-in-sim", "harness/oneroom/driver", "import oneroom_fakes"),
    Breach("fakes-know-ports", "fakes/oneroom_fakes", "import oneroom.core.coordinator"),
    Breach("fakes-know-ports", "fakes/oneroom_fakes", "import oneroom.trace"),
    Breach("fakes-know-ports", "fakes/oneroom_fakes", "import oneroom.sim.kernel"),
    Breach("simpy-in-kernel", "harness/oneroom/sim", "import simpy"),
    Breach("simpy-in-kernel", "fakes/oneroom_fakes", "from simpy import Environment"),
    Breach("layers", "harness/oneroom/driver", "import oneroom.javascript"),
    Breach("engine-in-javascript", "harness/oneroom/sim", "import quickjs"),
    Breach("engine-in-javascript", "harness/oneroom/javascript", "import _quickjs"),
    Breach("real-world-in-live", "harness/oneroom/sim", "import asyncio"),
    Breach("real-world-in-live", "harness/oneroom/cli", "import livekit.rtc"),
    Breach("real-world-in-live", "harness/oneroom/cli", "import docker"),
    Breach("yaml-in-scenario", "harness/oneroom/cli", "import yaml"),
    Breach("yaml-in-scenario", "harness/oneroom/report", "from pydantic import BaseModel"),
    Breach("one-door-to-chance", "harness/oneroom/choices", "import random"),
    Breach("one-door-to-chance", "harness/oneroom/explore", "from uuid import uuid4"),
    Breach("no-clock-inside", "harness/oneroom/sim", "from time import monotonic"),
    Breach("no-clock-inside", "fakes/oneroom_fakes", "import datetime"),
    Breach("test-libraries", "harness/oneroom/choices", "import hypothesis"),
]


def contracts() -> dict[str, str]:
    """Name of each contract by its id, as pyproject.toml declares them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {entry["id"]: entry["name"] for entry in settings["tool"]["importlinter"]["contracts"]}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the project in `folder`; its own source roots come first on the path."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(folder / root) for root in ROOTS.values()),
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


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
    if found := re.match(r"import ((?:oneroom|oneroom_fakes)[.\w]*)$", breach.line):
        package_name, *inside = found[1].split(".")
        target = project.joinpath(ROOTS[package_name], package_name, *inside)
        if not target.is_dir() and not target.with_suffix(".py").exists():
            target.with_suffix(".py").write_text('"""Planted."""\n')
    (package / "planted.py").write_text(f'"""Planted."""\n\n{breach.line}\n')


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and the contracts, to be spoilt."""
    no_caches = shutil.ignore_patterns("__pycache__")
    for root in ROOTS.values():
        shutil.copytree(ROOT / root, tmp_path / root, ignore=no_caches)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold() -> None:
    ran = lint_imports(ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_contract_has_a_breach() -> None:
    assert {breach.contract for breach in BREACHES} == set(contracts())


@pytest.mark.parametrize(
    "breach", BREACHES, ids=lambda breach: f"{breach.contract}: {breach.package}: {breach.line}"
)
def test_a_planted_breach_is_reported_by_name(copy: Path, breach: Breach) -> None:
    plant(copy, breach)
    ran = lint_imports(copy)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert contracts()[breach.contract] in broken(ran.stdout), ran.stdout


def test_a_module_that_breaches_nothing_is_let_through(copy: Path) -> None:
    # The copy itself must be clean, or the planted breaches would prove nothing.
    plant(copy, Breach("", "harness/oneroom/core", "from typing import Final"))
    plant(copy, Breach("", "fakes/oneroom_fakes", "from oneroom.core.messages import Message"))
    ran = lint_imports(copy)
    assert ran.returncode == 0, ran.stdout + ran.stderr
