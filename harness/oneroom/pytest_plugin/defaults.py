"""Defaults of the runs of a pytest session: its options, then what `oneroom run` would take."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import click
import pytest

from oneroom.cli import options, settings
from oneroom.cli.main import COMMANDS
from oneroom.cli.run import command


@dataclass(frozen=True)
class Defaults:
    """The choices of a session; `app` is that of the configuration, for scenarios without one.

    `asked` are the seeds of the command line, which come before all others, None for none.
    """

    seeds: range
    asked: range | None
    policies: tuple[str, ...]
    checks: tuple[str, ...]
    bus: str
    timings: tuple[str, ...]
    app: options.AppChoice


_KEY = pytest.StashKey[Defaults]()


def defaults(config: pytest.Config) -> Defaults:
    """The defaults of a session, read once: variables `ONEROOM_RUN_…`, and the table `run` of
    oneroom.toml or of [tool.oneroom] in the root folder. Raises pytest.UsageError.
    """
    if _KEY not in config.stash:
        try:
            config.stash[_KEY] = _read(config)
        except click.ClickException as error:
            raise pytest.UsageError(f"oneroom: {error.format_message()}") from None
    return config.stash[_KEY]


def _read(config: pytest.Config) -> Defaults:
    with contextlib.chdir(config.rootpath):
        tables = settings.read(COMMANDS)
        settings.check(tables, "run", command)
    table = tables.get("run", {})
    with command.make_context(
        "run",
        [],
        auto_envvar_prefix="ONEROOM_RUN",
        default_map=table if isinstance(table, Mapping) else {},
    ) as context:
        chosen = context.params
        given = config.getoption("--oneroom-seeds")
        asked = options.seeds(context, command.params[0], given) if given else None
        named = tuple(config.getoption("--oneroom-policy"))
        policies = options.policies(context, command.params[0], named) or chosen["policy"]
        app = options.choose_app(chosen["app"], chosen["app_command"], chosen["js"], policies)
        return Defaults(
            asked or chosen["seeds"],
            asked,
            policies,
            chosen["check"],
            chosen["bus"] or "",
            chosen["timing"],
            app,
        )


def as_seeds(wanted: int | range | str) -> range:
    """Seeds as a marker or a test names them: 100 is 1 to 100, "5..8" those four.

    Raises ValueError.
    """
    if isinstance(wanted, range):
        chosen = wanted
    else:
        context = click.Context(command)
        try:
            chosen = options.seeds(context, command.params[0], str(wanted))
        except click.BadParameter as error:
            raise ValueError(f"seeds={wanted!r}: {error.message}") from None
    if not chosen:
        raise ValueError(f"seeds={wanted!r}: no seeds, so nothing would be run")
    return chosen
