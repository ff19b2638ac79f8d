"""The scenarios and policies that a command line selects.

Rules: all problems are found before anything is run, all at once, and reported with a suggestion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from oneroom import named_class
from oneroom.checks.registry import UnknownCheck
from oneroom.checks.registry import load as load_check
from oneroom.checks.results import Skipped
from oneroom.checks.verdict import Exit
from oneroom.cli import timing_option
from oneroom.cli.options import AppChoice
from oneroom.explore.own_app import with_apps, with_program
from oneroom.explore.plan import Plan
from oneroom.explore.shard import RunTimes
from oneroom.explore.stored_failure import StoredFailure
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import NAMES, UnknownPolicy, load
from oneroom.report import suite_file
from oneroom.scenario import (
    LiveVerb,
    Problem,
    Scenario,
    ScenarioError,
    Verb,
    discover,
    load_discovered,
)
from oneroom.scenario.server_verbs import ProcessVerb, UnplugServer
from oneroom.scenario.shown_path import shown_path
from oneroom.sim.chat import has_chat

DEFAULT_FOLDER = "scenarios"


def scenarios(paths: Sequence[str], grep: str = "", invert: str = "") -> tuple[Scenario, ...]:
    """The scenarios at `paths` whose path, title or tags (`@slow`) contain `grep`, in any case,
    and do not contain `invert` unless it is "".

    The default is the folder `scenarios`. Files below a folder that are no scenarios are passed
    over, and counted in a line on standard error. Raises ScenarioError with the problems of all
    files.
    """
    if not paths and not Path(DEFAULT_FOLDER).exists():
        suggestion = (
            "create it with a first scenario by `oneroom init`, or name a file, a folder or "
            "oneroom:stage1, which comes with oneroom"
        )
        raise ScenarioError(
            [Problem(DEFAULT_FOLDER, 0, 0, "there is no such folder here", "", suggestion)]
        )
    problems: list[Problem] = []
    passed_over = 0
    chosen: list[Scenario] = []
    for found in discover(paths or (DEFAULT_FOLDER,)):
        try:
            scenario = load_discovered(found, vocabulary())
        except ScenarioError as error:
            problems.extend(error.problems)
            continue
        if scenario is None:
            passed_over += 1
        elif _matches(scenario, grep) and not (invert and _matches(scenario, invert)):
            chosen.append(scenario)
    if passed_over:
        files = f"{passed_over:,} YAML file{'' if passed_over == 1 else 's'}"
        click.echo(f"Passed over: {files} without a key `scenario`.", err=True)
    if problems:
        raise ScenarioError(problems)
    return tuple(chosen)


def shown_paths(paths: Sequence[str]) -> dict[str, str]:
    """The scenario files at and below `paths` (as for `scenarios`), as they are shown and as a
    command line names them; {} if there are none.
    """
    try:
        found = discover(paths or (DEFAULT_FOLDER,))
    except ScenarioError:
        return {}
    return {shown_path(one.path): str(one.path) for one in found}


def one_of(paths: Sequence[str], path: str) -> Scenario | None:
    """The scenario of that path, None unless it is at or below one of `paths` (as for `scenarios`).
    Raises ScenarioError.
    """
    for found in discover(paths or (DEFAULT_FOLDER,)):
        if shown_path(found.path) == path:
            return load_discovered(found, vocabulary())
    return None


def _matches(scenario: Scenario, wanted: str) -> bool:
    tags = "\n".join(f"@{tag}" for tag in scenario.tags)
    return wanted.lower() in f"{scenario.path}\n{scenario.title}\n{tags}".lower()


def without_skipped(
    chosen: tuple[Scenario, ...],
) -> tuple[tuple[Scenario, ...], tuple[Skipped, ...]]:
    """The scenarios that are run, and those that say why they are not."""
    skipped = tuple(
        Skipped(one.path, one.title, one.line, one.skip) for one in chosen if one.skip is not None
    )
    return tuple(one for one in chosen if one.skip is None), skipped


def run_times(report: Path | None) -> RunTimes:
    """The times of the runs of a report, {} without one. Raises click.BadParameter."""
    if report is None:
        return {}
    try:
        return suite_file.read(report).run_ms()
    except suite_file.NoSuite as error:
        raise click.BadParameter(str(error), param_hint="--run-times") from error


def failed_in(report: Path | None) -> frozenset[tuple[str, str]] | None:
    """The scenarios and policies that were not as expected in a report, None without one. Raises
    click.BadParameter.
    """
    if report is None:
        return None
    try:
        return suite_file.read(report).not_as_expected()
    except suite_file.NoSuite as error:
        raise click.BadParameter(str(error), param_hint="--last-failed") from error


def no_runs(plan: Plan) -> int:
    """Report that a plan with scenarios has no runs. Returns the exit code."""
    if plan.only is not None:
        why = "nothing of it failed in the newest report"
    else:
        why = f"there are fewer runs than shards, and none for {plan.shard}"
    click.echo(f"Nothing selected: {why}.", err=True)
    return Exit.NOTHING_SELECTED


def nothing_selected(grep: str = "", invert: str = "", skipped: int = 0) -> int:
    """Report that nothing was selected, and what could be done. Returns the exit code."""
    asked = [f"--grep {grep}"] * bool(grep) + [f"--grep-invert {invert}"] * bool(invert)
    why = (
        f"{skipped} scenario{'' if skipped == 1 else 's'} to skip, and no other"
        if skipped
        else f"{' with '.join(asked)} leaves no scenario"
        if asked
        else "there is no scenario; `oneroom init` writes a first one"
    )
    click.echo(f"Nothing selected: {why}.", err=True)
    return Exit.NOTHING_SELECTED


def refuse(error: ScenarioError) -> int:
    """Report all problems of the scenario files. Returns the exit code."""
    click.echo(str(error), err=True)
    count = len(error.problems)
    click.echo(f"\n{count} problem{'' if count == 1 else 's'}; nothing was run.", err=True)
    return Exit.USAGE


def find_policies(names: Iterable[str], where: str = "--policy") -> None:
    """Check that the policies, named `where`, exist.

    A user's own (`module:Class`) is searched in the present folder as well, as other Python tools
    do. Raises click.BadParameter.
    """
    for name in names:
        if name not in NAMES:
            named_class.search_here()
        try:
            load(name)
        except UnknownPolicy as error:
            raise click.BadParameter(str(error), param_hint=where) from error


def find_policy_of(stored: StoredFailure) -> None:
    """Check that the policy of a stored failure exists; an app is in the file itself. Checks and
    handlers of the user's own are found in the present folder from now on. Raises
    click.BadParameter.
    """
    named_class.search_here()
    if stored.bundle is None:
        find_policies([stored.policy])


def with_app(
    chosen: tuple[Scenario, ...], app: AppChoice, policies: tuple[str, ...]
) -> tuple[Scenario, ...]:
    """The scenarios with their apps in their windows, unless `policies` run in their place. Those
    that need what no app has are left out. Raises click.BadParameter.
    """
    if policies or not (app.file or app.command or any(one.app for one in chosen)):
        return chosen
    from oneroom.javascript.bundler import NotBundled
    from oneroom.javascript.engine import EngineMissing
    from oneroom.javascript.node import NodeMissing
    from oneroom.javascript.program_process import ProgramFailed

    try:
        default = app.file if app.is_default else ""
        made = chosen
        if app.command:
            made = with_program(made, app.command, replaces=not app.is_default)
        made = with_apps(made, "" if app.is_default else app.file, default, app.engine)
    except (NotBundled, EngineMissing, NodeMissing, ProgramFailed) as error:
        raise click.BadParameter(str(error), param_hint=app.option) from error
    _find_handlers(made)
    kept = _left(
        made,
        lambda one: one.bundle is None or not has_chat(one),
        "which are about the harness's own chat",
    )
    return _left(
        kept,
        lambda one: one.bundle is None or not one.without,
        "which leave out a safeguard of ours",
    )


def _find_handlers(chosen: Iterable[Scenario]) -> None:
    """Check that the handlers of the apps' own servers exist. Raises click.BadParameter."""
    from oneroom.sim.socket_handlers import UnknownHandler
    from oneroom.sim.socket_handlers import load as load_handler

    for scenario in chosen:
        for name in scenario.app_server.handlers if scenario.bundle is not None else ():
            named_class.search_here()
            try:
                load_handler(name)
            except UnknownHandler as error:
                where = f"app_server.sockets of {scenario.path}"
                raise click.BadParameter(str(error), param_hint=where) from error


