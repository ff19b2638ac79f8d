"""`oneroom fuzz`: drawn scenarios, run after run, until time, a number of runs, or a failure."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oneroom.cli import options

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.explore.symptom import Symptom
    from oneroom.scenario.bundle import EngineName

# Far more than anybody waits for; a search without a bound ends with a failure or with Ctrl-C.
_ENDLESS_RUNS = 1_000_000_000


def _strategies(
    _context: click.Context, _parameter: click.Parameter, value: str
) -> tuple[str, ...]:
    """Callback of the option for strategies."""
    from oneroom.explore.strategies.registry import parse_strategies

    try:
        return parse_strategies(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("fuzz")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@options.policy_option("Search")
@options.app_option
@options.app_command_option
@options.js_option
@options.check_option
@options.timing_option
@click.option(
    "--max-time",
    callback=options.time_s,
    metavar="TIME",
    help="Stop after this time: 60s, 10m, 1h.",
)
@click.option("--max-runs", type=click.IntRange(min=1), metavar="N", help="Stop after N runs.")
@options.seed_option("The first seed; by default a new one each time, printed.")
@options.jobs_option
@options.grep_option
@options.grep_invert_option
@click.option(
    "--continue-on-failure",
    is_flag=True,
    help="Continue after a failure, and report all distinct ones.",
)
@click.option(
    "--until",
    metavar="SYMPTOM",
    help="Look for this symptom alone: a check (single_room), or a value of the ledger "
    "('flaps >= 2'). Exit code 1 when it has shown, 3 when it has not.",
)
@click.option(
    "--strategy",
    metavar="NAME[,NAME]",
    default="swarm",
    show_default=True,
    callback=_strategies,
    help="How runs draw: uniform, swarm, priority, coverage, hypothesis; several take turns; auto.",
)
@options.json_option("A line of JSON for each failure, a summary last.")
@click.option(
    "--reporter",
    metavar="A,B",
    default="text",
    show_default=True,
    callback=options.reporters("text", "json", "github"),
    help="Any of text, json, github (annotations, job summary).",
)
@options.report_dir_option
def command(
    paths: tuple[str, ...],
    policy: tuple[str, ...],
    app: str,
    app_command: tuple[str, ...],
    js: EngineName,
    check: tuple[str, ...],
    timing: tuple[str, ...],
    max_time: float | None,
    max_runs: int | None,
    seed: int | None,
    jobs: int,
    grep: str,
    grep_invert: str,
    continue_on_failure: bool,
    until: str | None,
    strategy: tuple[str, ...],
    as_json: bool,
    reporter: dict[str, str],
    report_dir: Path,
) -> int:
    """Search for failures in drawn scenarios.

    Every run takes the windows and the steps of a scenario file and draws more windows, steps and
    faults on top. The first failure is shrunk, kept in .oneroom/failures with its scenario as a
    file, and ends the search.

    With --until every other failure is passed over, and the search stops at the first run that
    shows the symptom, whatever the scenario expects.

    PATH is a scenario file or a folder of them; without one it is the folder `scenarios`.
    `oneroom:stage1` is a folder of the scenarios that come with oneroom, `oneroom:` all of them.
    """
    from oneroom.cli import selection
    from oneroom.cli.search import SearchSession
    from oneroom.explore.fuzz import Search, fuzz_result
    from oneroom.report.progress import Progress
    from oneroom.scenario import ScenarioError

    chosen_app = options.choose_app(app, app_command, js, policy)
    selection.find_policies(policy)
    try:
        found, skipped = selection.without_skipped(selection.scenarios(paths, grep, grep_invert))
    except ScenarioError as error:
        return selection.refuse(error)
    found = selection.with_app(tuple(one.with_checks(check) for one in found), chosen_app, policy)
    chosen = selection.with_timings(found, timing, policy)
    if not chosen:
        return selection.nothing_selected(grep, grep_invert, len(skipped))
    first = _new_seed() if seed is None else seed
    symptom = _symptom(until, check, continue_on_failure)
    plan = Search(
        chosen,
        policy,
        range(first, first + 1),
        partial(fuzz_result, expect=None if symptom is None else symptom.expect),
        most_runs=max_runs or _ENDLESS_RUNS,
        symptom=symptom,
        strategies=strategy,
    )
    selection.find_policies(plan.named_policies())
    selection.find_checks(plan.scenarios)
    try:
        plan.check_platforms()
    except ScenarioError as error:
        return selection.refuse(error)
    kinds = options.with_json(reporter, as_json)
    progress = Progress(sys.stderr, max_runs or 0, max_time)
    session = SearchSession(plan, kinds, report_dir, progress, goes_on=continue_on_failure)
    return session.run(jobs, max_time)


def _new_seed() -> int:
    """Two searches in a row see different runs; what is found is repeated by its tape."""
    return time.time_ns() // 1_000_000 % 1_000_000_000


def _symptom(until: str | None, checks: tuple[str, ...], goes_on: bool) -> Symptom | None:
    """The symptom of a command line. Raises click.UsageError."""
    if until is None:
        return None
    if goes_on:
        raise click.UsageError("--until stops at its symptom; leave out --continue-on-failure")
    from oneroom.checks.registry import load
    from oneroom.explore.symptom import parse_symptom

    try:
        return parse_symptom(until, [load(name).name for name in checks])
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--until") from error
