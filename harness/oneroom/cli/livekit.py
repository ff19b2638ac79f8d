"""`oneroom livekit`: a real LiveKit server on this machine, until it is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from oneroom.checks.verdict import Exit
from oneroom.cli import options


@click.group("livekit")
def command() -> None:
    """Start and stop a real LiveKit server on this machine.

    It listens on 127.0.0.1 alone, and runs in a container, or natively with `up --native`. Exit
    code 6 when it cannot be had.
    """


def _infrastructure(what: Callable[..., int]) -> Callable[..., int]:
    """Report a failing Docker, server or file system in one line, with exit code 6."""

    @wraps(what)
    def guarded(*arguments: Any, **options: Any) -> int:
        from oneroom.live.errors import Unavailable

        try:
            return what(*arguments, **options)
        except Unavailable as error:
            click.echo(f"livekit: {error}", err=True)
            return Exit.INFRASTRUCTURE

    return guarded


@command.command("up")
@click.option(
    "--native",
    metavar="PROGRAM",
    default="",
    help="A LiveKit executable to run instead of a container.",
)
@_infrastructure
def up(native: str) -> int:
    """Start a server and say how to reach it."""
    from oneroom.live.server import livekit_server, registry

    record = livekit_server.start(registry.FOLDER, native)
    click.echo(
        f"{record.run}  {record.url}  key and secret in {registry.FOLDER / record.run}/server.json"
    )
    return Exit.HELD


@command.command("down")
@click.argument("names", nargs=-1)
@_infrastructure
def down(names: tuple[str, ...]) -> int:
    """Stop servers, by name; without one, all that `up` has started here."""
    from oneroom.live.server import livekit_server, registry

    known = {record.run: record for record in registry.read_all()}
    for name in names:
        if name not in known:
            raise click.BadParameter(
                f"there is no server {name!r}; there are: {', '.join(known) or 'none'}"
            )
    for name in names or tuple(known):
        livekit_server.stop(known[name], registry.FOLDER)
        click.echo(f"{name}  stopped")
    return Exit.HELD


@command.command("status")
@options.json_option("One line of JSON a server, without its secret.")
@_infrastructure
def status(as_json: bool) -> int:
    """List the servers, and whether they answer."""
    from oneroom.live.server import registry
    from oneroom.live.server.readiness import answers

    for record in registry.read_all():
        healthy = answers(record.http)
        if as_json:
            kind = "native" if record.pid else "container"
            click.echo(
                json.dumps({"run": record.run, "url": record.url, "kind": kind, "healthy": healthy})
            )
        else:
            click.echo(f"{record.run}  {record.url}  {'answers' if healthy else 'does not answer'}")
    return Exit.HELD


@command.command("prune")
@_infrastructure
def prune() -> int:
    """Remove every server that oneroom has started and nobody has stopped."""
    from oneroom.live.server import livekit_server, registry

    for name in livekit_server.prune(registry.FOLDER):
        click.echo(f"{name}  removed")
    return Exit.HELD
