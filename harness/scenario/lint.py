"""What a scenario says that cannot be: steps on windows that are not open, and expectations that contradict each other.

Rules of this file: it judges values that are valid one by one; names and forms were seen to before. A step that is
impossible in some draws is an error as well as one that is impossible in all, because a step without effect makes a run
green for the wrong reason. A window opens before the steps of the same instant; steps of one instant are played in the
order of the file. What a verb asks of a window and makes of it is said by the verb (`needs`, `refuses`, `begins`,
`ends`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.core.buses import ORDER
from harness.scenario.document import Document
from harness.scenario.duration import Range, format_duration
from harness.scenario.expect import Expect
from harness.scenario.model import Scenario, Step, Window
from harness.scenario.problem import Problem
from harness.scenario.verb import BusVerb, Mark, Verb, WindowVerb


@dataclass(frozen=True)
class PlacedStep:
    """A step, and its index in the list of the file."""

    index: int
    step: Step

    @property
    def path(self) -> tuple[int | str, ...]:
        return ("steps", self.index, self.step.name)


@dataclass(frozen=True)
class _Change:
    """What makes something else of a window: its opening, or a step."""

    at: Range
    order: int
    begins: tuple[Mark, ...]
    ends: tuple[Mark, ...]
    text: str

    def precedes(self, at: Range, order: int) -> bool:
        """Whether it has happened, in every draw, when something else happens."""
        return self.at.high_us < at.low_us or (self.at.high_us == at.low_us and self.order < order)

    def follows(self, at: Range, order: int) -> bool:
        """Whether something else has happened, in every draw, when it happens."""
        return self.at.low_us > at.high_us or (self.at.low_us == at.high_us and self.order > order)

    def applied_to(self, marks: frozenset[Mark]) -> frozenset[Mark]:
        return (marks | frozenset(self.begins)) - frozenset(self.ends)


def lint_steps(
    document: Document, windows: Mapping[str, Window], steps: Sequence[PlacedStep], doubtful: frozenset[str]
) -> list[Problem]:
    """Problems of steps that find their window not open, not frozen, not cut, or not closed as they need it.

    `doubtful` windows are passed over: some step on them could not be read, so nothing can be said of their lives.
    """
    problems = []
    for name, window in windows.items():
        if name not in doubtful:
            changes = _changes_of(name, window, steps)
            for placed in steps:
                verb = placed.step.verb
                if isinstance(verb, WindowVerb) and verb.window == name:
                    problems += _judge(document, placed, verb, changes)
    # The SFU is stopped for nobody in particular.
    server = [change for change in _changes_of("", None, steps) if Mark.SERVERLESS in (*change.begins, *change.ends)]
    for placed in steps:
        if not isinstance(placed.step.verb, WindowVerb):
            problems += _judge(document, placed, placed.step.verb, server)
    return problems


def lint_end(
    document: Document, windows: Mapping[str, Window], steps: Sequence[PlacedStep], lasts_us: int
) -> list[Problem]:
    """Problems of what may happen after the end of a run that lasts `lasts_us`."""
    end = format_duration(lasts_us)
    suggestion = f"the run ends at `{end}` (`lasts`): move it, or make the run longer"
    late_windows = [
        (("windows", name, "opens"), f"`{name}`", window.opens, "open")
        for name, window in windows.items()
        if window.opens is not None
    ]
    late_steps = [((*placed.path[:2], "at"), f"`{placed.step.name}`", placed.step.at, "happen") for placed in steps]
    problems = []
    for path, subject, at, what in (*late_windows, *late_steps):
        if at.high_us > lasts_us:
            said = f"{what}s" if at.low_us > lasts_us else f"may {what}"
            problems.append(document.problem(path, f"{subject} {said} after the end of the run", suggestion))
    return problems


def lint_expect(document: Document, expect: Expect) -> list[Problem]:
    """Problems of checks of which two different things are expected."""
    first: dict[str, tuple[str, int]] = {}
    problems = []
    for key, claims in (("violated", expect.violated), ("may_violate", expect.may_violate), ("held", expect.held)):
        for index, claim in enumerate(claims):
            other, line = first.setdefault(claim.check, (key, claim.line))
            if other != key:
                message = f"`{claim.check}` cannot be under both `{key}` and `{other}` (line {line})"
                problems.append(document.problem(("expect", key, index), message, "keep one of the two"))
    return problems


def lint_buses(document: Document, scenario: Scenario, buses: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    """Problems of policies that cannot work on what a window has, and of steps on a bus that their window lacks.

    `buses` says for a policy which buses it can work with.
    """
    problems = []
    for policy in scenario.policies:
        for window, message, suggestion in unfit(scenario, policy, buses.get(policy, ORDER)):
            path = ("windows", window, "bus") if scenario.windows[window].buses else ("bus", "kind")
            problems.append(document.problem(path, message, suggestion))
    for index, step in enumerate(scenario.steps):
        verb = step.verb
        if isinstance(verb, BusVerb) and verb.bus is not None:
            there = scenario.buses_of(verb.window)
            if verb.bus not in there:
                message = f"`{verb.window}` has no `{verb.bus}`"
                problems.append(document.problem(("steps", index, step.name, "bus"), message, f"it has {_all(there)}"))
    return problems


def unfit(scenario: Scenario, policy: str, works_on: Sequence[str]) -> list[tuple[str, str, str]]:
    """Every window on whose buses `policy`, which works on those given, cannot work; with message and suggestion."""
    return [
        (
            window,
            f"policy `{policy}` cannot work in `{window}`, which has {_all(scenario.buses_of(window))} alone",
            f"it works on {_all(works_on)}",
        )
        for window in scenario.windows
        if not set(scenario.buses_of(window)) & set(works_on)
    ]


def _all(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _changes_of(name: str, window: Window | None, steps: Sequence[PlacedStep]) -> list[_Change]:
    """Everything that changes what is true of a window, by time."""
    changes = []
    if window is not None and window.opens is not None:
        changes.append(_Change(window.opens, -1, (Mark.KNOWN, Mark.OPEN), (), f"`{name}` opens at {window.opens}"))
    for placed in steps:
        verb, at = placed.step.verb, placed.step.at
        concerns = not isinstance(verb, WindowVerb) or verb.window == name
        if concerns and (verb.begins or verb.ends):
            text = f"`{placed.step.name}` at {at}, line {placed.step.line}"
            changes.append(_Change(at, placed.index, verb.begins, verb.ends, text))
    return sorted(changes, key=lambda change: (change.at.low_us, change.at.high_us, change.order))


def _judge(document: Document, placed: PlacedStep, verb: Verb, changes: Sequence[_Change]) -> list[Problem]:
    at, order = placed.step.at, placed.index
    others = [change for change in changes if change.order != order]
    past = [change for change in others if change.precedes(at, order)]
    near = [change for change in others if not change.precedes(at, order) and not change.follows(at, order)]
    wrong = [_first_wrong(verb, marks) for marks in _possible_marks(past, near)]
    found = next((mark for mark in wrong if mark is not None), None)
    if found is None:
        return []
    certain = None not in wrong
    if not isinstance(verb, WindowVerb) or found is Mark.SERVERLESS:
        return [document.problem(placed.path, *_server_words(placed.step, verb, certain, past + near))]
    message, suggestion = _words(placed.step, verb, found, certain, past + near, others)
    return [document.problem((*placed.path, "window"), message, suggestion)]


def _possible_marks(past: Sequence[_Change], near: Sequence[_Change]) -> list[frozenset[Mark]]:
    """What may be true of the window at a step: without what may come later, with each of it alone, with all of it."""
    marks: frozenset[Mark] = frozenset()
    for change in past:
        marks = change.applied_to(marks)
    possible = [marks, *(change.applied_to(marks) for change in near)]
    for change in near:
        marks = change.applied_to(marks)
    return [*possible, marks]


def _first_wrong(verb: Verb, marks: frozenset[Mark]) -> Mark | None:
    for mark in verb.needs:
        if mark not in marks:
            # A window that was never open has more than its page missing, and the user is told of that.
            return mark if Mark.KNOWN in marks or not isinstance(verb, WindowVerb) else Mark.KNOWN
    return next((mark for mark in verb.refuses if mark in marks), None)


def _server_words(step: Step, verb: Verb, certain: bool, before: Sequence[_Change]) -> tuple[str, str]:
    """Message and suggestion for a step that finds the SFU stopped, or running, when it must not be."""
    refused = Mark.SERVERLESS in verb.refuses
    culprit = next((c for c in reversed(before) if Mark.SERVERLESS in (c.begins if refused else c.ends)), None)
    because = f" ({culprit.text})" if culprit is not None else ""
    if refused:
        return (
            f"`{step.name}`, but the SFU {'is' if certain else 'may be'} stopped{because}",
            "start it first: `start_server: {}`",
        )
    not_ = "is not" if certain else "may not be"
    return f"`{step.name}`, but the SFU {not_} stopped{because}", "stop it at an earlier time: `stop_server: {}`"


def _words(
    step: Step, verb: WindowVerb, wrong: Mark, certain: bool, before: Sequence[_Change], others: Sequence[_Change]
) -> tuple[str, str]:
    """Message and suggestion for a step that finds its window otherwise than it needs it."""
    window, name = verb.window, step.name
    if wrong is Mark.KNOWN:
        return _before_it_opens(step, window, certain, others)
    culprit = next((c for c in reversed(before) if wrong in (c.begins if wrong in verb.refuses else c.ends)), None)
    because = f" ({culprit.text})" if culprit is not None else ""
    is_, happens = ("is", "happens") if certain else ("may be", "may happen")
    if wrong is Mark.OPEN and wrong in verb.needs:
        return (
            f"`{name}` {happens} after `{window}` is gone{because}",
            "move it to an earlier time, or open the window again",
        )
    if wrong is Mark.OPEN:
        return f"`{name}`, but `{window}` {is_} open already{because}", "close it first, or let it open `later`"
    if wrong is Mark.FROZEN and wrong in verb.refuses:
        already = " already" if Mark.FROZEN in verb.begins else ""
        return f"`{name}`, but `{window}` {is_} frozen{already}{because}", "resume it first"
    not_, has_not = ("is not", "has not") if certain else ("may not be", "may not have")
    if wrong is Mark.FROZEN:
        return (
            f"`{name}`, but `{window}` {not_} frozen{because}",
            f"freeze it at an earlier time: `freeze: {{window: {window}}}`",
        )
    if wrong is Mark.AWAY:
        return (
            f"`{name}`, but `{window}` {has_not} left its page{because}",
            f"leave it at an earlier time: `leave_page: {{window: {window}}}`",
        )
    cut = f"cut it at an earlier time: `drop_network: {{window: {window}}}`"
    return f"`{name}`, but the network of `{window}` {not_} cut{because}", cut


def _before_it_opens(step: Step, window: str, certain: bool, others: Sequence[_Change]) -> tuple[str, str]:
    opening = next((change for change in others if Mark.OPEN in change.begins), None)
    if opening is None:
        return (
            f"`{step.name}`, but `{window}` never opens",
            f"add a step `open: {{window: {window}}}` at an earlier time",
        )
    happens = "happens" if certain else "may happen"
    message = f"`{step.name}` {happens} before `{window}` opens (opens {opening.at})"
    return message, f"let it happen at `{format_duration(opening.at.high_us)}` or later"
