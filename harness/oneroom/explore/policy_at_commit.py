"""Runs under a policy of the user's own as it was at a commit: in a process of their own.

A module is imported once in a process, so two versions of it cannot be in one. The other process is
`oneroom run` in the folder of the commit; its lines of `--json` are the runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from oneroom.checks.compared_run import ComparedRun
from oneroom.explore.git_worktree import Worktree

_WHERE = "import importlib, sys; print(importlib.import_module(sys.argv[1]).__file__)"


class NotAtCommit(Exception):
    """A policy that cannot be run as it was at a commit; its text is one clause."""


class _Finding(msgspec.Struct, frozen=True):
    check: str


class _Line(msgspec.Struct, frozen=True):
    """A line of `--json`, as far as it is compared."""

    kind: str
    scenario: str = ""
    title: str = ""
    seed: int = 0
    violations: tuple[_Finding, ...] = ()
    ledger: dict[str, int] = {}


def run_at_commit(
    policy: str, at: Worktree, paths: Sequence[str], options: Sequence[str]
) -> Iterator[ComparedRun]:
    """The runs of `oneroom run` under `policy` as it was at a commit, of the scenarios at
    `paths`, which are the present ones. Raises NotAtCommit.
    """
    environment = _environment(at)
    module = policy.partition(":")[0] if ":" in policy else "oneroom"
    found = subprocess.run(
        (sys.executable, "-c", _WHERE, module),
        cwd=at.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        raise NotAtCommit(f"{module} cannot be imported: {found.stderr.strip().splitlines()[-1]}")
    file = Path(found.stdout.strip().splitlines()[-1]).resolve()
    if not file.is_relative_to(at.top.resolve()):
        raise NotAtCommit(f"{module} is imported from {file}, which is not in the commit")
    command = (sys.executable, "-m", "oneroom", "run", *paths, "--policy", policy, "--json")
    fixed = ("--check-determinism", "0", "--report-dir", str(at.top.parent / "reports"))
    with subprocess.Popen(
        (*command, *fixed, "--grep-invert", "", *options),
        cwd=at.folder,
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as child:
        try:
            yield from _runs_of(child)
        finally:
            child.terminate()


def _runs_of(child: subprocess.Popen[str]) -> Iterator[ComparedRun]:
    """The runs in what `oneroom run --json` prints. Raises NotAtCommit if there is none."""
    assert child.stdout is not None
    ran = False
    for text in child.stdout:
        line = msgspec.json.decode(text, type=_Line)
        if line.kind == "run":
            ran = True
            broken = tuple(dict.fromkeys(one.check for one in line.violations))
            yield ComparedRun(line.scenario, line.title, line.seed, broken, line.ledger, "")
    if not ran:
        raise NotAtCommit(f"its runs ended with exit code {child.wait()}")


def _environment(at: Worktree) -> dict[str, str]:
    """The environment, without oneroom's own options, and with the commit's folders in the import
    path in the place of the present ones.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONEROOM_")}
    repository = at.repository.resolve()
    folders = []
    for folder in filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        whole = Path(folder).resolve()
        inside = whole.is_relative_to(repository)
        folders.append(str(at.top / whole.relative_to(repository)) if inside else folder)
    kept["PYTHONPATH"] = os.pathsep.join(folders)
    return kept
