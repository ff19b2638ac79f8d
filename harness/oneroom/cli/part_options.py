"""Options that run a part of a suite: a shard, what failed last, a profile's seeds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oneroom.cli import settings

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.explore.shard import Shard

_MOST_SHARDS = 1_000


def shard(_ctx: click.Context, _param: click.Parameter, value: str) -> Shard | None:
    """Parse `2/3`; "" for a whole suite."""
    if not value:
        return None
    from oneroom.explore.shard import Shard

    match = re.fullmatch(r"(\d+)/(\d+)", value)
    if match is None:
        raise click.BadParameter(f"{value!r} is no shard; write 1/3, 2/3 and 3/3")
    number, of = int(match[1]), int(match[2])
    if not 1 <= of <= _MOST_SHARDS:
        raise click.BadParameter(f"{value!r} is not 1 to {_MOST_SHARDS:,} shards")
    if not 1 <= number <= of:
        raise click.BadParameter(f"{value!r}: shards are counted from 1/{of} to {of}/{of}")
    return Shard(number, of)


def profile(context: click.Context, _param: click.Parameter, value: str) -> str:
    """Take the options of a profile as defaults; the command line and variables come before them.

    Raises click.BadParameter for a name that there is not.
    """
    if value:
        tables = settings.profiles(context.find_root().default_map or {})
        if value not in tables:
            raise click.BadParameter(
                f"there is no profile {value!r}; there are {', '.join(tables)}"
            )
        chosen = settings.named(tables[value], f"profiles.{value}", context.command)
        context.default_map = {**(context.default_map or {}), **chosen}
    return value


profile_option = click.option(
    "--profile",
    metavar="NAME",
    default="",
    is_eager=True,
    expose_value=False,
    callback=profile,
    help="Take the options of this profile: ci, nightly, or one of [tool.oneroom.profiles].",
)
shard_option = click.option(
    "--shard",
    metavar="I/N",
    default="",
    callback=shard,
    help="Make the I-th of N equal parts of all runs; `oneroom merge` joins their reports.",
)
run_times_option = click.option(
    "--run-times",
    type=click.Path(exists=True, path_type=Path),
    metavar="DIR",
    help="Cut shards by the times of this report, the same for all; estimates unless given.",
)
last_failed_option = click.option(
    "--last-failed",
    is_flag=True,
    help="Only what was not as expected in the newest report.",
)
