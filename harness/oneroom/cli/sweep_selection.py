"""The scenarios, environments and settings that a command line of `oneroom sweep` selects.

Rules: all problems are found before anything is run, all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from oneroom.checks.sweep_results import Setting
from oneroom.cli import selection, timing_option
from oneroom.cli.options import AppChoice
from oneroom.explore.sweep import environments, points
from oneroom.policies.registry import RECOMMENDED
from oneroom.report import sweep_file
from oneroom.report.folder import make
from oneroom.scenario import Problem, Range, Scenario, ScenarioError
from oneroom.scenario.shown_path import shown_path

FOLDER = "sweep"
"""The folder in that of reports for scenarios with their environments laid over them."""
_SPACED, _DRAWN = 6, 20
_MOST_SETTINGS = 10_000


def check_parquet(wanted: bool) -> None:
    """Check that Parquet can be written, if it is asked for. Raises click.UsageError."""
    if wanted:
        try:
            sweep_file.check_parquet()
        except sweep_file.ParquetMissing as error:
            raise click.UsageError(str(error)) from error


def scenarios(
    paths: Sequence[str],
    grep: tuple[str, str],
    checks: tuple[str, ...],
    app: AppChoice,
    policies: tuple[str, ...],
) -> tuple[Scenario, ...]:
    """The scenarios of a sweep; with an app in some of them, those alone. Raises ScenarioError and
    click.BadParameter.
    """
    selection.find_policies(policies)
    found, _ = selection.without_skipped(selection.scenarios(paths, *grep))
    judged = tuple(one.with_checks(checks) for one in found)
    chosen = selection.with_app(judged, app, policies)
    selection.find_checks(chosen)
    apps = tuple(one for one in chosen if one.bundle is not None)
    return apps or chosen


def settings(
    chosen: Sequence[Scenario],
    timing: Sequence[str],
    policies: Sequence[str],
    number: int | None,
    seed: int | None,
) -> list[Setting]:
    """The settings to compare: `number` values of each range, or with a `seed` so many settings in
    all. Those whose time-outs contradict each other are left out. Raises click.UsageError.
    """
    apps = list(dict.fromkeys(one.bundle.path for one in chosen if one.bundle is not None))
    if apps and timing:
        raise click.UsageError(
            f"{shown_path(apps[0])} is your own code, which has none of the time-outs that "
            "--timing sets; leave it out, and compare environments, or versions of the app"
        )
    if apps:
        return [Setting(app, {}) for app in apps]
    ranges, problems = timing_option.read(timing)
    timing_option.refuse(problems)
    made = [
        Setting(policy, point)
        for policy in policies or (RECOMMENDED,)
        for point in _points(ranges, number, seed)
    ]
    clashes = {place: found for place, one in enumerate(made) if (found := _clashes(chosen, one))}
    if len(clashes) == len(made):
        timing_option.refuse([problem for found in clashes.values() for problem in found])
    if clashes:
        first = next(iter(clashes.values()))[0]
        click.echo(f"Left out: {len(clashes)} of {len(made)} settings, as {first}.", err=True)
    return [one for place, one in enumerate(made) if place not in clashes]


def laid_over(
    chosen: Sequence[Scenario], named: Sequence[str], reports: Path
) -> list[tuple[Scenario, str]]:
    """Every scenario in every environment, with the environment's name; each is a file in the
    folder of reports, by which a run of it is repeated. Raises ScenarioError.
    """
    made: list[tuple[Scenario, str]] = []
    problems: list[Problem] = []
    folder = reports / FOLDER
    for environment in environments.find(named):
        for scenario in chosen:
            try:
                made.append((environment.over(scenario, folder), environment.name))
            except ScenarioError as error:
                problems += error.problems
    if not made:
        raise ScenarioError(problems)
    if problems:
        left_out = len(chosen) * len(named) - len(made)
        click.echo(
            f"Left out: {left_out} scenarios that contradict an environment: "
            f"{problems[0].message} ({problems[0].path}).",
            err=True,
        )
    _keep(one for one, _ in made if Path(one.path).parent == folder)
    return made


def _keep(laid: Iterable[Scenario]) -> None:
    for scenario in laid:
        file = Path(scenario.path)
        make(file.parents[1])
        file.parent.mkdir(exist_ok=True)
        file.write_text(scenario.text, encoding="utf-8")


def _points(ranges: dict[str, Range], number: int | None, seed: int | None) -> list[dict[str, int]]:
    if seed is not None:
        return points.drawn(ranges, number or _DRAWN, seed)
    spaced = number or _SPACED
    several = sum(span.is_draw for span in ranges.values())
    if spaced**several > _MOST_SETTINGS:
        raise click.UsageError(
            f"{spaced} values of {several} ranges are {spaced**several:,} settings; take fewer "
            "--points, or --random"
        )
    return points.grid(ranges, spaced)


def _clashes(chosen: Sequence[Scenario], setting: Setting) -> list[str]:
    found = [
        problem
        for scenario in chosen
        for problem in timing_option.clashes(scenario, setting.timings_us, (setting.policy,))
    ]
    return list(dict.fromkeys(found))
