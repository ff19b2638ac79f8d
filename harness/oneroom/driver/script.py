"""A scenario read for playing it: the times of openings and steps, each window's settings.

Rules: the draws of a run's schedule are the first ones of the run and come in one order (openings,
then steps), so that the same seed means the same schedule in both arms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from oneroom.checks.check import Check
from oneroom.checks.judge import Judge
from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.config import Config
from oneroom.core.messages import CommandVerb
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings
from oneroom.scenario.duration import Range
from oneroom.scenario.fields import USER
from oneroom.scenario.model import Scenario, Step

JITTER_HIGH_US = 150_000
# The key of the id in sessionStorage.
INSTANCE = "instance"

# User actions that reach the coordinator as a command.
VERBS = {
    "connect": CommandVerb.CONNECT,
    "disconnect": CommandVerb.DISCONNECT,
    "toggleMute": CommandVerb.TOGGLE_MUTE,
    "toggleCamera": CommandVerb.TOGGLE_CAMERA,
    "toggleScreenShare": CommandVerb.TOGGLE_SCREEN_SHARE,
}


class Script(Protocol):
    """The openings and steps of a run of the simulator, and their times."""

    openings: list[tuple[int, str]]
    """When which window opens by itself."""

    @property
    def last_us(self) -> int:
        """The time of the last step or opening, as far as it is decided."""

    def coming(self) -> Iterator[tuple[int, Callable[[], Step]]]:
        """The steps in the order of time: when each is taken, and what says then which it is. The
        next one is asked for when this one has been taken.
        """


class Schedule:
    """The times of openings and steps. Steps of one instant keep the order of the file."""

    def __init__(self, scenario: Scenario, choices: Choices) -> None:
        self.openings: list[tuple[int, str]] = []
        for name, window in scenario.windows.items():
            if window.opens is not None:
                self.openings.append((draw_time(choices, Label.OPEN_TIME, window.opens), name))
        self.steps: list[tuple[int, Step]] = [
            (draw_time(choices, Label.STEP_TIME, step.at), step) for step in scenario.steps
        ]
        self.steps.sort(key=lambda timed: timed[0])
        times = [at_us for at_us, _ in self.steps] + [at_us for at_us, _ in self.openings]
        self.last_us = max(times, default=0)

    def coming(self) -> Iterator[tuple[int, Callable[[], Step]]]:
        """See the script."""
        for at_us, step in self.steps:
            yield at_us, partial(_as_written, step)


def _as_written(step: Step) -> Step:
    return step


def draw_time(choices: Choices, label: Label, span: Range) -> int:
    """A time drawn from `span`, in microseconds."""
    return choices.between(label, span.low_us, span.high_us)


def timings(scenario: Scenario, policy: type[Policy]) -> Timings:
    """The owner machine's timings in every window: the policy's, overridden by the scenario's."""
    return policy.timings_with({f"{name}_us": value for name, value in scenario.timings_us.items()})


def config(
    scenario: Scenario,
    policy: type[Policy],
    window: str,
    runtime: int,
    choices: Choices,
    session: str = "",
) -> Config:
    """The configuration of the `runtime`-th runtime of `window` (from 1).

    `session` is the id in the window's sessionStorage.
    """
    kept = session if scenario.instance == "session" else ""
    return Config(
        instance_id=kept or instance_id(window, runtime),
        main=scenario.windows[window].kind == "main",
        jitter_us=choices.draw(Label.JITTER, JITTER_HIGH_US),
        timings=timings(scenario, policy),
        hidden=scenario.windows[window].hidden,
    )


def instance_id(window: str, runtime: int) -> str:
    """The name of the `runtime`-th runtime of `window`, from 1."""
    return window if runtime == 1 else f"{window}~{runtime}"


def identity(scenario: Scenario, window: str) -> str:
    """The name under which `window` joins a room."""
    return USER if scenario.identity == "user" else f"{USER}#{window}"


def settle_us(scenario: Scenario, policy: type[Policy], ghosts_us: int) -> int:
    """The time after the last fault by which everything must have settled.

    It is the policy's own bound, or the time until an abandoned ghost is gone if that is longer.
    """
    return max(policy.settle_us(timings(scenario, policy)), ghosts_us)


def judge(
    scenario: Scenario, policy: type[Policy], extra_checks: Sequence[type[Check]] = ()
) -> Judge:
    """A judge with all checks, given the facts of this run that no record contains."""
    granted = scenario.microphone != "denied"
    app = scenario.bundle is not None
    return Judge(policy.may_own, extra_checks, granted, policy.has_terms, app)
