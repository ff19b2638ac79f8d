"""Defaults from files: `oneroom.toml`, or `[tool.oneroom]` in `pyproject.toml`, in the folder where the command is
called.

    [run]
    seeds = 100
    policy = ["web-lock", "web-lock-lease"]

Rules: one table a command, keys are the long options without dashes in front. A key that does not exist is an error,
since a misspelt default that is silently ignored is worse than none.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, MutableMapping
from pathlib import Path

import click

FILE = Path("oneroom.toml")
_PROJECT = Path("pyproject.toml")


def read(commands: Collection[str]) -> dict[str, object]:
    """The defaults, a table for each of `commands`. Raises click.ClickException for a file that cannot be that."""
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
            raise click.ClickException(f"{_name()}: `{name}` stands in no command's table; put it under [run], say")
        if name not in commands:
            raise click.ClickException(f"{_name()}: there is no command [{name}]; tables: {', '.join(commands)}")
        found[name] = {key.replace("-", "_"): value for key, value in table.items()}
    return found


def check(defaults: MutableMapping[str, object], name: str, command: click.Command) -> None:
    """Refuse keys that `command` does not have. Raises click.ClickException with the nearest option."""
    table = defaults.get(name, {})
    if not isinstance(table, Mapping):
        return
    options = _options(command)
    for key in list(table):
        if key not in options:
            near = difflib.get_close_matches(key, options, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"keys: {', '.join(options)}"
            raise click.ClickException(f"{_name()}: `{name}` has no option `{key}`; {hint}")
    # A key is called like its option; what the code calls it is the code's business.
    defaults[name] = {options[key]: value for key, value in table.items()}


def _options(command: click.Command) -> dict[str, str]:
    """Long options as keys, with the names of their parameters."""
    found: dict[str, str] = {}
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name is not None:
            for spelling in parameter.opts:
                if spelling.startswith("--"):
                    found[spelling[2:].replace("-", "_")] = parameter.name
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
