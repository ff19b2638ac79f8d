"""`oneroom init`: a first scenario in the present folder, to run, edit and copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from oneroom.checks.verdict import Exit
from oneroom.cli.selection import DEFAULT_FOLDER
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import catalogue, discover, render_schema

_SCENARIO = Path(DEFAULT_FOLDER) / "first.yaml"
_SCHEMA = Path(DEFAULT_FOLDER) / "schema.json"

FIRST = """\
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

_NEXT = """\
  oneroom run                  runs {them}, under ten seeds
  oneroom run --policy naive   runs the same without an election: every window connects by itself
  oneroom list                 lists policies, checks and verbs
"""


@click.command("init")
@click.option(
    "--examples", is_flag=True, help="Copy the scenarios that come with oneroom (oneroom:) as well."
)
def command(examples: bool) -> int:
    """Write a first scenario and its schema into the folder scenarios.

    A scenario that is there already is left as it is.
    """
    texts = {_SCENARIO: FIRST, **dict(_examples() if examples else ())}
    try:
        written = [path for path, text in texts.items() if _write_new(path, text)]
        if written:
            _SCHEMA.write_text(render_schema(vocabulary()), encoding="utf-8")
    except OSError as error:
        click.echo(f"{_SCENARIO.parent} cannot be written: {error.strerror}", err=True)
        return Exit.INFRASTRUCTURE
    if not written:
        click.echo(f"{_present(examples)} there already; nothing was written.", err=True)
        return Exit.USAGE
    one = written == [_SCENARIO]
    click.echo(f"{_SCENARIO if one else f'{len(written)} scenarios'} and {_SCHEMA} written")
    click.echo(_NEXT.format(them="it" if one else "them"), nl=False)
    return Exit.HELD


def _present(examples: bool) -> str:
    return f"{_SCENARIO} and all examples are" if examples else f"{_SCENARIO} is"


def _examples() -> Iterator[tuple[Path, str]]:
    """The destination of each scenario of the catalogue, and its text."""
    for found in discover([catalogue.PREFIX]):
        file = catalogue.located(found.path)
        place = Path(DEFAULT_FOLDER) / file.relative_to(catalogue.folder())
        yield place, file.read_text(encoding="utf-8")


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there yet. False if it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True
