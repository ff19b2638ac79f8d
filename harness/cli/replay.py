"""`oneroom replay`: stored failures, run again from their tapes."""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path

import click

from harness.checks.results import Case
from harness.checks.verdict import Exit
from harness.cli import selection
from harness.explore.replay import Outcome, Replayed, replay
from harness.explore.store import FOLDER, Store, StoredFailure, Unreadable, read
from harness.report import failure, replays
from harness.report.style import style_for
from harness.scenario import ScenarioError

_EXIT = {Outcome.FAILED: Exit.VIOLATED, Outcome.STALE: Exit.UNPROVEN, Outcome.FIXED: Exit.HELD}


@click.command("replay")
@click.argument("names", nargs=-1, metavar="[ID|FILE]...")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each failure.")
def command(names: tuple[str, ...], as_json: bool) -> int:
    """Run stored failures again, from their tapes.

    With an ID or a file: the failure with its timeline, and whether it is the same run record by record. Without one:
    every failure stored in .oneroom, and what became of it. FIXED: the same draws, and it holds. FAILED: it still
    breaks. STALE: the run draws otherwise now, so its tape proves nothing, and some fresh seeds held.
    """
    try:
        stored = [find(name) for name in names] if names else _all()
        if not stored:
            click.echo(f"Nothing to replay: no failure is stored in {FOLDER}.", err=True)
            return Exit.NOTHING_SELECTED
        selection.find_policies(dict.fromkeys(one.policy for one in stored))
        again = [replay(one) for one in stored]
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    except ScenarioError as error:
        click.echo("The stored text is refused by this version:", err=True)
        return selection.refuse(error)
    style = style_for(sys.stdout, os.environ)
    for one in again:
        if as_json:
            click.echo(replays.json_line(_facts(one)))
        elif names:
            _show(one)
        else:
            click.echo(replays.table_line(_facts(one), style))
    if not names and not as_json:
        click.echo(f"\n{replays.summary([one.outcome.value for one in again], str(FOLDER), style)}")
    return max((_EXIT[one.outcome] for one in again), key=(Exit.HELD, Exit.UNPROVEN, Exit.VIOLATED).index)


def _show(one: Replayed) -> None:
    """One failure in full."""
    style = style_for(sys.stdout, os.environ)
    if one.finding is not None:
        result = one.trial.result
        case = Case(result, one.finding, one.stored.id, f"oneroom replay {one.stored.id}", stored=True, hits=1)
        before = failure.shrunk_from(one.stored.records_before, one.stored.steps_before)
        told = failure.tell(case, (), 1, one.trial.run.trace, "", style, before)
        click.echo(f"{told.block}\n\n{told.picture}\n")
    click.echo(replays.verdict(_facts(one), style))


def _facts(one: Replayed) -> replays.Told:
    stored, result = one.stored, one.trial.result
    return replays.Told(
        outcome=one.outcome.value,
        id=stored.id,
        scenario=stored.scenario,
        line=stored.line,
        policy=stored.policy,
        seed=stored.seed,
        check=stored.check,
        message=stored.message if one.finding is None else one.finding.message,
        same_digest=one.same_digest,
        digest=result.digest,
        stored_digest=stored.digest,
        stale_at=one.stale_at,
        draws=len(stored.tape),
        fresh_broken=one.fresh_broken,
        fresh=one.fresh,
        file_changed=one.file_changed,
    )


def _all() -> list[StoredFailure]:
    store = Store()
    return [store.load(name) for name in store.ids()]


def find(name: str) -> StoredFailure:
    """The failure called `name`, or in the file of that name. Raises click.UsageError, Unreadable."""
    path = Path(name)
    store = Store()
    try:
        if path.suffix == ".json" or path.is_file():
            return read(path)
        if name in store.ids():
            return store.load(name)
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}") from error
    near = difflib.get_close_matches(name, store.ids(), 1)
    if near:
        hint = f"did you mean {near[0]}?"
    else:
        hint = "stored are " + ", ".join(store.ids()[:10]) if store.ids() else f"no failure is stored in {FOLDER}"
    raise click.UsageError(f"there is no stored failure {name!r}; {hint}")
