"""The reference pages, written from the code that they describe: `python -m docs.site.reference`.

tests/repo/test_reference.py fails when a page is older than the code.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from oneroom.checks.verdict import Exit
from oneroom.cli.main import COMMANDS, cli
from oneroom.core.timings import Timings
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies import registry
from oneroom.scenario.duration import DURATION_PATTERN, RANGE_PATTERN, format_duration
from oneroom.scenario.fields import WINDOW_PATTERN
from oneroom.scenario.schema import schema
from oneroom.scenario.verbs import VERBS

FOLDER = Path(__file__).resolve().parents[1] / "reference"

_WRITTEN = "This page is written from the code by `python -m docs.site.reference`."
_EXIT_CODES = {
    Exit.HELD: "every run is as its scenario expects",
    Exit.VIOLATED: "a check is violated, a limit is broken, or a compared version is worse",
    Exit.USAGE: "the command line, a scenario, or code of yours is wrong: where, and what instead",
    Exit.UNPROVEN: "inconclusive or vacuous: the runs have not shown what they were to show",
    Exit.NONDETERMINISTIC: "a run differs from itself: no other verdict of it can be believed",
    Exit.NOTHING_SELECTED: "no scenario is selected",
    Exit.INFRASTRUCTURE: "Docker, a server, a browser or the disk is missing or fails",
    Exit.INTERNAL: "an error of oneroom itself, with a report to send",
    Exit.INTERRUPTED: "interrupted; the reports are still written",
}
_PATTERNS = {
    WINDOW_PATTERN: "a name",
    RANGE_PATTERN: "a range",
    DURATION_PATTERN: "a duration",
}


def verbs() -> str:
    """The page of the verbs: what each does, and its arguments."""
    sections = [_verb(name, verb.model_json_schema()) for name, verb in VERBS.items()]
    head = (
        "A step of a scenario is `{at: 3s, VERB: {ARGUMENTS}}`. A *range*, `1s..3s`, is drawn from "
        "the seed; a duration is a range of one value. What has no default must be given."
    )
    return _page("Verbs", head, sections)


def _verb(name: str, described: dict[str, Any]) -> str:
    required = described.get("required", [])
    rows = [
        (f"`{key}`", _kind(part), _default(key, part, required), _plain(part.get("description")))
        for key, part in described["properties"].items()
    ]
    table = _table(("argument", "is", "default", ""), rows) if rows else "No arguments."
    return f"## `{name}`\n\n{_sentence(described['description'])}\n\n{table}"


def scenario() -> str:
    """The page of the keys of a scenario file, and of the parts that have keys of their own."""
    whole = schema(vocabulary())
    parts: Any = whole["$defs"]
    sections = [_keys("The file", whole, "")]
    for name in sorted(set(parts) - {"Step", "JsonValue"}):
        if "properties" in parts[name]:
            sections.append(_keys(name, parts[name], parts[name].get("description", "")))
    head = (
        "A scenario is a YAML file. `oneroom lint PATH` checks one, `oneroom schema` writes the "
        "JSON Schema that editors complete from. The verbs of `steps` have [a page](verbs.md) of "
        "their own; the entries of the ledger that `expect` may limit are in "
        "[checks.md](../checks.md)."
    )
    return _page("Scenario files", head, sections)


def _keys(title: str, described: dict[str, Any], text: str) -> str:
    required = described.get("required", [])
    ledger = set(vocabulary().ledger)
    rows = [
        (f"`{key}`", _kind(part), _default(key, part, required), _plain(part.get("description")))
        for key, part in described["properties"].items()
        if key not in ledger
    ]
    told = f"{_sentence(text)}\n\n" if text else ""
    return f"## {title}\n\n{told}{_table(('key', 'is', 'default', ''), rows)}"


def timings() -> str:
    """The page of the time-outs: defaults, meaning, and what policies have instead."""
    rows = [
        (
            f"`{name}`",
            format_duration(timing.default_us),
            "0s" if timing.may_be_zero else "1us",
            timing.meaning,
        )
        for name, timing in vocabulary().timings.items()
    ]
    head = (
        "The time-outs of a window: `timings: {lease: 2s}` in a scenario, `--timing lease=2s` for "
        "a command. Each is a duration: a number with `us`, `ms`, `s`, `m` or `h`. All windows of "
        "one user have the same; `oneroom sweep` ([how](../sweep.md)) compares several. Elections "
        "of others come with their own, as published: below."
    )
    published = _table(("policy", "time-outs that are its own"), _published())
    return _page(
        "Timings", head, [_table(("timing", "default", "at least", "meaning"), rows), published]
    )


def _published() -> Iterable[tuple[str, str]]:
    for name in registry.NAMES:
        own = registry.load(name).published
        differing = [
            f"{field.name.removesuffix('_us')} {format_duration(getattr(own, field.name))}"
            for field in msgspec.structs.fields(Timings)
            if getattr(own, field.name) != field.default
        ]
        if differing:
            yield f"`{name}`", ", ".join(differing)


def commands() -> str:
    """The page of the commands, their options, and the exit codes."""
    context = click.Context(cli, info_name="oneroom")
    sections: list[str] = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        sections.extend(_command(name, command))
    codes = _table(
        ("code", "meaning"), [(str(int(code)), text) for code, text in _EXIT_CODES.items()]
    )
    outranks = "6, 70 and 130 outrank the verdicts, which are printed and filed all the same."
    head = (
        "Every option is also a variable (`ONEROOM_RUN_SEEDS=100`) and a key of its command's "
        "table in `oneroom.toml`, or of `[tool.oneroom.COMMAND]` in `pyproject.toml`. The command "
        "line wins, then the variable."
    )
    return _page("Commands", head, [f"## Exit codes\n\n{codes}\n\n{outranks}", *sections])


def _command(name: str, command: click.Command) -> Iterable[str]:
    context = click.Context(command, info_name=name)
    rows = []
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if record is not None and "--help" not in option.opts:
            rows.append((f"`{record[0]}`", _plain(record[1])))
    options = f"\n\n{_table(('option', ''), rows)}" if rows else ""
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    yield f"## {name}\n\n{text}{options}"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _command(f"{name} {below}", found)


def _kind(part: dict[str, Any]) -> str:
    """What a value may be, in a few words."""
    options = [_kind(option) for option in part.get("anyOf", [])]
    if any(options):
        return " or ".join(dict.fromkeys(filter(None, options)))
    if "enum" in part:
        listed = part["enum"]
        return ", ".join(f"`{one}`" for one in listed) if len(listed) < 12 else "a name"
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if part.get("type") in ("number", "integer"):
        low, high = part.get("minimum"), part.get("maximum")
        return "a number" if low is None or high is None else f"{low} to {high}"
    if part.get("type") == "array":
        return "a list"
    if part.get("type") == "object":
        return "keys"
    if part.get("type") == "boolean":
        return "`true`, `false`"
    return _PATTERNS.get(part.get("pattern", ""), "text" if part.get("type") == "string" else "")


def _default(key: str, part: dict[str, Any], required: Sequence[str]) -> str:
    if key in required:
        return "*required*"
    return f"`{part['default']}`" if "default" in part else ""


def _plain(text: object) -> str:
    return "" if text is None else " ".join(str(text).split()).replace("|", "\\|")


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _page(title: str, head: str, sections: Sequence[str]) -> str:
    return "\n\n".join([f"# {title}", head, _WRITTEN, *sections]) + "\n"


PAGES = {
    "verbs.md": verbs,
    "scenario.md": scenario,
    "timings.md": timings,
    "commands.md": commands,
}
"""The pages by the names of their files."""


def main() -> None:
    """Write all pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
