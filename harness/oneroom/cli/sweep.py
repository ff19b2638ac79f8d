"""`oneroom sweep`: time-outs compared over policies and environments, and which to set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oneroom.cli import options

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.scenario.bundle import EngineName

_CALLS = "oneroom:sweep"


def _environments(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Parse names of environments; the scenario's own for none."""
    names = [name.strip() for value in values for name in value.split(",")]
    if "" in names:
        raise click.BadParameter("it has an empty name; leave the option out")
    return tuple(dict.fromkeys(names)) or ("none",)


@click.command("sweep")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--timing",
    multiple=True,
    metavar="NAME=A..B",
    help="Compare values of this time-out: lease=1s..6s; repeat it, or write a=1s..2s,b=2s.",
)
@options.policy_option("Compare")
@options.app_option
@options.app_command_option
@options.js_option
@options.check_option
@click.option(
    "--environment",
    multiple=True,
    metavar="A,B+C",
    callback=_environments,
    help="Lay this over the scenarios: hidden-chrome, suspended-webview, laptop-sleep, "
    "slow-storage, busy-owner, none, or a file; B+C is both at once.",
)
@click.option(
    "--points",
    type=click.IntRange(min=2),
    metavar="N",
    help="Values of each range; with --random, settings.  [default: 6; 20]",
)
@click.option("--random", "is_random", is_flag=True, help="Draw settings, in place of a grid.")
@options.seed_option("The seed of --random; 1 unless given.")
@click.option(
    "--seeds",
    metavar="N|A..B",
    default="200",
    show_default=True,
    callback=options.seeds,
    help="Seeds of each scenario in each environment, the same for all settings.",
)
@click.option(
    "--confirm",
    type=click.IntRange(min=0),
    default=500,
    show_default=True,
    metavar="N",
    help="Run the recommended setting under N fresh seeds; 0 for none.",
)
@click.option(
    "--tolerate",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="N",
    help="Calls torn down in 100 runs that a shorter time without an owner may cost.",
)
@options.jobs_option
@options.grep_option
@options.grep_invert_option
@options.json_option("A line of JSON for each setting and environment, the recommendation last.")
@click.option(
    "--parquet", is_flag=True, help="Write sweep.parquet beside sweep.csv (oneroom[parquet])."
)
@options.report_dir_option
def command(
    paths: tuple[str, ...],
    timing: tuple[str, ...],
    policy: tuple[str, ...],
    app: str,
    app_command: tuple[str, ...],
    js: EngineName,
    check: tuple[str, ...],
    environment: tuple[str, ...],
    points: int | None,
    is_random: bool,
    seed: int | None,
    seeds: range,
    confirm: int,
    tolerate: float,
    jobs: int,
    grep: str,
    grep_invert: str,
    as_json: bool,
    parquet: bool,
    report_dir: Path,
) -> int:
    """Compare time-outs over policies and environments, and recommend one setting.

    Every setting is run under the same seeds. For each: runs that violate a check, the time without
    an owner, calls torn down, messages. PATH is a scenario file or a folder of them; without one it
    is `oneroom:sweep`, a call whose owner is well, crashes, or stands still.
    """
    from oneroom.cli import selection, sweep_selection
    from oneroom.cli.sweep_session import SweepSession
    from oneroom.explore.sweep.plan import sweep_plan
    from oneroom.scenario import ScenarioError

    sweep_selection.check_parquet(parquet)
    chosen_app = options.choose_app(app, app_command, js, policy)
    drawn = None if not is_random else 1 if seed is None else seed
    try:
        chosen = sweep_selection.scenarios(
            paths or (_CALLS,), (grep, grep_invert), check, chosen_app, policy
        )
        if not chosen:
            return selection.nothing_selected(grep, grep_invert)
        settings = sweep_selection.settings(chosen, timing, policy, points, drawn)
        laid = sweep_selection.laid_over(chosen, environment, report_dir)
        plan = sweep_plan(laid, settings, seeds)
        plan.check_platforms()
    except ScenarioError as error:
        return selection.refuse(error)
    session = SweepSession(
        plan, settings, confirm, tolerate, report_dir, as_json=as_json, parquet=parquet
    )
    return session.run(jobs)
