"""`oneroom compare`: two policies, two apps, or two commits of one, under the same draws."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from oneroom.checks.verdict import Exit
from oneroom.cli import options
from oneroom.cli.interrupts import Interrupts

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.checks.compared_run import ComparedRun
    from oneroom.explore.git_worktree import Worktree
    from oneroom.scenario import Scenario
    from oneroom.scenario.bundle import EngineName

_AT = "@git:"
_APPS = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx")


@click.command("compare")
@click.argument("reference", metavar="REFERENCE")
@click.argument("candidate", metavar="CANDIDATE")
@click.argument("paths", nargs=-1, metavar="[PATH[:LINE]]...")
@options.js_option
@options.check_option
@click.option(
    "--seeds",
    metavar="N|A..B",
    default="100",
    show_default=True,
    callback=options.seeds,
    help="Number of seeds, or a range of them.",
)
@options.jobs_option
@options.grep_option
@click.option(
    "--tolerance",
    callback=options.time_s,
    metavar="TIME",
    default="100ms",
    show_default=True,
    help="A time of the ledger that differs by no more is as good.",
)
@click.option(
    "--fail-if-worse",
    type=click.Choice(("checks", "ledger", "any", "never")),
    default="ledger",
    show_default=True,
    help="Exit code 1 if a check or limit breaks that did not before (checks); or also if an entry "
    "of the ledger is worse in more runs than chance explains (ledger); or if any run is worse.",
)
@options.json_option("One JSON object in place of the table.")
def command(
    reference: str,
    candidate: str,
    paths: tuple[str, ...],
    js: EngineName,
    check: tuple[str, ...],
    seeds: range,
    jobs: int,
    grep: str,
    tolerance: float,
    fail_if_worse: str,
    as_json: bool,
) -> int:
    """Compare two policies, two apps, or two commits of one, run for run.

    REFERENCE and CANDIDATE are names of policies, or files of apps (voice.ts). With @git:REVISION
    behind it (voice.ts@git:HEAD, my_policies:Mine@git:v1) one is taken from that commit, which is
    checked out into a folder of its own for the time being. Both run the same scenarios with the
    same seeds, and each run of CANDIDATE is judged against the same run of REFERENCE: checks,
    limits and every entry of the ledger.

    Exit codes: 0 not worse, 1 worse by --fail-if-worse, 5 no run that both can make.
    """
    from oneroom.cli import selection
    from oneroom.report import comparison
    from oneroom.report.style import style_for
    from oneroom.scenario import ScenarioError

    try:
        found, _ = selection.without_skipped(selection.scenarios(paths, grep))
        found = tuple(one.with_checks(check) for one in found)
        selection.find_checks(found)
        asked = _Asked(found, paths, js, check, seeds, jobs, grep)
        with Interrupts() as interrupts:
            before = _runs(_Version(reference), asked, interrupts)
            after = _runs(_Version(candidate), asked, interrupts)
    except ScenarioError as error:
        return selection.refuse(error)
    again = f"oneroom compare {shlex.quote(reference)} {shlex.quote(candidate)}"
    if _AT in candidate:
        after = [
            msgspec.structs.replace(
                run, repro=f"{again} {shlex.quote(run.scenario)} --seeds {run.seed}..{run.seed}"
            )
            for run in after
        ]
    made = comparison.compare(
        (reference, candidate), before, after, tolerance_ms=round(tolerance * 1_000)
    )
    if made.runs == 0:
        click.echo("Nothing to compare: there is no run that both can make.", err=True)
        return Exit.NOTHING_SELECTED
    worse = made.is_worse(comparison.Rule(fail_if_worse))
    code = Exit.VIOLATED if worse else Exit.HELD
    if as_json:
        verdict = {"rule": fail_if_worse, "verdict": _word(worse), "exit_code": int(code)}
        click.echo(comparison.line(made, verdict))
        return code
    style = style_for(sys.stdout, os.environ)
    click.echo(comparison.text(made, style))
    paint = style.bad if worse else style.good
    click.echo(f"{paint(_word(worse).upper())}  {comparison.conclusion(made)}")
    return code


def _word(worse: bool) -> str:
    return "worse" if worse else "not worse"


@dataclass(frozen=True)
class _Asked:
    """The runs that both versions make; `paths` and `grep` have led to `scenarios`."""

    scenarios: tuple[Scenario, ...]
    paths: tuple[str, ...]
    js: EngineName
    checks: tuple[str, ...]
    seeds: range
    processes: int
    grep: str


class _Version:
    """A policy or an app, as it is now or at a commit."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.what, at, self.revision = name.partition(_AT)
        self.is_app = self.what.endswith(_APPS)
        if not self.what or (at and not self.revision):
            raise click.UsageError(f"{name!r} names no version; write for example app.ts@git:HEAD")


