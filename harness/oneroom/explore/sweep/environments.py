"""The environments that a sweep lays over its scenarios: those that come with oneroom, and files.

Rules: `hidden-chrome` is a file of the folder `environments`, anything with a `/` or an ending is a
file of the user's own; `a+b` is both at once, `none` is what the scenario says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Problem, Scenario, ScenarioError, load
from oneroom.scenario.environment import check_environment, laid_over
from oneroom.scenario.names import hint

NONE = "none"
_FOLDER = Path(__file__).parents[1] / "environments"


class Environment(NamedTuple):
    """An environment by the name that the command line gave it; several scenarios for `a+b`."""

    name: str
    parts: tuple[Scenario, ...]

    def over(self, scenario: Scenario, folder: Path) -> Scenario:
        """The scenario in this environment, as if it were a file of `folder`. Raises ScenarioError
        if it does not fit.
        """
        if not self.parts:
            return scenario
        stem = Path(scenario.path.removeprefix("oneroom:")).stem
        named = "+".join(Path(part).stem for part in self.name.split("+"))
        path = (folder / f"{stem}--{named}.yaml").as_posix()
        return laid_over(scenario, self.parts, path, vocabulary())


def names() -> tuple[str, ...]:
    """The environments that come with oneroom."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.yaml")))


def find(named: Sequence[str]) -> list[Environment]:
    """The environments of these names. Raises ScenarioError with all problems."""
    problems: list[Problem] = []
    found: list[Environment] = []
    for name in named:
        parts: list[Scenario] = []
        for part in (one for one in name.split("+") if one != NONE):
            try:
                environment = load(_file(part), vocabulary())
                check_environment(environment)
                parts.append(environment)
            except ScenarioError as error:
                problems += error.problems
        found.append(Environment(name, tuple(parts)))
    if problems:
        raise ScenarioError(problems)
    return found


def _file(name: str) -> Path:
    if "/" in name or Path(name).suffix:
        return Path(name)
    if name not in names():
        known = (NONE, *names())
        message = f"unknown environment `{name}`"
        suggestion = f"{hint(name, known, 'environments')}, or name a file: ./{name or 'my'}.yaml"
        raise ScenarioError([Problem("--environment", 0, 0, message, "", suggestion)])
    return _FOLDER / f"{name}.yaml"
