"""`oneroom lint`: all problems of scenario files, before anything is run."""

from __future__ import annotations

import click

from oneroom.checks.verdict import Exit
from oneroom.cli import selection
from oneroom.scenario import ScenarioError


@click.command("lint")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def command(paths: tuple[str, ...]) -> int:
    """Find everything that is wrong with scenario files.

    Prints every problem of every file with its place, and exits with 2 if there is one.

    PATH is a scenario file or a folder of them; without one it is the folder `scenarios`.
    `oneroom:stage1` is a folder of the scenarios that come with oneroom, `oneroom:` all of them.
    """
    try:
        found = selection.scenarios(paths)
    except ScenarioError as error:
        click.echo(str(error))
        count = len(error.problems)
        click.echo(f"\n{count} problem{'' if count == 1 else 's'}", err=True)
        return Exit.USAGE
    if not found:
        return selection.nothing_selected()
    click.echo(f"{len(found)} scenario{'' if len(found) == 1 else 's'}, no problem")
    return Exit.HELD
