"""Environments: what a scenario's windows live in, laid over it.

An environment is a scenario file in which the window `owner` stands for the window that is
preferred as the owner (the main one, else the first) and `others` for every other window. What it
says that is not a default replaces what the scenario says, and its steps happen as well.

Rules of this file: from scenarios to a scenario; which files there are is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.scenario.diagnostic import Problem, ScenarioError
from oneroom.scenario.model import Scenario, Step, Window
from oneroom.scenario.names import Vocabulary
from oneroom.scenario.parse import parse
from oneroom.scenario.verb import Verb
from oneroom.scenario.write import write

OWNER, OTHERS = "owner", "others"
_OF_THE_MACHINE = ("engine", "network", "tokens", "locks", "sdk", "picker", "microphone")
_OF_A_WINDOW = ("hidden", "suspends", "buses", "locks", "sdk")
_OF_THE_BUS = ("kind", "delay", "loss_ratio", "duplicate_ratio")


def check_environment(environment: Scenario) -> None:
    """Check that all windows of an environment are placeholders. Raises ScenarioError."""
    problems = [
        Problem(
            environment.path,
            window.line,
            1,
            f"`{name}` is no window of an environment",
            "",
            f"`{OWNER}` is the window preferred as the owner, `{OTHERS}` is every other one",
        )
        for name, window in environment.windows.items()
        if name not in (OWNER, OTHERS)
    ]
    if problems:
        raise ScenarioError(problems)


def laid_over(
    scenario: Scenario,
    environments: Sequence[Scenario],
    path: str,
    vocabulary: Vocabulary,
) -> Scenario:
    """`scenario` in all of these environments at once, as a scenario of its own at `path`.

    A step of an environment that cannot happen there (its window is gone by then) is left out.
    Raises ScenarioError if the two contradict each other all the same.
    """
    preferred = _preferred(scenario)
    made = scenario
    for environment in environments:
        made = _settings(made, environment, preferred)
    added = [
        Step(at=step.at, verb=verb)
        for environment in environments
        for step in environment.steps
        for verb in _played_by(step.verb, made, preferred)
    ]
    while True:
        whole = made.model_copy(update={"steps": (*made.steps, *added)})
        text = write(whole)
        try:
            parsed = parse(text, vocabulary, path)
        except ScenarioError as error:
            first = text.split("\n").index("steps:") + 2 + len(made.steps)
            refused = {problem.line - first for problem in error.problems}
            possible = [step for place, step in enumerate(added) if place not in refused]
            if len(possible) == len(added):
                raise
            added = possible
        else:
            return parsed.with_checks(scenario.added_checks).with_bundle(scenario.bundle)


def _preferred(scenario: Scenario) -> str:
    mains = [name for name, window in scenario.windows.items() if window.kind == "main"]
    return (mains or list(scenario.windows))[0]


def _settings(scenario: Scenario, environment: Scenario, preferred: str) -> Scenario:
    """The scenario with the settings of the environment that are no defaults."""
    changed: dict[str, object] = {
        name: getattr(environment, name)
        for name in _OF_THE_MACHINE
        if name in environment.model_fields_set
    }
    bus = {
        name: getattr(environment.bus, name)
        for name in _OF_THE_BUS
        if name in environment.bus.model_fields_set
    }
    windows = {
        name: _window(window, environment.windows.get(OWNER if name == preferred else OTHERS))
        for name, window in scenario.windows.items()
    }
    changed |= {"bus": scenario.bus.model_copy(update=bus), "windows": windows}
    return scenario.model_copy(update=changed)


def _window(window: Window, pattern: Window | None) -> Window:
    if pattern is None:
        return window
    given = {
        name: getattr(pattern, name) for name in _OF_A_WINDOW if name in pattern.model_fields_set
    }
    return window.model_copy(update=given)


def _played_by(verb: Verb, scenario: Scenario, preferred: str) -> list[Verb]:
    """The verb for each window that its placeholder stands for."""
    window = getattr(verb, "window", None)
    if window is None:
        return [verb]
    others = [name for name in scenario.windows if name != preferred]
    meant = [preferred] if window == OWNER else others
    return [verb.model_copy(update={"window": name}) for name in meant]
