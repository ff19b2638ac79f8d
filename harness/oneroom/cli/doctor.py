"""`oneroom doctor`: a check of this machine for what oneroom needs and what it could use."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from oneroom.checks.verdict import Exit
from oneroom.explore.determinism import DeterminismCheck
from oneroom.explore.determinism_client import DeterminismClient, DeterminismWorkerFailed
from oneroom.explore.judged_run import run_judged
from oneroom.explore.plan import Job, Plan
from oneroom.explore.store import FOLDER
from oneroom.explore.suite import processors
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import RECOMMENDED
from oneroom.report.folder import versions
from oneroom.scenario import parse

_PYTHON = (3, 11)
_SIMPY = "4.1.2"
_REPORTS = Path("reports")

# Every kind of choice is in it: ranges, delays, a crash, a hand-over.
_SELF_TEST = """\
scenario: the doctor's own
why: to see that a run repeats itself on this machine
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..900ms}
steps:
  - {at: 1s..2s, connect: {window: overlay, channel: lobby}}
  - {at: 4s..6s, crash: {window: main}}
"""


@dataclass(frozen=True)
class Diagnosis:
    """One line: `state` is ok, wrong (required and missing) or note."""

    state: str
    what: str
    detail: str


@click.command("doctor")
def command() -> int:
    """Check whether this machine has what oneroom needs.

    Only a line marked `wrong` keeps oneroom from working, and makes this command exit with 6.
    """
    found = [_python(), *_packages(), _folder(_REPORTS), _folder(FOLDER), _self_test(), *_live()]
    width = max(len(line.what) for line in found)
    for line in found:
        click.echo(f"{line.state:<5}  {line.what:<{width}}  {line.detail}")
    return Exit.INFRASTRUCTURE if any(line.state == "wrong" for line in found) else Exit.HELD


def _python() -> Diagnosis:
    state = "ok" if sys.version_info[:2] >= _PYTHON else "wrong"
    detail = (
        f"{platform.python_version()} {platform.python_implementation()}, {processors()} processors"
    )
    return Diagnosis(state, "python", detail)


def _packages() -> list[Diagnosis]:
    found: list[Diagnosis] = []
    for name, version in versions().items():
        if name == "python":
            continue
        if name == "simpy" and version != _SIMPY:
            found.append(
                Diagnosis("wrong", name, f"{version}; digests are only comparable with {_SIMPY}")
            )
        elif version == "not installed":
            found.append(Diagnosis("note" if name == "oneroom" else "wrong", name, version))
        else:
            found.append(Diagnosis("ok", name, version))
    return found


def _folder(path: Path) -> Diagnosis:
    """A line that says whether files can be written at `path`, or made where it would be."""
    if path.exists() and not path.is_dir():
        return Diagnosis("wrong", f"{path}/", "is a file, not a folder")
    place = path if path.is_dir() else path.absolute().parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Diagnosis("wrong", f"{path}/", f"cannot be written: {error.strerror}")
    free_mib = shutil.disk_usage(place).free // 2**20
    return Diagnosis("ok", f"{path}/", f"can be written, {free_mib:,} MiB free")


def _self_test() -> Diagnosis:
    plan = Plan((parse(_SELF_TEST, vocabulary(), "self-test"),), (RECOMMENDED,), range(1, 4))
    try:
        with DeterminismClient() as companion:
            check = DeterminismCheck(plan, 3, companion)
            for seed in plan.seeds:
                check.note(
                    Job(0, RECOMMENDED, seed),
                    run_judged(plan.scenarios[0], RECOMMENDED, seed).result,
                )
            differing = check.differences({})
    except DeterminismWorkerFailed as error:
        return Diagnosis("wrong", "determinism", error.args[0])
    if differing:
        return Diagnosis(
            "wrong", "determinism", f"{len(differing)} of 3 runs differ in another process"
        )
    return Diagnosis(
        "ok", "determinism", "3 runs are the same in another process with another hash seed"
    )


def _live() -> list[Diagnosis]:
    """Lines about what only live runs need; nothing here is an error."""
    wanted = {
        "docker": ("docker", "podman"),
        "livekit": ("livekit-server",),
        "chromium": ("chromium", "google-chrome"),
    }
    found: list[Diagnosis] = []
    for what, programs in wanted.items():
        places = [place for place in map(shutil.which, programs) if place]
        found.append(
            Diagnosis(
                "note",
                what,
                places[0] if places else "not found; only live runs need it",
            )
        )
    return found
