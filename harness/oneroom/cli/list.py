"""`oneroom list`: the scenarios, policies, checks and verbs that there are."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Sequence
from pathlib import Path

import click

from oneroom.checks.registry import CHECKS
from oneroom.checks.verdict import Exit
from oneroom.cli import options, selection
from oneroom.policies import registry
from oneroom.scenario import VERBS, ScenarioError, catalogue, discover

SECTIONS = ("scenarios", "policies", "checks", "verbs")
# Listed only when asked for: most scenarios plant no bug.
_RARE = ("safeguards",)
_WIDTH = 120

Entry = dict[str, str]


@click.command("list")
@click.argument("words", nargs=-1, metavar="[scenarios|policies|checks|verbs|safeguards|PATH]...")
@options.json_option("One JSON object, a list for each section.")
def command(words: tuple[str, ...], as_json: bool) -> int:
    """List scenarios, policies, checks and verbs.

    `safeguards`, the protections that a scenario's `without` takes away, are listed on request.

    PATH is a scenario file or a folder of them; without one it is the folder `scenarios`.
    `oneroom:stage1` is a folder of the scenarios that come with oneroom, `oneroom:` all of them.
    """
    known = (*SECTIONS, *_RARE)
    paths = tuple(word for word in words if word not in known)
    _find_paths(paths)
    sections = tuple(word for word in words if word in known)
    if paths:
        sections = ("scenarios", *sections)
    makers = {
        "scenarios": lambda: _scenarios(paths),
        "policies": _policies,
        "checks": _checks,
        "verbs": _verbs,
        "safeguards": _safeguards,
    }
    try:
        found = {name: makers[name]() for name in dict.fromkeys(sections or SECTIONS)}
    except ScenarioError as error:
        click.echo(str(error), err=True)
        return Exit.USAGE
    if as_json:
        click.echo(json.dumps({"version": 1, **found}, ensure_ascii=False))
    else:
        blocks = {name: _section(name, entries) for name, entries in found.items()}
        if "scenarios" in blocks and not paths:
            blocks["scenarios"] += f"\n  {_catalogue_hint()}"
        click.echo("\n\n".join(blocks.values()))
    return Exit.HELD


def _find_paths(words: Sequence[str]) -> None:
    """Check that every word that is no section is a path. Raises click.BadParameter."""
    for word in words:
        if not catalogue.is_name(word) and not Path(word).exists():
            raise click.BadParameter(
                f"{word!r} is not one of {', '.join((*SECTIONS, *_RARE))}, nor a file or folder",
                param_hint="SECTIONS",
            )


def _catalogue_hint() -> str:
    count = len(discover([catalogue.PREFIX]))
    return f"{count} come with oneroom: `oneroom list {catalogue.PREFIX}`"


def _scenarios(paths: tuple[str, ...]) -> list[Entry]:
    if not paths and not Path(selection.DEFAULT_FOLDER).is_dir():
        return []
    return [
        {"name": scenario.path, "policy": ", ".join(scenario.policies), "text": scenario.title}
        for scenario in selection.scenarios(paths)
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


def _safeguards() -> list[Entry]:
    from oneroom.ablation.safeguards import SAFEGUARDS  # with all planted bugs

    return [{"name": name, "text": one.protects} for name, one in SAFEGUARDS.items()]


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
