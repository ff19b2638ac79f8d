"""A changed run kept as a scenario of its own: a YAML file with the times that were drawn and
moved, and beside it, for a run that is violated, all its draws.

Rules: a new file in the chosen folder, never in the place of another one. What the scenario that it
came from expects is left out: this one says by its checks what must hold.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from oneroom.checks.results import Failure
from oneroom.explore.judged_run import JudgedRun, repro, run_judged
from oneroom.explore.scenario_text import ScenarioText, scenario_text
from oneroom.explore.stored_failure import render, stored_failure
from oneroom.explore.what_if import SCHEDULE, Immovable, Version, first_version, fixed_schedule
from oneroom.report.folder import versions
from oneroom.scenario import Scenario
from oneroom.scenario.diagnostic import printable
from oneroom.scenario.expect import Expect
from oneroom.scenario.shown_path import quoted, shown_path
from oneroom.scenario.write import write
from oneroom.ui.server import Refused

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
# Seeds of which the first is told that comes to the same.
_TRIED = range(1, 21)


def save(version: Version, changes: Sequence[str], folder: Path, name: str) -> dict[str, Any]:
    """Keep a run as `folder`/`name`.yaml; `changes` are told at its beginning. Returns the path,
    the command that runs it, and the one that repeats the very run, "" if it holds. Raises Refused.
    """
    if not _NAME.fullmatch(name):
        raise Refused("a name has small letters, digits and hyphens, 63 at most: owner-crashes")
    file = folder / f"{name}.yaml"
    try:
        text = _text(version, changes, folder)
    except Immovable as error:
        raise Refused(str(error)) from error
    made = _made(version, msgspec.structs.replace(text, path=shown_path(file.as_posix())))
    _write(file, text.text)
    replays, failed = file.with_suffix(".json"), bool(made.result.violations)
    if failed:
        try:
            _write(replays, _with_draws(made))
        except Refused:
            file.unlink(missing_ok=True)
            raise
    seed = _seed_like(made)
    shown_seed = made.result.seed if seed is None else seed
    return {
        "path": shown_path(file.as_posix()),
        "command": repro(made.run.scenario, made.result.policy, shown_seed),
        "repeats": seed is not None,
        "replay": f"oneroom replay {quoted(shown_path(replays.as_posix()))}" if failed else "",
    }


def _text(version: Version, changes: Sequence[str], folder: Path) -> ScenarioText:
    scenario, result = fixed_schedule(version), version.made.result
    bundle = scenario.bundle
    kept: dict[str, Any] = {"expect": Expect()}
    if bundle is None:
        kept["policies"] = (result.policy,)
    elif not bundle.command:
        kept["app"] = Path(os.path.relpath(bundle.path, folder)).as_posix()
    head = [f"# Of {shown_path(result.scenario)}, seed {result.seed}, with:"]
    head += [f"#   {printable(change)}" for change in changes] or ["#   the times of that seed"]
    text = "\n".join(head) + f"\n{write(scenario.model_copy(update=kept))}"
    return msgspec.structs.replace(scenario_text(scenario), text=text)


def _made(version: Version, text: ScenarioText) -> JudgedRun:
    """The run of the file, from the draws of the changed one."""
    result = version.made.result
    tape = [draw for draw in version.made.run.tape if draw.label not in SCHEDULE]
    return first_version(text.scenario(), result.policy, result.seed, tape).made


def _with_draws(made: JudgedRun) -> str:
    result = made.result
    failure = Failure(result, result.violations[0], result.id, "", stored=True, hits=1)
    return render(stored_failure(failure, made, versions()))


def _seed_like(made: JudgedRun) -> int | None:
    """The first seed under which the scenario comes to the same, None if none of a few does."""
    scenario: Scenario = made.run.scenario
    for seed in _TRIED:
        again = run_judged(scenario, made.result.policy, seed).result
        if _outcome(again.violations) == _outcome(made.result.violations):
            return seed
    return None


def _outcome(findings: Sequence[Any]) -> frozenset[str]:
    return frozenset(finding.check for finding in findings)


def _write(file: Path, text: str) -> None:
    """Write a new file. Raises Refused."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # A link in its place is a file as well, wherever it leads.
        new = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError as error:
        raise Refused(f"{shown_path(file)} is there already; choose another name") from error
    except OSError as error:
        raise Refused(f"{shown_path(file)} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(new, "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise Refused(f"{shown_path(file)} cannot be written: {error.strerror}") from error
