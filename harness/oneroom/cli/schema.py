"""`oneroom schema`: the JSON Schema of scenario files, for editors and other tools."""

from __future__ import annotations

from pathlib import Path

import click

from oneroom.checks.verdict import Exit
from oneroom.cli.selection import DEFAULT_FOLDER
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import render_schema

_FILE = Path(DEFAULT_FOLDER) / "schema.json"


@click.command("schema")
@click.option("--write", is_flag=True, help=f"Write it to {_FILE} instead of printing it.")
def command(write: bool) -> int:
    """Print the JSON Schema of scenario files.

    An editor uses it when a scenario begins with `# yaml-language-server: $schema=../schema.json`.
    """
    text = render_schema(vocabulary())
    if not write:
        click.echo(text, nl=False)
        return Exit.HELD
    try:
        _FILE.parent.mkdir(exist_ok=True)
        _FILE.write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(f"{_FILE} cannot be written: {error.strerror}", err=True)
        return Exit.INFRASTRUCTURE
    click.echo(f"{_FILE} written", err=True)
    return Exit.HELD
