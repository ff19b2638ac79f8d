"""`oneroom explain`: why a stored failure happened, a sentence for each violation."""

from __future__ import annotations

import textwrap

import click
import msgspec

from oneroom.checks.verdict import Exit
from oneroom.cli import selection
from oneroom.cli.replay import find
from oneroom.explore.replay import Replayed, replay
from oneroom.explore.store import Unreadable
from oneroom.report import cause_chain
from oneroom.report.json_lines import VERSION
from oneroom.scenario import ScenarioError

_WIDTH = 110


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="ID|FILE...")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each violation.")
def command(names: tuple[str, ...], as_json: bool) -> int:
    """Say which chain of causes led to each violation of a stored failure.

    The run is made again from its tape. A violation is told in one sentence, from what set it off
    to what shows it; the records named are those by which `oneroom replay` draws its picture.
    """
    try:
        stored = [find(name) for name in names]
        selection.find_policies(dict.fromkeys(one.policy for one in stored))
        again = [replay(one) for one in stored]
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    except ScenarioError as error:
        click.echo("The stored text is refused by this version:", err=True)
        return selection.refuse(error)
    for one in again:
        _explain(one, as_json)
    return Exit.HELD if all(one.finding is not None for one in again) else Exit.UNPROVEN


def _explain(one: Replayed, as_json: bool) -> None:
    name, result, trace = one.stored.id, one.judged.result, one.judged.run.trace
    if one.finding is None:
        click.echo(f"{name}: it does not fail any more, see `oneroom replay {name}`.", err=True)
    for finding in result.violations:
        sentence = cause_chain.chain_sentence(trace, finding)
        if as_json:
            facts = {"version": VERSION, "kind": "explanation", "id": name, "check": finding.check}
            click.echo(
                msgspec.json.encode(
                    {**facts, "at_us": finding.at_us, "sentence": sentence}
                ).decode()
            )
        else:
            click.echo(textwrap.fill(f"{name}  {sentence}", _WIDTH, subsequent_indent="        "))
