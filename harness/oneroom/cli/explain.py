"""`oneroom explain`: how each violation of a stored failure came about."""

from __future__ import annotations

import os
import sys

import click
import msgspec

from oneroom.checks.results import Finding
from oneroom.checks.verdict import Exit
from oneroom.cli import options, stored_failures
from oneroom.explore.judged_run import JudgedRun
from oneroom.explore.replay import Replayed
from oneroom.explore.twin import TwinSearch
from oneroom.report import explanation, figures
from oneroom.report.explanation import Explanation
from oneroom.report.json_lines import VERSION
from oneroom.report.style import Style, style_for
from oneroom.report.twin import TwinReport, report
from oneroom.report.wrap import wrap
from oneroom.scenario import ScenarioError


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="ID|FILE...")
@options.json_option("A line of JSON for each violation.")
@click.option(
    "--twin/--no-twin", default=True, help="Look for the nearest run that passes, up to 400 runs."
)
def command(names: tuple[str, ...], as_json: bool, twin: bool) -> int:
    """Explain each violation of a stored failure by its chain of causes.

    The run is repeated from its tape. For each violation: the records that led to it, with their
    delays and with what follows from what; who was owner at that moment, what each window believed,
    which faults were on, what lock, lease, storage, bus and SFU held; and, where the run itself
    shows it, what would have had to be otherwise. `oneroom replay` marks the same records in its
    timeline.

    Of the failure itself: the run that differs by the least and passes, and what decides between
    the two.
    """
    try:
        again = stored_failures.replayed(names)
    except ScenarioError as error:
        return stored_failures.refuse(error)
    style = style_for(sys.stdout, os.environ)
    for one in again:
        _explain(one, style, as_json, twin)
    return Exit.HELD if all(one.finding is not None for one in again) else Exit.UNPROVEN


def _explain(one: Replayed, style: Style, as_json: bool, twin: bool) -> None:
    name, stored_check = one.stored.id, one.stored.check
    result, trace = one.judged.result, one.judged.run.trace
    if one.finding is None:
        click.echo(f"{name}: it does not fail any more, see `oneroom replay {name}`.", err=True)
    # The violation that the failure is named after comes first.
    for finding in sorted(result.violations, key=lambda each: each.check != stored_check):
        explained = explanation.explanation(trace, finding)
        nearest = _twin(one.judged, finding) if twin and finding == one.finding else None
        if as_json:
            click.echo(_json_line(name, finding, explained, nearest))
        else:
            head = (
                f"{name}  {style.bad(f'{finding.check} violated')} at "
                f"{figures.timestamp(finding.at_us)}: {finding.message}"
            )
            click.echo("\n".join(wrap(head, style.width, " " * 8)))
            click.echo(explanation.render(explained, style.width, nearest) + "\n")


def _twin(failing: JudgedRun, finding: Finding) -> TwinReport | None:
    found = TwinSearch(failing, finding).run()
    return None if found is None else report(found, len(failing.run.tape))


def _json_line(
    name: str, finding: Finding, explained: Explanation, nearest: TwinReport | None
) -> str:
    chain = [
        {
            "records": link.records,
            "at_us": link.at_us,
            "text": link.text,
            "line": link.line,
            "follows": link.follows,
        }
        for link in explained.chain
    ]
    facts = {
        "version": VERSION,
        "kind": "explanation",
        "id": name,
        "check": finding.check,
        "at_us": finding.at_us,
        "message": finding.message,
        "sentence": explained.sentence,
        "chain": chain,
        "moment": explained.moment,
        "notes": explained.notes,
        "otherwise": explained.otherwise,
        "twin": nearest,
    }
    return msgspec.json.encode(facts).decode()
