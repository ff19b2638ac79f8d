"""Scenario files as pytest items: one for each scenario and policy.

Rules: an item makes the runs that `oneroom run FILE --policy POLICY` makes, with the same seeds
whichever process it runs in, so that a failure is repeated by the command in its text. What is
wrong in the user's scenario, policy or check is told in words, without a traceback of ours.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from oneroom import named_class, testing
from oneroom.checks.registry import UnknownCheck
from oneroom.checks.registry import load as load_check
from oneroom.cli import selection
from oneroom.cli.options import format_seeds
from oneroom.cli.timing_option import with_timings
from oneroom.explore.own_app import named_app
from oneroom.explore.plan import Plan
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import UnknownPolicy
from oneroom.policies.registry import load as load_policy
from oneroom.pytest_plugin.defaults import Defaults, defaults
from oneroom.pytest_plugin.scenario_runs import tell
from oneroom.scenario import Scenario, ScenarioError, load_discovered
from oneroom.scenario.parse import SUFFIX, Discovered


class Collection:
    """The plugin that a session has when scenario files are asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._defaults = defaults(config)
        self._paths = [Path(path) for path in config.getini("oneroom_paths")]
        self._ran: dict[str, int] = {}
        self._repros: list[str] = []
        if missing := [path for path in self._paths if not path.exists()]:
            raise pytest.UsageError(f"oneroom_paths: there is no {missing[0]}")
        if config.args_source is not pytest.Config.ArgsSource.ARGS:
            config.args += [str(path) for path in self._paths if str(path) not in config.args]

    def pytest_report_header(self) -> str:
        """The seeds of every scenario, and the policies if they are not the scenarios' own."""
        seeds, policies = format_seeds(self._defaults.seeds), self._defaults.policies
        return f"oneroom: seeds {seeds}" + (f", policy {', '.join(policies)}" if policies else "")

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
        """A collector for every YAML file, or for those of `oneroom_paths` alone."""
        within = not self._paths or any(file_path.is_relative_to(path) for path in self._paths)
        if file_path.suffix != SUFFIX or not within:
            return None
        made: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
        return made

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what ran in this process, or in one that reports to it."""
        if report.when == "call":
            runs = [int(str(value)) for name, value in report.user_properties if name == "runs"]
            if runs:
                self._ran[report.nodeid] = sum(runs)
            self._repros += [
                str(value) for name, value in report.user_properties if name == "repro"
            ]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """All runs in a line, and the command that repeats each failure."""
        if not self._ran:
            return
        terminalreporter.write_sep("=", "oneroom")
        runs = sum(self._ran.values())
        seeds = format_seeds(self._defaults.seeds)
        terminalreporter.write_line(f"{runs:,} runs in {len(self._ran):,} tests, seeds {seeds}")
        for repro in dict.fromkeys(self._repros):
            terminalreporter.write_line(repro)


class ScenarioFile(pytest.File):
    """A YAML file; one without a scenario in it has no items."""

    def collect(self) -> Iterator[ScenarioItem]:
        """An item for each policy. Raises CollectError with everything that is wrong."""
        chosen = defaults(self.config)
        path = Path(os.path.relpath(self.path))
        named_class.search_here()
        try:
            scenario = load_discovered(Discovered(path, below_folder=True), vocabulary())
            if scenario is None:
                return
            scenario = scenario.on_bus(chosen.bus).with_checks(chosen.checks)
            if not _app(scenario, chosen):
                (scenario,) = with_timings((scenario,), chosen.timings, chosen.policies)
            policies = _policies(scenario, chosen)
            for name in scenario.own_checks:
                load_check(name)
        except (ScenarioError, UnknownPolicy, UnknownCheck) as error:
            raise self.CollectError(str(error)) from None
        except click.BadParameter as error:
            raise self.CollectError(error.format_message()) from None
        for policy in policies:
            yield ScenarioItem.from_parent(self, name=policy, scenario=scenario)


class NotAsExpected(Exception):
    """The text of a failure, or of what keeps the user's own app from running."""


class ScenarioItem(pytest.Item):
    """All seeds of a scenario under the policy (or with the app) `name`."""

    def __init__(self, *, scenario: Scenario, **others: object) -> None:
        super().__init__(**others)  # type: ignore[arg-type]  # pytest's own
        self.scenario = scenario
        self.add_marker("oneroom")

    def runtest(self) -> None:
        """Run them. Raises NotAsExpected."""
        chosen = defaults(self.config)
        plan = Plan((self.scenario,), (self.name,), chosen.seeds)
        if self.scenario.skip is not None:
            pytest.skip(str(self.scenario.skip))
        if _app(self.scenario, chosen):
            plan = Plan(_with_app(self.scenario, chosen), (), chosen.seeds)
        outcome = testing.run_plan(plan, testing.brief)
        tell(self, outcome)
        if not outcome.held:
            raise NotAsExpected(outcome.text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> object:  # type: ignore[override]  # as pytest.Collector has it
        """The text of what the user did; the traceback of anything else."""
        if isinstance(excinfo.value, NotAsExpected):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line of the scenario's steps, and what a verbose session shows."""
        return self.path, self.scenario.line - 1, f"{self.path.name}: {self.name}"


def _app(scenario: Scenario, chosen: Defaults) -> str:
    """The app in the windows of a scenario, as its item is called; "" where a policy runs."""
    if chosen.policies:
        return ""
    return named_app(scenario) or chosen.app.file or shlex.join(chosen.app.command)


def _policies(scenario: Scenario, chosen: Defaults) -> tuple[str, ...]:
    """The policies of a scenario, or its app. Raises ScenarioError and UnknownPolicy."""
    if app := _app(scenario, chosen):
        return (app,)
    policies = chosen.policies or scenario.policies
    for name in policies:
        load_policy(name)
    Plan((scenario,), policies, chosen.seeds).check_platforms()
    return policies


def _with_app(scenario: Scenario, chosen: Defaults) -> tuple[Scenario, ...]:
    """The scenario with its app; one that cannot be bundled or started is the user's to mend."""
    try:
        made = selection.with_app((scenario,), chosen.app, chosen.policies)
    except click.ClickException as error:
        raise NotAsExpected(error.format_message()) from None
    if not made:
        pytest.skip("it is about what no app has: oneroom's own chat, or a safeguard")
    return made
