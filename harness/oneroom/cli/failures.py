"""`oneroom failures`: the stored failures, and how they are forgotten."""

from __future__ import annotations

import click

from oneroom.checks.verdict import Exit
from oneroom.cli import options, selection
from oneroom.explore.replay import Outcome, Outdated, replay
from oneroom.explore.store import FOLDER, Store, Unreadable
from oneroom.explore.stored_failure import StoredFailure
from oneroom.report import figures, json_lines
from oneroom.scenario import ScenarioError


@click.group("failures")
def command() -> None:
    """List and forget stored failures.

    They are in .oneroom/failures of the present folder; `oneroom replay` runs them again.
    """


@command.command("list")
@options.json_option("A line of JSON for each failure.")
def list_(as_json: bool) -> int:
    """List the stored failures, the newest first."""
    store = Store()
    named = sorted(store.ids(), key=lambda name: (-store.kept_s(name), name))
    if not named and not as_json:
        click.echo(f"no failure is stored in {FOLDER}")
    code = Exit.HELD
    for name in named:
        try:
            stored = store.load(name)
        except (Unreadable, OSError) as error:
            click.echo(f"Error: {error}", err=True)
            code = Exit.USAGE
            continue
        click.echo(json_lines.stored_line(_facts(stored)) if as_json else _line(stored))
    return code


@command.command("forget")
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="All of them.")
def forget(names: tuple[str, ...], every: bool) -> int:
    """Remove stored failures, with their scenarios."""
    store = Store()
    if every == bool(names):
        raise click.UsageError("name the failures to forget, or take --all")
    known = store.ids()
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(
            f"there is no stored failure {', '.join(unknown)}; nothing was forgotten"
        )
    return _forget(store, known if every else tuple(dict.fromkeys(names)))


@command.command("prune")
@click.option("--stale", is_flag=True, help="Also those whose recording no longer applies.")
def prune(stale: bool) -> int:
    """Run the stored failures again, and remove those that are fixed.

    FIXED is said of a run that has all choices of the recording, and holds. What cannot be
    read, or whose policy is gone, stays unless --stale is given.
    """
    store = Store()
    gone = (Outcome.FIXED, Outcome.STALE) if stale else (Outcome.FIXED,)
    return _forget(store, tuple(name for name in store.ids() if _outcome(store, name) in gone))


def _outcome(store: Store, name: str) -> Outcome:
    try:
        stored = store.load(name)
        selection.find_policy_of(stored)
        return replay(stored).outcome
    except (ScenarioError, Outdated, Unreadable, click.BadParameter):
        return Outcome.STALE


def _forget(store: Store, names: tuple[str, ...]) -> int:
    try:
        for name in names:
            store.forget(name)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    left = len(store.ids())
    click.echo(f"{figures.plural(len(names), 'failure')} forgotten, {left:,} left in {FOLDER}")
    return Exit.HELD


def _facts(stored: StoredFailure) -> dict[str, object]:
    return {
        "id": stored.id,
        "scenario": stored.scenario,
        "line": stored.line,
        "policy": stored.policy,
        "seed": stored.seed,
        "check": stored.check,
        "message": stored.message,
        "oneroom": stored.oneroom,
    }


def _line(stored: StoredFailure) -> str:
    place = f"{stored.scenario}:{stored.line}"
    return f"{stored.id}  {place}  {stored.policy}  {stored.check}: {stored.message}"
