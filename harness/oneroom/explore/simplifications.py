"""Passes that make a scenario simpler, in the order in which they are worth trying.

Rules: a pass takes a scenario and gives candidates, the boldest first; the parser decides whether
one is possible (a window that a step needs, a freeze that a resume needs), its run decides whether
it still fails. Every candidate is simpler in a way that ends: fewer steps or windows, a default in
place of a value, an earlier or rounder time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from oneroom.scenario import Range, Scenario, Step, Verb
from oneroom.scenario.model import Bus

# A pause between two steps is tried at these, from short to long; a time is rounded down to one of
# these.
_PAUSES_US = (0, 100_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000)
_ROUND_US = (1_000_000, 100_000, 10_000, 1_000)
_HEAD = (
    "tokens",
    "app_server",
    "network",
    "timings_us",
    "microphone",
    "identity",
    "engine",
    "without",
    "lasts_us",
)


def fewer_steps(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates without half of the steps, a quarter, single ones.

    They begin with the last step: it may need the others, which do not need it.
    """
    steps = scenario.steps
    width = len(steps)
    while width:
        for end in range(len(steps), 0, -width):
            yield _with(scenario, [*steps[: max(0, end - width)], *steps[end:]])
        width //= 2


def fewer_windows(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates without a window that has no step; without a window and its steps."""
    for name in reversed(scenario.windows):
        rest = {other: window for other, window in scenario.windows.items() if other != name}
        if rest:
            steps = tuple(
                step for step in scenario.steps if getattr(step.verb, "window", "") != name
            )
            yield scenario.model_copy(update={"windows": rest, "steps": steps})


def plainer_head(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates with defaults in place of values in the head of the file."""
    fields = Scenario.model_fields
    for name in _HEAD:
        default = fields[name].get_default(call_default_factory=True)
        if getattr(scenario, name) != default:
            yield scenario.model_copy(update={name: default})
    for name, field in Bus.model_fields.items():
        if name != "kind" and getattr(scenario.bus, name) != field.default:
            bus = scenario.bus.model_copy(update={name: field.default})
            yield scenario.model_copy(update={"bus": bus})


def shorter_pauses(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates in which everything from a step on happens earlier."""
    before_us = 0
    for place, step in enumerate(scenario.steps):
        pause_us = step.at.low_us - before_us
        for shorter_us in _PAUSES_US:
            if shorter_us < pause_us:
                moved = [_earlier(later, pause_us - shorter_us) for later in scenario.steps[place:]]
                yield _with(scenario, [*scenario.steps[:place], *moved])
        before_us = step.at.low_us


def rounder_times(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates with fixed times for drawn ones, and round ones for fixed ones.

    The times are those of windows and steps, and how long a step lasts.
    """
    for name, window in scenario.windows.items():
        if window.opens is not None:
            for opens in _rounder(window.opens):
                changed = {**scenario.windows, name: window.model_copy(update={"opens": opens})}
                yield scenario.model_copy(update={"windows": changed})
    for place, step in enumerate(scenario.steps):
        for at in _rounder(step.at):
            yield _replaced(scenario, place, step.model_copy(update={"at": at}))
        for name, value in _ranges(step.verb):
            for span in (*_shorter(value), *_rounder(value)):
                verb = step.verb.model_copy(update={name: span})
                yield _replaced(scenario, place, step.model_copy(update={"verb": verb}))


Pass = Callable[[Scenario], Iterator[Scenario]]

LEAVING_OUT: tuple[Pass, ...] = (fewer_steps, fewer_windows, plainer_head)
ROUNDING: tuple[Pass, ...] = (shorter_pauses, rounder_times)


def _with(scenario: Scenario, steps: Sequence[Step]) -> Scenario:
    return scenario.model_copy(update={"steps": tuple(steps)})


def _replaced(scenario: Scenario, place: int, step: Step) -> Scenario:
    return _with(scenario, [*scenario.steps[:place], step, *scenario.steps[place + 1 :]])


def _earlier(step: Step, by_us: int) -> Step:
    at = Range(max(0, step.at.low_us - by_us), max(0, step.at.high_us - by_us))
    return step.model_copy(update={"at": at})


def _rounder(span: Range) -> Iterator[Range]:
    if span.is_draw:
        yield Range(span.low_us, span.low_us)
        return
    for unit_us in _ROUND_US:
        rest_us = span.low_us % unit_us
        if rest_us:
            yield Range(span.low_us - rest_us, span.low_us - rest_us)
            yield Range(span.low_us - rest_us + unit_us, span.low_us - rest_us + unit_us)


def _shorter(span: Range) -> Iterator[Range]:
    for pause_us in _PAUSES_US[1:]:
        if pause_us < span.high_us and not span.is_draw:
            yield Range(pause_us, pause_us)


def _ranges(verb: Verb) -> Iterator[tuple[str, Range]]:
    for name in type(verb).model_fields:
        value = getattr(verb, name)
        if isinstance(value, Range):
            yield name, value
