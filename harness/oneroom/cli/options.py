"""Values of options: parsing, and the messages for bad ones.

Rules: callbacks of click options, plain functions from text to value. Every refusal says what to
write instead.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from oneroom.core.bus_kind import BUS_KINDS

if TYPE_CHECKING:  # it would import all of the scenario package
    from oneroom.scenario.bundle import EngineName


REPORTERS = ("text", "json", "junit", "github")
# The places that a value may come from, the weakest first.
_SOURCES = (
    ParameterSource.DEFAULT,
    ParameterSource.DEFAULT_MAP,
    ParameterSource.ENVIRONMENT,
    ParameterSource.COMMANDLINE,
)
_SEEDS = re.compile(r"(\d+)(?:\.\.(\d+))?")
_MOST_SEEDS = 10_000_000
_MOST_PROCESSES = 256


def seeds(_ctx: click.Context, _param: click.Parameter, value: str) -> range:
    """Parse seeds: `100` means seeds 1 to 100, `5..8` those four."""
    match = _SEEDS.fullmatch(value)
    if match is None:
        raise click.BadParameter(
            f"{value!r} is neither a number nor a range of seeds; write 100 or 1..100"
        )
    low, high = (1, int(match[1])) if match[2] is None else (int(match[1]), int(match[2]))
    if high < low:
        raise click.BadParameter(
            f"{value!r} is an empty range; write {f'{high}..{low}' if match[2] else '1'}"
        )
    if high - low >= _MOST_SEEDS:
        raise click.BadParameter(f"{value!r} is more than {_MOST_SEEDS:,} seeds")
    return range(low, high + 1)


def format_seeds(chosen: range) -> str:
    """Seeds as text: `7`, or `1..100`."""
    return str(chosen[0]) if len(chosen) == 1 else f"{chosen[0]}..{chosen[-1]}"


def processes(_ctx: click.Context, _param: click.Parameter, value: str) -> int:
    """Parse a number of processes; 0 stands for `auto`."""
    if value == "auto":
        return 0
    if not value.isdigit() or int(value) == 0:
        raise click.BadParameter(f"{value!r} is not a number of processes; write 2, or auto")
    return min(int(value), _MOST_PROCESSES)


def time_s(_ctx: click.Context, _param: click.Parameter, value: str | None) -> float | None:
    """Parse a time such as `60s`, `10m`, `1h` into seconds."""
    if value is None:
        return None
    from oneroom.scenario.diagnostic import RefusalError
    from oneroom.scenario.duration import parse_duration

    try:
        return parse_duration(value) / 1_000_000
    except RefusalError as error:
        raise click.BadParameter(f"{error.message}; {error.suggestion}") from error


def reporters(*known: str) -> Callable[[click.Context, click.Parameter, str], dict[str, str]]:
    """A callback that parses names of reporters, each with its file: `junit=FILE` has one, all
    others "".
    """

    def parse(_ctx: click.Context, _param: click.Parameter, value: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in _listed((value,), f"write {','.join(known)}"):
            name, equals, file = one.partition("=")
            if name not in known:
                raise click.BadParameter(f"{name!r} is not one of {', '.join(known)}")
            if equals and (name != "junit" or not file):
                raise click.BadParameter(f"{one!r}: junit=FILE alone has a file")
            found[name] = file
        return found

    return parse


def with_json(kinds: dict[str, str], as_json: bool) -> dict[str, str]:
    """Those reporters, with `json` in the place of `text` if `--json` asks for it."""
    if not as_json:
        return kinds
    return {**{name: file for name, file in kinds.items() if name != "text"}, "json": ""}


def only(there: str, what: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """A callback that accepts the one value that this version has.

    The option exists already because CI jobs are written against it.
    """

    def accept(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
        if value != there:
            raise click.BadParameter(
                f"{value!r} is not supported yet; the only {what} of this version is {there!r}"
            )
        return value

    return accept


def sfu(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """Parse `fake`, the name of a server that oneroom starts, or the URL of one that runs already.

    A URL holds no secret: key and secret come from the environment.
    """
    if value in ("fake", "livekit", "livekit:native") or re.fullmatch(
        r"(?:http|ws)s?://[^/@\s]+/?", value
    ):
        return value
    raise click.BadParameter(
        "not an SFU; write fake, livekit, livekit:native or a URL such as ws://127.0.0.1:7880, "
        "with key and secret in LIVEKIT_API_KEY and LIVEKIT_API_SECRET"
    )


def policies(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Parse names of policies, each once; () for those of the scenario."""
    return _listed(values, "write a name of `oneroom list policies`, or leave the option out")


def _listed(values: tuple[str, ...], instead: str) -> tuple[str, ...]:
    """Names, repeated or comma-separated, each once, in order.

    An empty one is refused: a variable that a CI job forgot to set must not select the default.
    """
    names = [name.strip() for value in values for name in value.split(",")]
    if "" in names:
        raise click.BadParameter(f"{','.join(values)!r} has an empty name; {instead}")
    return tuple(dict.fromkeys(names))


def chosen_seeds(context: click.Context, seed: int | None, several: range) -> range:
    """The seeds that `--seed` and `--seeds` ask for together.

    The command line wins over a variable and a variable over a file, as for a single option. Raises
    click.UsageError if both come from the same place, where neither can win.
    """
    if seed is None:
        return several
    one, many = (_rank(context, name) for name in ("seed", "seeds"))
    if one == many:
        raise click.UsageError(
            f"--seed {seed} and --seeds {format_seeds(several)} contradict each other; take --seed "
            "for a single seed, --seeds for a number or a range of them"
        )
    return range(seed, seed + 1) if one > many else several


def _rank(context: click.Context, name: str) -> int:
    source = context.get_parameter_source(name)
    assert source is not None
    return _SOURCES.index(source)


