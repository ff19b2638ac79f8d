"""The entry point: finds the command, and turns its outcome into an exit code and readable text.

Rules: nothing but click is imported before a command is known, so that `--help` and completion are
instant. No traceback ever reaches the terminal (oneroom.cli.crash).
"""

from __future__ import annotations

import difflib
import gc
import importlib
import os
import sys
from collections.abc import Sequence

import click

from oneroom.cli import crash, settings, streams

_USAGE = 2
_INTERRUPTED = 130

# The first line of each command's help, here as well so that listing them imports none of them.
COMMANDS: dict[str, str] = {
    "init": "Write a first scenario and its schema into the folder scenarios.",
    "import": "Make the skeleton of a scenario of a log from the field, with its times.",
    "run": "Run scenarios, each under several seeds, and judge them.",
    "merge": "Join the reports of several calls into one.",
    "compare": "Compare two policies, two apps, or two commits of one, run for run.",
    "fuzz": "Search for failures in drawn scenarios.",
    "sweep": "Compare time-outs over policies and environments, and recommend one setting.",
    "exhaust": "Run every schedule of a small scenario, up to stated bounds.",
    "show": "Show the timeline of a run, also of one that held, or the newest report.",
    "ui": "Serve the report on 127.0.0.1: with what-if, and the progress of a search.",
    "trace": "Print the records of a run, or export them for another viewer.",
    "replay": "Run stored failures again, from their tapes.",
    "verify": "Count how often a stored failure shows nearby, before and now.",
    "failures": "List and forget stored failures.",
    "confirm": "Play the schedule of a stored failure on a real LiveKit server.",
    "shrink": "Make a stored failure small.",
    "explain": "Explain each violation of a stored failure by its chain of causes.",
    "list": "List scenarios, policies, checks and verbs.",
    "lint": "Find everything that is wrong with scenario files.",
    "schema": "Print the JSON Schema of scenario files.",
    "livekit": "Start and stop a real LiveKit server on this machine.",
    "doctor": "Check whether this machine has what oneroom needs.",
}


def module_of(command: str) -> str:
    """The module of a command: its name, but for one that Python keeps for itself."""
    return f"oneroom.cli.{'import_log' if command == 'import' else command}"


class LazyGroup(click.Group):
    """Commands are modules of this package, each with a `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(module_of(cmd_name)).command
        settings.check(ctx.default_map or {}, cmd_name, command)
        settings.check_variables(os.environ, cmd_name, command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Commands: {', '.join(COMMANDS)}."
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib import metadata

        try:
            click.echo(f"oneroom {metadata.version('oneroom')}")
        except metadata.PackageNotFoundError:
            click.echo("oneroom (not installed)")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Print the version.",
)
def cli() -> None:
    """Check that a user's windows hold one Room, or show a minimal failing run.

    Scenarios are included: `oneroom run oneroom:stage1`; `oneroom list oneroom:` lists them.

    Every option is also a variable (ONEROOM_RUN_SEEDS=100) and a key of its command's table in
    oneroom.toml or of [tool.oneroom.COMMAND] in pyproject.toml; the command line wins, then the
    variable.

    Exit codes: 0 held, 1 violated, 2 usage or scenario error, 3 inconclusive or vacuous, 4
    nondeterministic, 5 nothing selected, 6 infrastructure, 70 internal error, 130 interrupted
    (reports are still written). 6, 70 and 130 outrank the verdicts, which are reported all the
    same.
    """


def invoke(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code.

    Internal errors and closed pipes are raised as they are.
    """
    if "_ONEROOM_COMPLETE" in os.environ:
        # The shell asks what could come next; click answers and ends the process.
        cli.main(list(arguments), prog_name="oneroom")
    try:
        # Not `cli.main`, which makes a violation (1) of a closed pipe.
        with cli.make_context(
            "oneroom",
            list(arguments),
            auto_envvar_prefix="ONEROOM",
            default_map=settings.read(COMMANDS),
        ) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.ClickException as error:
        error.show()
        return _USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return _INTERRUPTED
    return code if isinstance(code, int) else 0


def main() -> None:
    """The command's entry point."""
    streams.prepare()
    code = crash.EXIT_CODE
    try:
        with crash.CrashReport():
            code = invoke(sys.argv[1:])
        sys.stdout.flush()
    except (BrokenPipeError, streams.Unwritable) as error:
        code = streams.give_up(error)
    # Python ends with a search for cycles in all that was ever imported, a tenth of a short
    # command's time.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
