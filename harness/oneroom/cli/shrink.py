"""`oneroom shrink`: makes a stored failure small."""

from __future__ import annotations

import os
import sys

import click

from oneroom.checks.verdict import Exit, worst_exit
from oneroom.cli import stored_failures
from oneroom.explore.shrink import MOST_RUNS, Shrinker
from oneroom.explore.store import Nondeterministic, Store, shrunk_failure
from oneroom.report import failure_text
from oneroom.report.folder import versions
from oneroom.report.style import style_for
from oneroom.scenario import ScenarioError


@click.command("shrink")
@click.argument("names", nargs=-1, required=True, metavar="ID|FILE...")
@click.option(
    "--max-runs",
    type=click.IntRange(min=1),
    default=MOST_RUNS,
    show_default=True,
    metavar="N",
    help="Make at most N smaller runs.",
)
def command(names: tuple[str, ...], max_runs: int) -> int:
    """Make a stored failure small.

    Steps, windows and settings are left out, times are rounded and draws become ordinary, as long
    as the same check is violated by the same mechanism. The result is stored under a name
    of its own, with its scenario as a file beside it; the original failure stays. Ctrl-C keeps the
    smallest run found so far.
    """
    try:
        again = stored_failures.replayed(names)
    except ScenarioError as error:
        return stored_failures.refuse(error)
    code = Exit.HELD
    for one in again:
        if one.finding is None:
            click.echo(
                f"{one.stored.id} does not fail any more: see `oneroom replay {one.stored.id}`.",
                err=True,
            )
            code = worst_exit((code, Exit.UNPROVEN))
            continue
        shrinker = Shrinker(one.judged, one.stored.check, max_runs)
        try:
            shrinker.run()
        except KeyboardInterrupt:
            code = Exit.INTERRUPTED
            click.echo("interrupted; the smallest run found so far is kept", err=True)
        try:
            _keep(shrinker, one.stored.check)
        except Nondeterministic as error:
            click.echo(f"{one.stored.id}: {error}.", err=True)
            code = worst_exit((code, Exit.NONDETERMINISTIC))
        if code is Exit.INTERRUPTED:
            break
    return code


def _keep(shrinker: Shrinker, check: str) -> None:
    shrunk = shrinker.result
    try:
        kept = shrunk_failure(shrunk, check, versions())
        Store().keep(kept.stored, with_scenario=True)
    except OSError as error:
        raise click.ClickException(
            f"the result cannot be kept in {Store().folder}: {error.strerror}"
        ) from error
    failure, made = kept.failure, kept.made
    before = failure_text.shrunk_from(shrunk.records_before, shrunk.steps_before)
    style = style_for(sys.stdout, os.environ)
    rendered = failure_text.render(failure, (), 1, made.run.trace, "", style, before)
    click.echo(f"{rendered.block}\n\n{made.run.scenario.text}\n{rendered.timeline}\n")
    left = "nothing smaller was left to try" if shrunk.complete else "the search ended early"
    click.echo(f"{failure.id}: {shrunk.drawn} draws are not 0; {shrunk.runs:,} runs, {left}")
