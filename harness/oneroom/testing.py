"""The Python API for tests: run scenarios, and assert what came of it.

    import oneroom

    def test_a_crash_is_survived() -> None:
        outcome = oneroom.run("scenarios/crash.yaml", policy="app.election:Election", seeds=100)
        assert outcome.held, outcome

Rules: runs are made in this process, one after the other (a test runner spreads tests over
processes better than we would); nothing is written to disk and nothing is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from oneroom import named_class
from oneroom.checks.check import Check
from oneroom.checks.results import Failure, Result, RunGroup
from oneroom.checks.verdict import Verdict
from oneroom.core.policy import Policy
from oneroom.explore.judged_run import run_judged
from oneroom.explore.own_app import with_apps
from oneroom.explore.plan import Job, Plan, run_job
from oneroom.explore.result_collector import ResultCollector
from oneroom.explore.vocabulary import vocabulary
from oneroom.report import failure_text
from oneroom.report.failure_text import FailureText
from oneroom.scenario import Problem, Scenario, ScenarioError, discover, load_discovered, parse
from oneroom.scenario import load as load_file

SEEDS = 10


class Outcome(msgspec.Struct, frozen=True):
    """The outcome of `run`: one group for each scenario and policy, and all of it as text.

    `shown` has one run for each group: that of its first failure, else that of its first seed.
    """

    groups: tuple[RunGroup, ...]
    text: str
    shown: tuple[Result, ...] = ()

    @property
    def held(self) -> bool:
        """True if every run was as its scenario expects, and something could be judged."""
        return all(group.verdict == Verdict.HELD for group in self.groups)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures of all groups, one for each check that broke in a group."""
        return tuple(failure for group in self.groups for failure in group.failures)

    def __str__(self) -> str:
        return self.text


def load(path: Path | str) -> Scenario:
    """The scenario in the file at `path`. Raises ScenarioError with every problem of the file."""
    return load_file(path, vocabulary())


def load_text(text: str) -> Scenario:
    """The scenario that `text` is, in YAML. Raises ScenarioError with every problem of it."""
    return parse(text, vocabulary())


def run(
    scenario: Scenario | Path | str,
    policy: type[Policy] | str | None = None,
    seeds: int | range = SEEDS,
    checks: Sequence[type[Check] | str] = (),
) -> Outcome:
    """Run `scenario` under `seeds` (a number: from 1 on), and judge the runs.

    `scenario` is a scenario, or the path of a file or of a folder of them, `oneroom:stage1` among
    them. `policy` stands in for the scenario's own, `checks` judge beside all others; both are
    classes or their names, `module:Class`. Raises ScenarioError, UnknownPolicy, UnknownCheck,
    NotBundled for an app of the file that cannot be run, and ValueError for a class inside a
    function or for no seeds.
    """
    return run_plan(plan_of(scenario, policy, seeds, checks), _text)


def plan_of(
    scenario: Scenario | Path | str,
    policy: type[Policy] | str | None,
    seeds: int | range,
    checks: Sequence[type[Check] | str],
) -> Plan:
    """The plan of what `run` runs, and its errors."""
    chosen = range(1, seeds + 1) if isinstance(seeds, int) else seeds
    if not chosen:
        raise ValueError(f"no seeds in {seeds!r}: nothing would be run")
    names = tuple(_name(check) for check in checks)
    under = () if policy is None else (_name(policy),)
    judged = tuple(one.with_checks(names) for one in _scenarios(scenario))
    plan = Plan(judged if under else with_apps(judged), under, chosen)
    plan.check_platforms()
    return plan


def run_plan(plan: Plan, describe: Callable[[Plan, RunGroup], str]) -> Outcome:
    """The outcome of all runs of `plan`, made one after the other, in the words of `describe`."""
    groups, shown = [], []
    for scenario in plan.scenarios:
        for policy in plan.policies_of(scenario):
            collector = ResultCollector(scenario, policy, room=0)
            for seed in plan.seeds:
                collector.add(run_job(plan.play, scenario, Job(0, policy, seed)))
            group = collector.close()
            groups.append(group)
            shown.append(group.failures[0].result if group.failures else collector.results[0])
    text = "\n\n".join(describe(plan, group) for group in groups)
    return Outcome(tuple(groups), text, tuple(shown))


def _scenarios(wanted: Scenario | Path | str) -> tuple[Scenario, ...]:
    if isinstance(wanted, Scenario):
        return (wanted,)
    found = [load_discovered(one, vocabulary()) for one in discover([str(wanted)])]
    scenarios = tuple(one for one in found if one is not None)
    if not scenarios:
        raise ScenarioError([Problem(str(wanted), 0, 0, "there is no scenario here")])
    return scenarios


def _name(wanted: type | str) -> str:
    return wanted if isinstance(wanted, str) else named_class.name_of(wanted)


def _text(plan: Plan, group: RunGroup) -> str:
    """The verdict of a group in a line; below it what was missing, and its first failure."""
    lines = [f"{group.scenario}: {group.verdict} under {group.policy} in {group.seeds:,} seeds"]
    lines += [f"  {sentence}" for sentence in _missing(group)]
    if group.vacuous:
        lines.append(f"  nothing to guard in any seed: {', '.join(group.vacuous)}")
    if group.failures:
        shown = _first_failure(plan, group)
        lines += ["", shown.block, "", shown.timeline]
    return "\n".join(lines)


def brief(plan: Plan, group: RunGroup) -> str:
    """The first failure of a group without its timeline, and what was missing; "" if it held."""
    if group.verdict == Verdict.HELD:
        return ""
    lines = [_first_failure(plan, group).block] if group.failures else []
    lines += [f"x {group.scenario}:{group.line}  {sentence}" for sentence in _missing(group)]
    if not lines:
        lines = [f"x {group.scenario}:{group.line}  {group.verdict} under {group.policy}"]
    return "\n".join(lines)


def _missing(group: RunGroup) -> list[str]:
    return [*group.shortfalls, *([f"given up: {group.gave_up}"] if group.gave_up else [])]


def _first_failure(plan: Plan, group: RunGroup) -> FailureText:
    first, *others = group.failures
    scenario = next(one for one in plan.scenarios if one.path == group.scenario)
    trace = run_judged(scenario, group.policy, first.result.seed).run.trace
    return failure_text.render(first, others, group.seeds, trace, "")