def with_timings(
    chosen: tuple[Scenario, ...], written: Sequence[str], policies: tuple[str, ...]
) -> tuple[Scenario, ...]:
    """The scenarios with the time-outs of `--timing`. Those whose windows run an app, which has
    none of oneroom's, are left out. Raises click.BadParameter.
    """
    if not written:
        return chosen
    kept = _left(
        chosen,
        lambda one: one.bundle is None,
        "whose windows run an app: it has none of the time-outs that --timing sets",
    )
    return timing_option.with_timings(kept, written, policies)


def with_core(
    chosen: tuple[Scenario, ...], policies: tuple[str, ...], core: str
) -> tuple[Scenario, ...]:
    """The scenarios with the owner machine in that language, of which there is `ts`; without one,
    unchanged. Those that it cannot play are left out. Raises click.BadParameter.
    """
    if not core:
        return chosen
    from oneroom.javascript.bundler import NotBundled, bundled_core
    from oneroom.javascript.engine import Engine, EngineMissing
    from oneroom.javascript.typescript_core import POLICIES

    try:
        bundle = bundled_core(Path.cwd())
        Engine()
    except (NotBundled, EngineMissing) as error:
        raise click.BadParameter(str(error), param_hint="--core") from error
    kept = _left(chosen, lambda one: one.bundle is None, "whose windows run an app")
    kept = _left(kept, lambda one: not one.without, "which leave out a safeguard")
    kept = _left(
        kept,
        lambda one: set(policies or one.policies) <= set(POLICIES),
        f"whose policy is not in oneroom-core ({', '.join(POLICIES)})",
    )
    return tuple(one.with_core(bundle) for one in kept)


