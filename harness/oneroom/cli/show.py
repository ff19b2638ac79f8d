"""`oneroom show`: the timeline of one run, whatever came of it, as text or as a page; without a
run, the newest report in the browser.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from oneroom.checks.results import Failure, Finding
from oneroom.checks.verdict import EXIT_CODE, Exit, Verdict
from oneroom.cli import browser, options, selection, stored_failures
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.plan import Plan
from oneroom.explore.replay import Outdated, replay
from oneroom.explore.replay_token import is_token, replay_command
from oneroom.explore.result_collector import ResultCollector
from oneroom.explore.store import Store, Unreadable
from oneroom.explore.twin import TwinSearch
from oneroom.report import cause_chain, failure_text, json_lines, text
from oneroom.report import twin as twin_words
from oneroom.report.describe import Describer
from oneroom.report.folder import PAGE, make, newest, write_page
from oneroom.report.html import document
from oneroom.report.html.run_data import LinkedTwin
from oneroom.report.html.run_pages import packed_run
from oneroom.report.style import Style, style_for
from oneroom.report.timeline import LINES, timeline
from oneroom.scenario import ScenarioError
from oneroom.scenario.bundle import EngineName
from oneroom.scenario.shown_path import shown_path

_SCENARIO_FILES = (".yaml", ".yml")


@click.command("show")
@click.argument("what", metavar="[ID|FILE[:LINE]]", default="")
@options.policy_option("Run the scenario")
@options.app_option
@options.app_command_option
@options.js_option
@options.check_option
@options.bus_option
@options.timing_option
@options.seed_option("The seed of the scenario's run; 1 unless given.")
@click.option(
    "--width",
    type=click.IntRange(min=60),
    metavar="N",
    help="Columns of the timeline; those of the terminal unless given.",
)
@click.option(
    "--lines",
    type=click.IntRange(min=10),
    default=LINES,
    show_default=True,
    metavar="N",
    help="Lines of the timeline at most; the least informative records are left out first.",
)
@options.json_option("A line of JSON for each record, and one for the run.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the run as a page for a browser, in place of the text.",
)
@click.option("--open", "opens", is_flag=True, help="Open the run as a page in the browser.")
@options.report_dir_option
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
    width: int | None,
    lines: int,
    as_json: bool,
    html: Path | None,
    opens: bool,
    report_dir: Path,
) -> int:
    """Show the timeline of a run, also of one that held, or the newest report.

    FILE is a scenario (oneroom:stage1/main-crashes.yaml is one, too), run under --seed. ID is a
    stored failure, run from its tape, and takes none of --policy, --check, --bus, --timing and
    --seed.
    """
    if not what:
        browser.open_page(_newest_page(report_dir))
        return Exit.HELD
    if as_json and (html or opens):
        raise click.UsageError("--json prints records; leave out --html and --open")
    chosen_app = options.choose_app(app, app_command, js, policy)
    try:
        found = find_run(what, policy, chosen_app, check, bus or "", timing, seed)
    except ScenarioError as error:
        return selection.refuse(error)
    if found is None:
        return selection.nothing_selected()
    if as_json:
        _print_records(found.judged)
    elif html or opens:
        if not _write_page(
            found, html or report_dir / "shown" / f"{found.id}.html", report_dir, opens
        ):
            return Exit.INFRASTRUCTURE
    else:
        style = style_for(sys.stdout, os.environ)
        _print(found, style if width is None else Style(style.colour, width), lines)
    result = found.judged.result
    return Exit.HELD if result.expected else EXIT_CODE[Verdict(result.verdict)]


def _is_stored(what: str) -> bool:
    """True for what can only name a stored failure: no path of a scenario, nor of a folder."""
    if is_token(what):
        return True
    path = what.partition(":")[0]
    named = Path(path).suffix in _SCENARIO_FILES or ":" in what or "/" in what
    return (
        Path(what).suffix == ".json" or what in Store().ids() or not (named or Path(path).exists())
    )


def find_run(
    what: str,
    policy: tuple[str, ...],
    app: options.AppChoice,
    check: tuple[str, ...],
    bus: str,
    timing: tuple[str, ...],
    seed: int | None,
) -> Shown | None:
    """The run that a command line names; None if there is no such scenario.

    Raises ScenarioError, click.ClickException.
    """
    if not _is_stored(what):
        return _run(what, policy, app, check, bus, timing, 1 if seed is None else seed)
    if policy or app.is_named or check or bus or timing or seed is not None:
        raise click.UsageError(
            f"{what} is a stored failure, which has its policy, checks, bus, time-outs and "
            "draws; leave out --policy, --app, --check, --bus, --timing and --seed"
        )
    return _replayed(what)


class Shown(msgspec.Struct, frozen=True):
    """A run to show: its timeline marks `finding`, None for a run that held."""

    judged: JudgedRun
    finding: Finding | None
    id: str
    repro: str


def _replayed(name: str) -> Shown:
    try:
        stored = stored_failures.find(name)
        selection.find_policy_of(stored)
        again = replay(stored)
    except (Unreadable, Outdated) as error:
        raise click.ClickException(str(error)) from error
    return Shown(again.judged, again.finding, stored.id, replay_command(stored))


def _run(
    path: str,
    policies: tuple[str, ...],
    app: options.AppChoice,
    checks: tuple[str, ...],
    bus: str,
    timing: tuple[str, ...],
    seed: int,
) -> Shown | None:
    """The run of the scenario at `path`, None if there is none."""
    selection.find_policies(policies)
    chosen = selection.scenarios((path,))
    if not chosen:
        return None
    ready = tuple(one.on_bus(bus).with_checks(checks) for one in chosen)
    played = selection.with_timings(selection.with_app(ready, app, policies), timing, policies)
    plan = Plan(played, policies, range(seed, seed + 1))
    selection.find_policies(plan.named_policies())
    selection.find_checks(plan.scenarios)
    plan.check_platforms()
    jobs = plan.jobs()
    if len(chosen) > 1:
        raise click.UsageError(f"{path} has {len(chosen)} scenarios; name one of them")
    if len(jobs) > 1:
        names = ", ".join(job.policy for job in jobs)
        raise click.UsageError(f"one run is shown, not one under each of {names}; take --policy")
    judged = run_judged(plan.scenarios[0], jobs[0].policy, seed)
    result = judged.result
    # The first violation that the scenario does not expect, or the first of those that it does.
    ranked = sorted(result.violations, key=lambda one: one.check not in result.unexpected)
    return Shown(judged, ranked[0] if ranked else None, result.id, result.repro)


def _print(shown: Shown, style: Style, lines: int) -> None:
    run, result, finding = shown.judged.run, shown.judged.result, shown.finding
    collector = ResultCollector(run.scenario, run.policy)
    collector.add(result)
    columns = text.columns_for([run.scenario.path], [run.policy], 1)
    click.echo(text.group_line(collector.close(complete=False), columns, style))
    chain = None
    if finding is not None:
        chain = cause_chain.explain(run.trace, finding)
        failure = Failure(result, finding, shown.id, shown.repro, stored=False, hits=1)
        click.echo(f"\n{failure_text.render(failure, (), 1, run.trace, '', style).block}")
    click.echo(f"\n{timeline(run.trace, finding, chain, style, lines)}")


def _newest_page(reports: Path) -> Path:
    """The page of the newest report."""
    page = newest(reports) / PAGE
    if not page.is_file():
        raise click.ClickException(
            f"no report in {shown_path(reports)}: `oneroom run` and `oneroom fuzz` write one"
        )
    return page


def _write_page(shown: Shown, file: Path, reports: Path, opens: bool) -> bool:
    """Write the page of a run, and open it. False if the disk does not take it."""
    judged, finding = shown.judged, shown.finding
    failures: tuple[Failure, ...] = ()
    if finding is not None:
        failure = Failure(judged.result, finding, shown.id, shown.repro, stored=False, hits=1)
        failures = (failure,)
    runs = _pages(shown, failures)
    title = f"{judged.result.scenario}, {judged.result.policy}, seed {judged.result.seed}"
    try:
        if file.is_relative_to(reports):
            make(reports)
        write_page(file, document.render(title, None, runs))
    except OSError as error:
        click.echo(f"{shown_path(file)} cannot be written: {error.strerror}", err=True)
        return False
    if opens:
        browser.open_page(file)
    else:
        click.echo(shown_path(file))
    return True


def _pages(shown: Shown, failures: Sequence[Failure]) -> dict[tuple[str, ...], str]:
    """The run's page, and, where one draw decides, that of the nearest run that passes."""
    judged, finding = shown.judged, shown.finding
    search = None if finding is None else TwinSearch(judged, finding)
    twin = None if search is None else search.run()
    if search is None or twin is None:
        return {(shown.id,): packed_run(judged.run, judged.result, failures, seeds=1)}
    passing = search.run_with(twin.position, twin.passing.value)
    lines = twin_words.report(twin, len(judged.run.tape)).lines()
    there = LinkedTwin(f"{shown.id}-passes", "the run that passes", lines)
    back = LinkedTwin(shown.id, "the run that fails", lines)
    return {
        (shown.id,): packed_run(judged.run, judged.result, failures, 1, there),
        (there.id,): packed_run(passing.run, passing.result, (), 1, back),
    }


def _print_records(judged: JudgedRun) -> None:
    describer = Describer(judged.run.trace)
    for record in judged.run.trace.records:
        click.echo(json_lines.record_line(describer, record))
    click.echo(json_lines.run_line(judged.result))
