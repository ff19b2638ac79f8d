"""`oneroom explain`: the causes of a stored failure, a sentence for each violation."""

from __future__ import annotations

import textwrap

import click
import msgspec

from oneroom.checks.verdict import Exit
from oneroom.cli import options, stored_failures
from oneroom.explore.replay import Replayed
from oneroom.report import cause_chain
from oneroom.report.json_lines import VERSION
from oneroom.scenario import ScenarioError

_WIDTH = 110


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="ID|FILE...")
@options.json_option("A line of JSON for each violation.")
def command(names: tuple[str, ...], as_json: bool) -> int:
    """Explain each violation of a stored failure by its chain of causes.

    The run is repeated from its tape. Each violation is explained in one sentence, from the step
    that set it off to the record that shows it; `oneroom replay` marks the same records in its
    timeline.
    """
    try:
        again = stored_failures.replayed(names)
    except ScenarioError as error:
        return stored_failures.refuse(error)
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
