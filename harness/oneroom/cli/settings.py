"""Defaults from configuration files and environment variables.

Files are `oneroom.toml`, or `[tool.oneroom]` in `pyproject.toml`, in the folder where the command
is called; variables look like `ONEROOM_RUN_SEEDS=100`.

    [run]
    seeds = 100
    policy = ["web-lock", "web-lock-lease"]

    [profiles.nightly]
    seeds = 5000

A profile has options of `run`, for `--profile nightly`.

Rules: one table a command, keys are the long options without dashes in front, and so are the ends
of variables. A key or a variable that does not exist is an error, since a misspelt default that is
silently ignored is worse than none.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, MutableMapping
from pathlib import Path

import click

FILE = Path("oneroom.toml")
PROFILES = "profiles"
BUILT_IN: dict[str, dict[str, object]] = {
    "ci": {"seeds": 100, "check_determinism": 1},
    "nightly": {"seeds": 2_000, "check_determinism": 5},
}
"""The profiles that there are without a file; one of the same name in a file replaces it."""
_PROJECT = Path("pyproject.toml")


def read(commands: Collection[str]) -> dict[str, object]:
    """The defaults, a table for each of `commands`. Raises click.ClickException for a bad file."""
    if FILE.is_file():
        tables = _toml(FILE)
    elif _PROJECT.is_file():
        tool = _toml(_PROJECT).get("tool", {})
        tables = tool.get("oneroom", {}) if isinstance(tool, dict) else {}
    else:
        return {}
    if not isinstance(tables, dict):
        raise click.ClickException("[tool.oneroom] in pyproject.toml must be a table")
    found: dict[str, object] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise click.ClickException(
                f"{_name()}: `{name}` is in no command's table; put it under [run], for example"
            )
        if name == PROFILES:
            found[name] = table
            continue
        if name not in commands:
            raise click.ClickException(
                f"{_name()}: there is no command [{name}]; tables: {', '.join(commands)}"
            )
        found[name] = {key.replace("-", "_"): value for key, value in table.items()}
    return found


def check(defaults: MutableMapping[str, object], name: str, command: click.Command) -> None:
    """Refuse keys that `command` does not have.

    Raises click.ClickException with the nearest option.
    """
    table = defaults.get(name, {})
    if not isinstance(table, Mapping):
        return
    defaults[name] = named(table, name, command)


def named(table: Mapping[str, object], name: str, command: click.Command) -> dict[str, object]:
    """The values of a table by what the code calls their options; a key is called like the option.

    Raises click.ClickException for a key that `command` does not have.
    """
    options = _options(command)
    found: dict[str, object] = {}
    for spelling, value in table.items():
        key = spelling.replace("-", "_")
        if key not in options:
            near = difflib.get_close_matches(key, options, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"keys: {', '.join(options)}"
            raise click.ClickException(f"{_name()}: `{name}` has no option `{key}`; {hint}")
        found[str(options[key].name)] = _value(key, value, options[key])
    return found


def profiles(defaults: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """The profiles of the configuration file, and those that are built in.

    Raises click.ClickException for one that is no table.
    """
    own = defaults.get(PROFILES, {})
    found: dict[str, Mapping[str, object]] = dict(BUILT_IN)
    for name, table in own.items() if isinstance(own, Mapping) else ():
        if not isinstance(table, Mapping):
            raise click.ClickException(f"{_name()}: `{PROFILES}.{name}` must be a table")
        found[str(name)] = table
    return found


def check_variables(environment: Mapping[str, str], name: str, command: click.Command) -> None:
    """Refuse variables that look as if they were meant for `command`, and are not.

    Raises click.ClickException.
    """
    if isinstance(command, click.Group):
        return
    options = {key.upper(): option for key, option in _options(command).items()}
    prefix = f"ONEROOM_{name.upper()}_"
    for key, option in options.items():
        option.envvar = f"{prefix}{key}"  # click would call it by its name in the code
    known = {*options, *(f"{parameter.name}".upper() for parameter in command.params)}
    for variable in environment:
        if variable.startswith(prefix) and variable.removeprefix(prefix) not in known:
            near = difflib.get_close_matches(variable.removeprefix(prefix), options, 1)
            hint = (
                f"did you mean {prefix}{near[0]}?"
                if near
                else f"variables: {', '.join(f'{prefix}{key}' for key in options)}"
            )
            raise click.ClickException(f"{variable}: `{name}` has no such option; {hint}")
        if variable.startswith("ONEROOM_") and variable.removeprefix("ONEROOM_") in options:
            meant = f"{prefix}{variable.removeprefix('ONEROOM_')}"
            raise click.ClickException(f"no command reads {variable}; did you mean {meant}?")


def _value(key: str, value: object, option: click.Option) -> object:
    """A value as its option takes it: true or false for a flag, a list for a repeatable option."""
    if option.is_flag:
        if not isinstance(value, bool):
            raise click.ClickException(f"{_name()}: `{key}` is true or false, not {value!r}")
        return value
    values = value if isinstance(value, list) and option.multiple else [value]
    if not all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in values):
        raise click.ClickException(
            f"{_name()}: `{key}` cannot be {value!r}; {_example(key, option)}"
        )
    return values if option.multiple else value


def _example(key: str, option: click.Option) -> str:
    return (
        f'write {key} = ["a", "b"]'
        if option.multiple
        else f'write {key} = "…", as after --{key.replace("_", "-")}'
    )


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options of a command by their long names, as keys."""
    found: dict[str, click.Option] = {}
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for spelling in parameter.opts:
                if spelling.startswith("--"):
                    found[spelling[2:].replace("-", "_")] = parameter
    return found


def _name() -> str:
    return str(FILE if FILE.is_file() else _PROJECT)


def _toml(path: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from error