def _runs(version: _Version, asked: _Asked, interrupts: Interrupts) -> list[ComparedRun]:
    """All runs of a version. Raises click.UsageError, ScenarioError."""
    from oneroom.checks.compared_run import compared_run
    from oneroom.cli import selection
    from oneroom.explore import suite
    from oneroom.explore.git_worktree import NoCommit, worktree
    from oneroom.explore.plan import Plan, WorkerDied
    from oneroom.explore.policy_at_commit import NotAtCommit
    from oneroom.explore.store import FOLDER

    with ExitStack() as stack:
        at = None
        try:
            if version.revision:
                at = stack.enter_context(worktree(version.revision, FOLDER, interrupts.deferred))
            if at is not None and not version.is_app:
                return _at_commit(version, at, asked)
        except (NoCommit, NotAtCommit) as error:
            raise click.UsageError(f"{version.name}: {error}") from error
        policies: tuple[str, ...] = ()
        chosen = asked.scenarios
        if version.is_app:
            chosen = _with_app(version, at, asked)
        else:
            policies = (version.what,)
            selection.find_policies(policies, "REFERENCE or CANDIDATE")
        plan = Plan(chosen, policies, asked.seeds)
        plan.check_platforms()
        try:
            results = suite.run(plan, asked.processes or suite.processors(), asked.processes > 0)
            return [compared_run(result) for _, result in results]
        except WorkerDied as error:
            raise click.ClickException(str(error)) from error


def _with_app(version: _Version, at: Worktree | None, asked: _Asked) -> tuple[Scenario, ...]:
    """The scenarios with the app in their windows, under the name of the version."""
    from oneroom.cli import selection

    file = version.what
    if at is not None:
        file = Path(os.path.relpath(at.folder / version.what)).as_posix()
    choice = options.AppChoice(file, False, asked.js)
    made = selection.with_app(asked.scenarios, choice, ())
    return tuple(
        one.with_bundle(one.bundle and msgspec.structs.replace(one.bundle, path=version.name))
        for one in made
    )


def _at_commit(version: _Version, at: Worktree, asked: _Asked) -> list[ComparedRun]:
    """The runs under a policy of the user's own at a commit, with the present scenarios."""
    from oneroom.cli.selection import DEFAULT_FOLDER
    from oneroom.explore.policy_at_commit import run_at_commit

    whole = [_whole(path) for path in asked.paths or (DEFAULT_FOLDER,)]
    extra = [word for name in asked.checks for word in ("--check", name)]
    extra += ["--seeds", options.format_seeds(asked.seeds), "--grep", asked.grep]
    if asked.processes:
        extra += ["--jobs", str(asked.processes)]
    present = {str(Path(one.path).absolute()): one.path for one in asked.scenarios}
    return [
        msgspec.structs.replace(run, scenario=present.get(run.scenario, run.scenario))
        for run in run_at_commit(version.what, at, whole, extra)
    ]


def _whole(path: str) -> str:
    return path if path.startswith("oneroom:") else str(Path(path).absolute())