def find_checks(chosen: Iterable[Scenario]) -> None:
    """Check that the user's own checks exist, and can be used. Raises click.BadParameter."""
    for name in dict.fromkeys(name for scenario in chosen for name in scenario.own_checks):
        named_class.search_here()
        try:
            load_check(name)
        except UnknownCheck as error:
            raise click.BadParameter(str(error), param_hint="--check") from error


def playable_live(chosen: tuple[Scenario, ...], sfu: str) -> tuple[Scenario, ...]:
    """The scenarios that can be played live on `sfu`; reports how many are left out."""
    kept = _left(chosen, lambda one: one.bundle is None, "whose windows run an app")
    kept = _left(kept, _plays_live, "which use steps that cannot be played live")
    kept = _left(
        kept,
        lambda scenario: not scenario.asks_for_sdk("js"),
        "which ask for `sdk: js`: the SDK of a live run is livekit for Python",
    )
    if sfu == "livekit:native":
        return _left(
            kept,
            _without((UnplugServer,)),
            "which unplug the server: a native one shares this machine's network",
        )
    if sfu != "livekit":
        return _left(
            kept,
            _without((ProcessVerb,)),
            f"which have server-wide faults: oneroom did not start {sfu}",
        )
    return kept


def _left(
    chosen: tuple[Scenario, ...], plays: Callable[[Scenario], bool], why_not: str
) -> tuple[Scenario, ...]:
    kept = tuple(scenario for scenario in chosen if plays(scenario))
    if len(kept) < len(chosen):
        click.echo(
            f"Left out: {len(chosen) - len(kept)} of {len(chosen)} scenarios, {why_not}.", err=True
        )
    return kept


def _without(verbs: tuple[type[Verb], ...]) -> Callable[[Scenario], bool]:
    return lambda scenario: not any(isinstance(step.verb, verbs) for step in scenario.steps)


def _plays_live(scenario: Scenario) -> bool:
    plays = all(isinstance(step.verb, LiveVerb) for step in scenario.steps)
    in_sight = not any(
        window.hidden or window.opener or window.suspends or window.profile
        for window in scenario.windows.values()
    )
    return plays and in_sight and scenario.instance == "runtime"
