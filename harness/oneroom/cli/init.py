"""`oneroom init`: a first scenario in the present folder, to run, edit and copy."""

from __future__ import annotations

from pathlib import Path

import click

from oneroom.checks.verdict import Exit
from oneroom.cli.selection import DEFAULT_FOLDER
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import render_schema

_SCENARIO = Path(DEFAULT_FOLDER) / "first.yaml"
_SCHEMA = Path(DEFAULT_FOLDER) / "schema.json"

_TEXT = """\
# yaml-language-server: $schema=schema.json
scenario: main crashes while it shares its screen
why: the share is lost and offered again, the call is not lost
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..900ms}   # a range is drawn from the seed
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 4s, share_screen: {window: main}}
  - {at: 9s..11s, crash: {window: main}}
expect:
  no_owner_ms: "<= 200"
  share: offered_again
"""

_NEXT = f"""\
{_SCENARIO} and {_SCHEMA} written
  oneroom run                  runs it, under ten seeds
  oneroom run --policy naive   shows what becomes of it in the app of today
  oneroom list                 says which policies, checks and verbs there are
"""


@click.command("init")
def command() -> int:
    """Write a first scenario and its schema into the folder scenarios.

    A scenario that is there already is left as it is.
    """
    try:
        _SCENARIO.parent.mkdir(exist_ok=True)
        with _SCENARIO.open("x", encoding="utf-8") as file:
            file.write(_TEXT)
        _SCHEMA.write_text(render_schema(vocabulary()), encoding="utf-8")
    except FileExistsError:
        click.echo(f"{_SCENARIO} is there already; nothing was written.", err=True)
        return Exit.USAGE
    except OSError as error:
        click.echo(f"{_SCENARIO.parent} cannot be written: {error.strerror}", err=True)
        return Exit.INFRASTRUCTURE
    click.echo(_NEXT, nl=False)
    return Exit.HELD
