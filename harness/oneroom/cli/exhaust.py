"""`oneroom exhaust`: every schedule of a small scenario, up to stated bounds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from oneroom.cli import options

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.scenario.bundle import EngineName

_DEPARTURES = 2


@click.command("exhaust")
@click.argument("path", metavar="FILE")
@options.policy_option("Search")
@options.app_option
@options.app_command_option
@options.js_option
@options.check_option
@click.option(
    "--departures",
    type=click.IntRange(min=0),
    default=_DEPARTURES,
    show_default=True,
    metavar="N",
    help="Run the schedules that depart from the ordinary one in at most N draws.",
)
@click.option(
    "--max-time",
    callback=options.time_s,
    metavar="TIME",
    help="Stop after this time: 60s, 10m, 1h. --resume goes on from there.",
)
@click.option(
    "--resume", is_flag=True, help="Go on with the same search where it was stopped or killed."
)
@options.jobs_option
@options.json_option("One line of JSON: what was covered, and the failure if there is one.")
def command(
    path: str,
    policy: tuple[str, ...],
    app: str,
    app_command: tuple[str, ...],
    js: EngineName,
    check: tuple[str, ...],
    departures: int,
    max_time: float | None,
    resume: bool,
    jobs: int,
    as_json: bool,
) -> int:
    """Run every schedule of a small scenario, up to stated bounds.

    A schedule is what is drawn in a run. The ordinary one has the least delays, and each event in
    its order; every other one departs from it in some draws: a delay is the greatest, a message is
    lost or doubled where the bus does so, another event of the same instant comes first. Apart from
    that a step with a range (`at: 1s..4s`, a crash above all) and an opening come between any two
    events of it.

    Schedules with fewer departures are run first, and the first violation ends the search: it is
    shrunk and kept as `oneroom fuzz` does. A search that is stopped says what it has not covered,
    and exits with 3.
    """
    from oneroom.cli import selection
    from oneroom.cli.exhaustion import Exhaustion
    from oneroom.explore.plan import Plan
    from oneroom.report.progress import Progress
    from oneroom.scenario import ScenarioError

    chosen_app = options.choose_app(app, app_command, js, policy)
    selection.find_policies(policy)
    try:
        found = selection.scenarios((path,))
    except ScenarioError as error:
        return selection.refuse(error)
    chosen = selection.with_app(tuple(one.with_checks(check) for one in found), chosen_app, policy)
    plan = Plan(chosen, policy, range(1))
    selection.find_policies(plan.named_policies())
    selection.find_checks(plan.scenarios)
    try:
        plan.check_platforms()
    except ScenarioError as error:
        return selection.refuse(error)
    pairs = [(one, name) for one in chosen for name in plan.policies_of(one)]
    if len(pairs) != 1:
        raise click.UsageError(
            f"one scenario under one policy is searched, and these are {len(pairs)}; name a file, "
            "and a policy with --policy"
        )
    progress = Progress(sys.stderr, 0, max_time)
    search = Exhaustion(*pairs[0], departures, progress, as_json=as_json)
    return search.run(jobs, max_time, resume=resume)
