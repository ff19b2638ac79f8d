"""`oneroom list`: what there is to run, to choose and to write."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

from oneroom.checks.registry import CHECKS
from oneroom.checks.verdict import Exit
from oneroom.cli import selection
from oneroom.policies import registry
from oneroom.scenario import VERBS, ScenarioError

SECTIONS = ("scenarios", "policies", "checks", "verbs")
_WIDTH = 120

Entry = dict[str, str]


@click.command("list")
@click.argument("sections", nargs=-1, metavar="[scenarios|policies|checks|verbs]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, a list for each section.")
def command(sections: tuple[str, ...], as_json: bool) -> int:
    """List scenarios, policies, checks and verbs.

    Scenarios are those of the folder `scenarios`; name another folder to `oneroom lint` or `oneroom
    run`.
    """
    for name in sections:
        if name not in SECTIONS:
            raise click.BadParameter(
                f"{name!r} is none of {', '.join(SECTIONS)}", param_hint="SECTIONS"
            )
    makers = {"scenarios": _scenarios, "policies": _policies, "checks": _checks, "verbs": _verbs}
    try:
        found = {name: makers[name]() for name in dict.fromkeys(sections or SECTIONS)}
    except ScenarioError as error:
        click.echo(str(error), err=True)
        return Exit.USAGE
    if as_json:
        click.echo(json.dumps({"version": 1, **found}, ensure_ascii=False))
    else:
        click.echo("\n\n".join(_section(name, entries) for name, entries in found.items()))
    return Exit.HELD


def _scenarios() -> list[Entry]:
    if not Path(selection.DEFAULT_FOLDER).is_dir():
        return []
    return [
        {"name": scenario.path, "policy": ", ".join(scenario.policies), "text": scenario.title}
        for scenario in selection.scenarios(())
    ]


def _policies() -> list[Entry]:
    return [
        {
            "name": name,
            "note": "recommended" if name == registry.RECOMMENDED else "",
            "text": _first_line(text),
        }
        for name, text in ((name, inspect.getdoc(registry.load(name))) for name in registry.NAMES)
    ]


def _checks() -> list[Entry]:
    return [
        {"name": check.name, "kind": check.kind.value, "text": check.promise} for check in CHECKS
    ]


def _verbs() -> list[Entry]:
    return [
        {
            "name": name,
            "arguments": ", ".join(verb.model_fields),
            "text": _first_line(inspect.getdoc(verb)),
        }
        for name, verb in VERBS.items()
    ]


def _first_line(text: str | None) -> str:
    """The first sentence of a docstring, on one line."""
    return "" if text is None else " ".join(text.partition("\n\n")[0].split())


def _section(name: str, entries: Sequence[Entry]) -> str:
    if not entries:
        return f"{name}\n  none here"
    columns = list(entries[0])[:-1]
    widths = [max(len(entry[column]) for entry in entries) for column in columns]
    lines = [name]
    for entry in entries:
        cells = [
            f"{entry[column]:<{width}}"
            for column, width in zip(columns, widths, strict=True)
            if width
        ]
        head = "  " + "  ".join(cells) + "  "
        room = max(30, _WIDTH - len(head))
        pieces = textwrap.wrap(entry["text"], room, break_on_hyphens=False) or [""]
        lines.append((head + pieces[0]).rstrip())
        lines.extend(" " * len(head) + piece for piece in pieces[1:])
    return "\n".join(lines)
