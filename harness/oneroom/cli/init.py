"""`oneroom init`: a first scenario, policy and app in the present folder, to run and edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from oneroom import javascript
from oneroom.checks.verdict import Exit
from oneroom.cli.selection import DEFAULT_FOLDER
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import catalogue, discover, render_schema

_SCENARIO = Path(DEFAULT_FOLDER) / "first.yaml"
_SCHEMA = Path(DEFAULT_FOLDER) / "schema.json"
_POLICY = Path("election.py")
_APP = Path("voice.js")

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

ELECTION = '''\
"""The election of this app: which window holds the Room."""

from oneroom import On, Policy


class Election(Policy):
    """The window that holds the Web Lock owns; the next in the queue follows it."""

    name = "election"
    needs_lock = True

    def started(self, now_us: int) -> None:
        self.request_lock()

    def lock_granted(self, now_us: int) -> None:
        self.election.move(On.STAND)
        self.election.win(now_us)

    def lock_lost(self, now_us: int) -> None:
        self.election.move(On.OUTRANKED)

    def demoted(self, now_us: int) -> None:
        self.request_lock()

    def retiring(self, now_us: int) -> None:
        self.release_lock()
        super().retiring(now_us)
'''

_NEXT = """\
  oneroom run                  runs {them}, under ten seeds
  oneroom run --policy naive   runs the same without an election: every window connects by itself
  oneroom list                 lists policies, checks and verbs
"""
_NEXT_OF = {
    _POLICY: "oneroom run oneroom:stage1 --policy election:Election   plays stage 1 under it",
    _APP: "oneroom run oneroom:stage1 --app voice.js   plays stage 1 with it in the windows",
}


@click.command("init")
@click.option(
    "--examples", is_flag=True, help="Copy the scenarios that come with oneroom (oneroom:) as well."
)
@click.option("--policy", is_flag=True, help=f"Write a first policy of your own, {_POLICY}, too.")
@click.option("--app", is_flag=True, help=f"Write a first app of your own, {_APP}, too.")
def command(examples: bool, policy: bool, app: bool) -> int:
    """Write a first scenario and its schema into the folder scenarios.

    A file that is there already is left as it is.
    """
    example = Path(javascript.__path__[0]) / _APP
    texts = {_SCENARIO: FIRST, **dict(_examples() if examples else ())}
    try:
        scenarios = [path for path, text in texts.items() if _write_new(path, text)]
        if scenarios:
            _SCHEMA.write_text(render_schema(vocabulary()), encoding="utf-8")
        own = {
            **({_POLICY: ELECTION} if policy else {}),
            **({_APP: example.read_text(encoding="utf-8")} if app else {}),
        }
        written = [path for path, text in own.items() if _write_new(path, text)]
    except OSError as error:
        click.echo(
            f"{error.filename or _SCENARIO.parent} cannot be written: {error.strerror}", err=True
        )
        return Exit.INFRASTRUCTURE
    if not scenarios and not written:
        click.echo(f"{_present(examples, own)} there already; nothing was written.", err=True)
        return Exit.USAGE
    if scenarios:
        one = scenarios == [_SCENARIO]
        click.echo(f"{_SCENARIO if one else f'{len(scenarios)} scenarios'} and {_SCHEMA} written")
        click.echo(_NEXT.format(them="it" if one else "them"), nl=False)
    for path in written:
        click.echo(f"{path} written\n  {_NEXT_OF[path]}")
    return Exit.HELD


def _present(examples: bool, own: Iterable[Path]) -> str:
    found = [f"{_SCENARIO}"] + ["all examples"] * examples + [f"{path}" for path in own]
    return f"{' and '.join(found)} {'is' if len(found) == 1 else 'are'}"


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
