"""Passes that make a scenario simpler, in the order in which they are worth trying.

Rules: a pass takes a scenario and gives candidates, the boldest first; the parser decides whether
one is possible (a window that a step needs, a freeze that a resume needs), its run decides whether
it still fails. Every candidate is simpler in a way that ends: fewer steps or windows, a default in
place of a value, an earlier or rounder time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from oneroom.scenario import Range, Scenario, Step, Verb
from oneroom.scenario.model import Bus, Window
from oneroom.scenario.verbs import Heal

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
    "instance",
    "engine",
    "locks",
    "sdk",
    "picker",
    "without",
    "lasts_us",
)
_OF_WINDOW = ("hidden", "suspends", "opener", "locks", "sdk")


def fewer_steps(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates without half of the steps, a quarter, single ones.

    They begin with the last step: it may need the others, which do not need it. The last `heal`
    stays as long as a step breaks something: liveness is judged only when nothing is broken, so
    without it the file could not turn green again.
    """
    steps = scenario.steps
    heal = next((step for step in reversed(steps) if isinstance(step.verb, Heal)), None)
    width = len(steps)
    while width:
        for end in range(len(steps), 0, -width):
            left = [*steps[: max(0, end - width)], *steps[end:]]
            if heal is not None and heal not in left and any(one.verb.breaks for one in left):
                left.append(heal)
            if len(left) < len(steps):
                yield _with(scenario, left)
        width //= 2


def fewer_pairs(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates without a step and the one that ends what it began: `freeze` and `resume`,
    `partition` and `heal`. The last pair comes first.
    """
    steps = scenario.steps
    for place in range(len(steps) - 1, -1, -1):
        begins = steps[place]
        for end in range(place + 1, len(steps)):
            if _ends(begins.verb, steps[end].verb):
                others = [*steps[:place], *steps[place + 1 : end], *steps[end + 1 :]]
                if isinstance(steps[end].verb, Heal) and any(one.verb.breaks for one in others):
                    break  # another step needs that `heal`
                yield _with(scenario, others)
                break


def _ends(first: Verb, second: Verb) -> bool:
    """True if `second` ends what `first` began."""
    if isinstance(second, Heal):
        return first.breaks
    subject = first.about
    return (
        bool(set(first.adds) & set(second.removes))
        and subject == second.about
        and (not subject or getattr(first, subject) == getattr(second, subject))
    )


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
        if getattr(scenario.bus, name) != field.default:
            bus = scenario.bus.model_copy(update={name: field.default})
            yield scenario.model_copy(update={"bus": bus})
    for name, window in scenario.windows.items():
        for key in _OF_WINDOW:
            default = Window.model_fields[key].default
            if getattr(window, key) != default:
                plainer = window.model_copy(update={key: default})
                windows = {**scenario.windows, name: plainer}
                yield scenario.model_copy(update={"windows": windows})


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


def fixed_times(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates with fixed times for drawn ones: the earliest of the range."""
    yield from _other_times(
        scenario, lambda span: [Range(span.low_us, span.low_us)] if span.is_draw else []
    )


def rounder_times(scenario: Scenario) -> Iterator[Scenario]:
    """Candidates with round times for others, and shorter ones for what lasts."""
    yield from _other_times(scenario, _rounder)
    for place, step in enumerate(scenario.steps):
        for name, value in _ranges(step.verb):
            for span in _shorter(value):
                verb = step.verb.model_copy(update={name: span})
                yield _replaced(scenario, place, step.model_copy(update={"verb": verb}))


def _other_times(
    scenario: Scenario, others: Callable[[Range], Iterable[Range]]
) -> Iterator[Scenario]:
    """Candidates with another time for one of the scenario's: of windows and steps, and how long a
    step lasts.
    """
    for name, window in scenario.windows.items():
        if window.opens is not None:
            for opens in others(window.opens):
                changed = {**scenario.windows, name: window.model_copy(update={"opens": opens})}
                yield scenario.model_copy(update={"windows": changed})
    for place, step in enumerate(scenario.steps):
        for at in others(step.at):
            yield _replaced(scenario, place, step.model_copy(update={"at": at}))
        for name, value in _ranges(step.verb):
            for span in others(value):
                verb = step.verb.model_copy(update={name: span})
                yield _replaced(scenario, place, step.model_copy(update={"verb": verb}))


Pass = Callable[[Scenario], Iterator[Scenario]]

LEAVING_OUT: tuple[Pass, ...] = (fewer_pairs, fewer_steps, fewer_windows, plainer_head, fixed_times)
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