_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def policy_option(does: str) -> Callable[[_Decorated], _Decorated]:
    """The option `--policy`, under which a command `does` something."""
    return click.option(
        "--policy",
        multiple=True,
        metavar="NAME",
        callback=policies,
        help=(
            f"{does} under this policy, not the scenario's own; repeat it, or write a,b. "
            "`module:Class` is one of yours."
        ),
    )


@dataclass(frozen=True)
class AppChoice:
    """The app that `--app` names, "" for none, or the `command` of `--app-command`. One
    `is_default` that a configuration file names: what a scenario's file says comes before it.
    `engine` runs apps.
    """

    file: str
    is_default: bool
    engine: EngineName = "quickjs"
    command: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """The option that has named it."""
        return "--app-command" if self.command else "--app"

    @property
    def is_named(self) -> bool:
        """True if the command line itself names it."""
        return bool(self.file or self.command) and not self.is_default


def choose_app(
    file: str,
    command: tuple[str, ...],
    js: EngineName,
    policies: tuple[str, ...],
    sfu: str = "fake",
    core: str = "",
) -> AppChoice:
    """The app of a command line; another choice on it comes before that of a configuration file.
    Raises click.UsageError for what cannot be asked for together with it.
    """
    context = click.get_current_context()
    ranks = _rank(context, "app"), _rank(context, "app_command")
    if file and command and ranks[0] == ranks[1]:
        raise click.UsageError("--app and --app-command name two apps; leave out one of them")
    if ranks[0] > ranks[1]:
        command = ()
    elif command:
        file = ""
    source = context.get_parameter_source("app_command" if command else "app")
    chosen = AppChoice(file, source is ParameterSource.DEFAULT_MAP, js, command)
    if chosen.is_default and (policies or core or sfu != "fake"):
        return AppChoice("", chosen.is_default, js)
    option, has_app = chosen.option, bool(file or command)
    if has_app and policies:
        raise click.UsageError(
            f"{option} runs your own code in place of a policy; leave out --policy"
        )
    if has_app and sfu != "fake":
        raise click.UsageError(f"{option} runs in virtual time; leave out --sfu")
    if core and (has_app or sfu != "fake"):
        raise click.UsageError(f"--core ts runs in virtual time, and without {option}")
    if command and js == "node":
        raise click.UsageError("--js is the engine of --app; leave it out")
    return chosen


def app_file(context: click.Context, param: click.Parameter, value: str) -> str:
    """The path of an app's file; "" if there is no such option.

    One that is there and empty is refused, as an empty policy is.
    """
    asked = context.get_parameter_source(param.name or "")
    if not value.strip() and asked in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT):
        raise click.BadParameter("it is empty; name the app, or leave the option out")
    return value


def command_line(context: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
    """Parse a command into its words, as a shell does, which does not run it."""
    try:
        return tuple(shlex.split(app_file(context, param, value)))
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no command: {error}") from error


app_option = click.option(
    "--app",
    default="",
    metavar="FILE",
    callback=app_file,
    help="Run your own TypeScript or JavaScript in the windows, from this file; no policy is run.",
)


app_command_option = click.option(
    "--app-command",
    default="",
    metavar="COMMAND",
    callback=command_line,
    help="Run a program of yours in any language in the windows, which speaks the protocol of "
    "windows over its standard input and output; no policy is run.",
)


js_option = click.option(
    "--js",
    type=click.Choice(("quickjs", "node")),
    default="quickjs",
    show_default=True,
    help="The engine that runs an app; node has a debugger, and must be on the path.",
)


core_option = click.option(
    "--core",
    default="",
    type=click.Choice(("", "ts")),
    metavar="ts",
    help="Run the owner machine of oneroom-core (TypeScript) in place of Python's; a stored "
    "failure replays on Python's.",
)


def checks(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Parse names of checks of the user's own, each once."""
    return _listed(values, "write module:Class, or leave the option out")


check_option = click.option(
    "--check",
    multiple=True,
    metavar="NAME",
    callback=checks,
    help="Judge by this check of yours, `module:Class`, as well; repeat it, or write a,b.",
)


def sfu_option(
    default: str, which: str, *, show_default: bool = False
) -> Callable[[_Decorated], _Decorated]:
    """The option `--sfu`; `which` describes its values."""
    return click.option(
        "--sfu",
        metavar="NAME",
        default=default,
        show_default=show_default,
        callback=sfu,
        help=f"{which}, livekit:native, or the URL of one that runs.",
    )


bus_option = click.option(
    "--bus",
    type=click.Choice(BUS_KINDS),
    help="Give every window this bus and no other, whatever the scenario says.",
)


timing_option = click.option(
    "--timing",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give every window this time-out, whatever the scenario says: lease=2s; repeat it, or "
    "write a=1s,b=2s.",
)


def seed_option(text: str) -> Callable[[_Decorated], _Decorated]:
    """The option `--seed`, a single one."""
    return click.option("--seed", type=click.IntRange(min=0), metavar="N", help=text)


def json_option(text: str) -> Callable[[_Decorated], _Decorated]:
    """The option `--json`, the parameter `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=text)


jobs_option = click.option(
    "-j",
    "--jobs",
    metavar="N|auto",
    default="auto",
    show_default=True,
    callback=processes,
    help="Processes to use; auto starts them when it pays.",
)
grep_option = click.option(
    "-g",
    "--grep",
    metavar="TEXT",
    default="",
    help="Only scenarios with TEXT in path or title, or in a tag: @slow.",
)
grep_invert_option = click.option(
    "-G", "--grep-invert", metavar="TEXT", default="", help="Leave out what --grep TEXT would take."
)
report_dir_option = click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default="reports",
    show_default=True,
    help="Folder for reports.",
)
