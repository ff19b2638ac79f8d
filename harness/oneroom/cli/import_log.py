"""`oneroom import`: a log from the field as the skeleton of a scenario."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from oneroom.checks.verdict import Exit
from oneroom.explore.vocabulary import vocabulary
from oneroom.imports import app_log, har, server_log, webrtc_internals
from oneroom.imports.observation import BadLine, NotImported, Observation
from oneroom.imports.skeleton import skeleton
from oneroom.scenario.shown_path import shown_path

_SOURCES = {
    "server-log": server_log.SOURCE,
    "har": har.SOURCE,
    "webrtc-internals": webrtc_internals.SOURCE,
    "ndjson": app_log.SOURCE,
}
# Which option is of which kind of file.
_OF_KIND = {"identity": "server-log", "token_path": "har", "keys": "ndjson", "events": "ndjson"}
_MOST_SHOWN = 50


def _pairs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Parse `ours=theirs`, repeated."""
    found = {}
    for value in values:
        name, equals, other = value.partition("=")
        if not (name and equals and other):
            raise click.BadParameter(f"{value!r} is no pair; write name=other")
        found[name] = other
    return found


def _pattern(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise click.BadParameter(f"{value!r} is no regular expression: {error}") from error
    return value


@click.command("import")
@click.argument("kind", type=click.Choice(tuple(_SOURCES)))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the scenario to this file, not to standard output.",
)
@click.option(
    "--identity",
    metavar="NAME",
    default="",
    help="server-log: the user; by default the one who was evicted most often.",
)
@click.option(
    "--token-path",
    metavar="REGEX",
    default=har.TOKEN_PATH,
    show_default=True,
    callback=_pattern,
    help="har: the path of requests for a token.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="OURS=THEIRS",
    callback=_pairs,
    help="ndjson: the name of the key `time`, `window` or `event` in the log.",
)
@click.option(
    "--event",
    "events",
    multiple=True,
    metavar="THEIRS=STEP",
    callback=_pairs,
    help="ndjson: the step of an event of the log; `-` for none.",
)
@click.pass_context
def command(
    context: click.Context,
    kind: str,
    file: Path,
    output: Path | None,
    identity: str,
    token_path: str,
    keys: dict[str, str],
    events: dict[str, str],
) -> int:
    """Make the skeleton of a scenario of a log from the field, with its times.

    server-log: of a LiveKit server, JSON or console. har: of a browser's network panel.
    webrtc-internals: a dump of chrome://webrtc-internals. ndjson: a log of the app's own, an object
    with `time`, `window` and `event` a line.

    Times, steps and words of oneroom's own are written, nothing else of the log: no URL, no token,
    no name. `oneroom fuzz --until SYMPTOM` then looks for a schedule with the reported symptom.
    """
    for name, its_kind in _OF_KIND.items():
        source = context.get_parameter_source(name)
        if its_kind != kind and source is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-').rstrip('s')} is for {its_kind}")
    if unknown := sorted(set(keys) - set(app_log.KEYS)):
        raise click.UsageError(f"--key {unknown[0]}=…: keys are {', '.join(app_log.KEYS)}")
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from error
    try:
        if kind == "server-log":
            observations, bad = server_log.read(text, identity)
        elif kind == "har":
            observations, bad = har.read(text, token_path)
        elif kind == "webrtc-internals":
            observations, bad = webrtc_internals.read(text)
        else:
            observations, bad = app_log.read(text, keys, events)
        made = skeleton(observations, _SOURCES[kind], vocabulary())
    except NotImported as error:
        _tell(file, error.bad)
        click.echo("\nnothing was imported.", err=True)
        return Exit.USAGE
    _tell(file, bad)
    return _write(made, observations, output)


def _tell(file: Path, bad: Sequence[BadLine]) -> None:
    """Report what could not be read, all at once; of very many, their number."""
    shown = shown_path(file)
    for one in bad[:_MOST_SHOWN]:
        click.echo(f"{shown}{f':{one.line}' if one.line else ''}: {one.why}", err=True)
    if len(bad) > _MOST_SHOWN:
        click.echo(f"… and {len(bad) - _MOST_SHOWN:,} more", err=True)


def _write(made: str, observations: Sequence[Observation], output: Path | None) -> int:
    if output is None:
        click.echo(made, nl=False)
        return Exit.HELD
    try:
        output.write_text(made, encoding="utf-8")
    except OSError as error:
        click.echo(f"{output} cannot be written: {error.strerror}", err=True)
        return Exit.INFRASTRUCTURE
    steps = made.count("\n  - {")
    click.echo(f"{output} written: {steps} steps of {len(observations)} observations", err=True)
    return Exit.HELD
