"""`oneroom verify`: whether a stored failure is gone, and from its neighbourhood as well."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
import msgspec

from oneroom.checks.verdict import Exit
from oneroom.cli import options

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.explore.neighbourhood import Neighbourhood
    from oneroom.explore.stored_failure import StoredFailure
    from oneroom.scenario import Scenario


@click.command("verify")
@click.argument("name", metavar="ID")
@click.option(
    "--runs",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    metavar="N",
    help="Make N runs of each half.",
)
@options.jobs_option
@options.json_option("One JSON object in place of the lines.")
def command(name: str, runs: int, jobs: int, as_json: bool) -> int:
    """Count how often a stored failure shows nearby, before and now.

    Two halves of runs of its scenario, in which its check alone counts: the schedule that was
    found with a few of its draws changed, and fresh seeds. The run that was found is in neither. An
    app is bundled anew from its file, and the one that is stored with the failure is run beside it;
    of a policy, what the first `verify` counted is kept and stands for before.

    Exit codes: 0 it does not show any more, 1 it still does, 3 it did not show before either.
    """
    from oneroom.cli import selection, stored_failures
    from oneroom.explore.plan import WorkerDied
    from oneroom.explore.replay import Outdated
    from oneroom.explore.store import Unreadable
    from oneroom.scenario import ScenarioError

    try:
        stored = stored_failures.find_here(name)
        selection.find_policy_of(stored)
        before, now = _counts(stored, runs, jobs)
    except (Unreadable, Outdated, WorkerDied) as error:
        raise click.ClickException(str(error)) from error
    except ScenarioError as error:
        return stored_failures.refuse(error)
    code = Exit.VIOLATED if now.broken else Exit.HELD
    if not now.broken and before is not None and not before.broken:
        code = Exit.UNPROVEN
    if as_json:
        facts = {"version": 1, "kind": "verified", "id": stored.id, "check": stored.check}
        counts = {"before": before, "now": now, "exit_code": int(code)}
        click.echo(msgspec.json.encode({**facts, **counts}).decode())
    else:
        _print(stored, before, now)
    return code


def _print(stored: StoredFailure, before: Neighbourhood | None, now: Neighbourhood) -> None:
    from oneroom.report import verification
    from oneroom.report.style import style_for

    style = style_for(sys.stdout, os.environ)
    then = (None, None, None) if before is None else _halves(before)
    near, fresh, whole = zip(then, _halves(now), strict=True)
    click.echo(f"{style.strong(stored.check)}  {stored.scenario}  {stored.policy}")
    click.echo(f"  its schedule, a few draws changed  {verification.change(*near)}")
    click.echo(f"  fresh seeds                        {verification.change(*fresh)}")
    verdict, gap, rest = verification.conclusion(*whole).partition("  ")
    paint = style.bad if now.broken else style.good if before and before.broken else style.odd
    click.echo(f"{paint(verdict)}{gap}{rest}")


def _halves(count: Neighbourhood) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Broken runs and all, of either half and of both."""
    return (
        (count.near_broken, count.near),
        (count.fresh_broken, count.fresh),
        (count.broken, count.runs),
    )


def _counts(
    stored: StoredFailure, runs: int, jobs: int
) -> tuple[Neighbourhood | None, Neighbourhood]:
    """The neighbourhood before and now. Raises click.BadParameter, ScenarioError."""
    from oneroom.explore.neighbourhood import neighbourhood
    from oneroom.explore.replay import checked_scenario_of

    scenario = checked_scenario_of(stored)
    if stored.bundle is not None and not stored.bundle.command:
        before = neighbourhood(scenario, stored.policy, stored, runs, jobs)
        present = _with_present_app(scenario)
        return before, neighbourhood(present, stored.policy, stored, runs, jobs)
    now = neighbourhood(scenario, stored.policy, stored, runs, jobs)
    return _first_count(stored, now), now


def _with_present_app(scenario: Scenario) -> Scenario:
    """The scenario with its app as the file is now, on the engine that it failed on."""
    from oneroom.cli import selection

    bundle = scenario.bundle
    assert bundle is not None
    choice = options.AppChoice(bundle.path, False, bundle.engine)
    (made,) = selection.with_app((scenario,), choice, ())
    return made


def _first_count(stored: StoredFailure, now: Neighbourhood) -> Neighbourhood | None:
    """The count of the first time, None if this is it; it is kept then, unless nothing fails: that
    would be the count after a change.
    """
    from oneroom.explore.neighbourhood import Neighbourhood
    from oneroom.explore.store import FOLDER

    file = FOLDER / "counts" / f"{stored.id}.json"
    try:
        first, digest = msgspec.json.decode(file.read_bytes(), type=tuple[Neighbourhood, str])
    except (OSError, msgspec.DecodeError):
        digest = ""
    if digest == stored.digest:
        return first
    if now.broken:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(msgspec.json.encode((now, stored.digest)))
        except OSError as error:
            click.echo(f"the count cannot be kept: {error.strerror}", err=True)
    return None
