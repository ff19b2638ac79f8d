"""`oneroom run`: a bounded suite, from scenario files to verdicts, reports and an exit code.

Rules: this module imports what options need and nothing else. The simulator is imported in `_run`,
after the process that repeats runs has been started: both then start up side by side, which halves
the time to the first result.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from oneroom.cli import options, part_options
from oneroom.explore.determinism_client import DeterminismClient

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.explore.shard import Shard
    from oneroom.scenario.bundle import EngineName


@click.command("run")
@click.argument("paths", nargs=-1, metavar="[PATH[:LINE]]...")
@options.policy_option("Run")
@options.app_option
@options.app_command_option
@options.js_option
@options.core_option
@options.check_option
@options.bus_option
@options.timing_option
@options.sfu_option("fake", "The SFU: fake, livekit (a real server in a container)")
@options.seed_option("Run this one seed.")
@click.option(
    "--seeds",
    metavar="N|A..B",
    default="10",
    show_default=True,
    callback=options.seeds,
    help="Number of seeds, or a range of them.",
)
@options.jobs_option
@options.grep_option
@options.grep_invert_option
@part_options.last_failed_option
@part_options.shard_option
@part_options.run_times_option
@part_options.profile_option
@click.option(
    "-x", "--exit-first", is_flag=True, help="Stop at the first run that is not as expected."
)
@options.json_option("A line of JSON for each run on standard output, a summary last.")
@click.option(
    "--reporter",
    metavar="A,B",
    default="text,junit",
    show_default=True,
    callback=options.reporters(*options.REPORTERS),
    help="Any of text, json, junit, junit=FILE (a second copy), github (annotations, job summary).",
)
@options.report_dir_option
@click.option(
    "--check-determinism",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Repeat N seeds of each scenario in another process; 0 for none.",
)
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    policy: tuple[str, ...],
    app: str,
    app_command: tuple[str, ...],
    js: EngineName,
    core: str,
    check: tuple[str, ...],
    bus: str | None,
    timing: tuple[str, ...],
    sfu: str,
    seed: int | None,
    seeds: range,
    jobs: int,
    grep: str,
    grep_invert: str,
    last_failed: bool,
    shard: Shard | None,
    run_times: Path | None,
    exit_first: bool,
    as_json: bool,
    reporter: dict[str, str],
    report_dir: Path,
    check_determinism: int,
) -> int:
    """Run scenarios, each under several seeds, and judge them.

    PATH is a scenario file or a folder of them; without one it is the folder `scenarios`.
    `oneroom:stage1` is a folder of the scenarios that come with oneroom, `oneroom:` all of them.
    """
    seeds = options.chosen_seeds(context, seed, seeds)
    if (
        seed is None
        and sfu != "fake"
        and context.get_parameter_source("seeds") is ParameterSource.DEFAULT
    ):
        seeds = range(1, 2)  # in real time one is enough to ask for
    chosen_app = options.choose_app(app, app_command, js, policy, sfu, core)
    part = Part(grep, grep_invert, report_dir / "latest" if last_failed else None, shard, run_times)
    wanted = RunRequest(
        paths,
        policy,
        chosen_app,
        core,
        check,
        bus or "",
        timing,
        seeds,
        part,
        jobs,
        check_determinism,
        sfu,
    )
    reporter = options.with_json(reporter, as_json)
    if check_determinism == 0 or sfu != "fake":
        return _run(wanted, reporter, report_dir, exit_first, None)
    with DeterminismClient() as companion:
        return _run(wanted, reporter, report_dir, exit_first, companion)


@dataclass(frozen=True)
class Part:
    """The part of a suite that is run; `failed_in` is the report of which only the failures are."""

    grep: str
    grep_invert: str
    failed_in: Path | None
    shard: Shard | None
    run_times: Path | None


@dataclass(frozen=True)
class RunRequest:
    """The selection that a command line makes."""

    paths: tuple[str, ...]
    policies: tuple[str, ...]
    app: options.AppChoice
    core: str
    checks: tuple[str, ...]
    bus: str
    timings: tuple[str, ...]
    seeds: range
    part: Part
    processes: int
    repeated: int
    sfu: str


def _run(
    wanted: RunRequest,
    kinds: dict[str, str],
    report_dir: Path,
    exit_first: bool,
    companion: DeterminismClient | None,
) -> int:
    from oneroom.cli import selection
    from oneroom.cli.invocation import Invocation
    from oneroom.explore.live_suite import LiveSuite
    from oneroom.explore.plan import Plan
    from oneroom.scenario import ScenarioError

    selection.find_policies(wanted.policies)
    part = wanted.part
    try:
        found = selection.scenarios(wanted.paths, part.grep, part.grep_invert)
    except ScenarioError as error:
        return selection.refuse(error)
    chosen, skipped = selection.without_skipped(found)
    chosen = tuple(one.on_bus(wanted.bus).with_checks(wanted.checks) for one in chosen)
    chosen = selection.with_app(chosen, wanted.app, wanted.policies)
    chosen = selection.with_timings(chosen, wanted.timings, wanted.policies)
    chosen = selection.with_core(chosen, wanted.policies, wanted.core)
    if wanted.sfu != "fake":
        chosen = selection.playable_live(chosen, wanted.sfu)
    if not chosen:
        return selection.nothing_selected(part.grep, part.grep_invert, len(skipped))
    plan = Plan(
        chosen,
        wanted.policies,
        wanted.seeds,
        shard=part.shard,
        run_ms=selection.run_times(part.run_times),
        only=selection.failed_in(part.failed_in),
    )
    if not plan.jobs():
        return selection.no_runs(plan)
    selection.find_policies(plan.named_policies())
    selection.find_checks(plan.scenarios)
    try:
        plan.check_platforms()
    except ScenarioError as error:
        return selection.refuse(error)
    live = None if wanted.sfu == "fake" else LiveSuite(plan, wanted.sfu, wanted.processes)
    return Invocation(plan, kinds, report_dir, exit_first, live, skipped).run(
        wanted.processes, wanted.repeated, companion
    )
