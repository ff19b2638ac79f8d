"""`oneroom trace`: the records of one run, to be read, searched, or opened in another viewer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from oneroom.checks.verdict import Exit
from oneroom.cli import options, selection
from oneroom.cli.show import Shown, find_run
from oneroom.report import json_lines, transcript
from oneroom.report.describe import Describer
from oneroom.scenario import Range, ScenarioError, parse_range
from oneroom.scenario.bundle import EngineName
from oneroom.scenario.diagnostic import RefusalError
from oneroom.trace.records import Record

FORMATS = ("text", "json", "perfetto", "shiviz", "mermaid", "svg")
_AROUND_US = 1_000_000


def _around(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Range | None:
    """Parse a time of the run: `5.2s` and a second on both sides of it, or a range `4s..6s`."""
    if value is None:
        return None
    try:
        span = parse_range(value)
    except RefusalError as error:
        raise click.BadParameter(f"{error.message}; {error.suggestion}") from error
    if ".." in value:
        return span
    return Range(max(0, span.low_us - _AROUND_US), span.high_us + _AROUND_US)


@click.command("trace")
@click.argument("what", metavar="ID|FILE[:LINE]")
@options.policy_option("Run the scenario")
@options.app_option
@options.app_command_option
@options.js_option
@options.check_option
@options.bus_option
@options.timing_option
@options.seed_option("The seed of the scenario's run; 1 unless given.")
@click.option("-g", "--grep", metavar="TEXT", default="", help="Only records with TEXT in them.")
@click.option(
    "--window",
    "windows",
    multiple=True,
    metavar="NAME",
    help="Only records of this window (or sfu, bus, witness, world); repeat it for several.",
)
@click.option(
    "--around",
    metavar="TIME|A..B",
    callback=_around,
    help="Only a second on both sides of TIME, or the time from A to B.",
)
@options.json_option("A line of JSON for each record; the same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="For ui.perfetto.dev, ShiViz, Markdown with Mermaid, or as a picture.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file, not to standard output.",
)
def command(
    what: str,
    policy: tuple[str, ...],
    app: str,
    app_command: tuple[str, ...],
    js: EngineName,
    check: tuple[str, ...],
    bus: str | None,
    timing: tuple[str, ...],
    seed: int | None,
    grep: str,
    windows: tuple[str, ...],
    around: Range | None,
    as_json: bool,
    form: str,
    output: Path | None,
) -> int:
    """Print the records of a run, or export them for another viewer.

    FILE is a scenario, run under --seed; ID is a stored failure, run from its tape. --grep,
    --window and --around choose among records, in text and JSON; the other formats show the whole
    run, mermaid and svg what tells it best. Exit code 0, whatever came of the run.
    """
    form = "json" if as_json else form
    if form not in ("text", "json") and (grep or windows or around):
        raise click.UsageError(
            f"--format {form} shows a whole run; leave out --grep, --window and --around"
        )
    if form == "perfetto" and output is None and sys.stdout.isatty():
        raise click.UsageError("a Perfetto trace is binary; name a file: -o run.pftrace")
    chosen_app = options.choose_app(app, app_command, js, policy)
    try:
        found = find_run(what, policy, chosen_app, check, bus or "", timing, seed)
    except ScenarioError as error:
        return selection.refuse(error)
    if found is None:
        return selection.nothing_selected()
    chosen = _chosen(found, grep, windows, around) if form in ("text", "json") else None
    return _write(_rendered(found, form, chosen), output)


def _chosen(
    shown: Shown, grep: str, windows: tuple[str, ...], around: Range | None
) -> list[Record]:
    """The records that are asked for. Raises click.BadParameter for a window that is not there."""
    trace = shown.judged.run.trace
    describer = Describer(trace)
    places = dict.fromkeys(describer.place(record) for record in trace.records)
    for window in windows:
        if window not in places:
            raise click.BadParameter(
                f"{window!r} is none of {', '.join(places)}", param_hint="--window"
            )
    return [
        record
        for record in trace.records
        if (not windows or describer.place(record) in windows)
        and (around is None or around.low_us <= record.at_us <= around.high_us)
        and grep.lower() in describer.sentence(record).lower()
    ]


def _rendered(shown: Shown, form: str, chosen: list[Record] | None) -> bytes:
    """The run in that format."""
    run, finding = shown.judged.run, shown.finding
    title = f"{run.scenario.title} ({run.policy})"
    if chosen is not None:
        return "".join(f"{line}\n" for line in _lines(shown, form, chosen)).encode()
    # each is for whoever asked for it
    if form == "perfetto":
        from oneroom.report import perfetto

        return perfetto.render(run.trace, title)
    if form == "shiviz":
        from oneroom.report import shiviz

        return shiviz.render(run.trace).encode()
    if form == "mermaid":
        from oneroom.report import mermaid

        return (mermaid.render(run.trace, finding) + "\n").encode()
    from oneroom.report import svg

    return svg.render(run.trace, finding, title).encode()


def _lines(shown: Shown, form: str, chosen: list[Record]) -> Iterator[str]:
    describer = Describer(shown.judged.run.trace)
    for record in chosen:
        if form == "json":
            yield json_lines.record_line(describer, record)
        else:
            yield transcript.line(describer, record)


def _write(content: bytes, output: Path | None) -> int:
    if output is None:
        click.echo(content, nl=False)
        return Exit.HELD
    try:
        output.write_bytes(content)
    except OSError as error:
        click.echo(f"{output} cannot be written: {error.strerror}", err=True)
        return Exit.INFRASTRUCTURE
    click.echo(f"{output} written", err=True)
    return Exit.HELD
