"""The linter: steps on windows that are not open, and expectations that contradict each other.

Rules of this file: it judges values that are valid one by one; names and notation were checked
before. A step that is impossible in some draws is an error as well as one that is impossible in
all, because a step without effect makes a run green for the wrong reason. A window opens before the
steps of the same instant; steps of one instant are played in the order of the file. A verb declares
its preconditions and effects (`requires`, `forbids`, `adds`, `removes`); the messages are in
`lint_messages`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from oneroom.core.bus_kind import BUS_KINDS
from oneroom.scenario.diagnostic import Problem, shorten
from oneroom.scenario.document import Document
from oneroom.scenario.duration import Range, format_duration
from oneroom.scenario.expect import Expect
from oneroom.scenario.lint_messages import MessageParts, before_it_opens, message_for
from oneroom.scenario.model import Scenario, Step, Window
from oneroom.scenario.names import Vocabulary
from oneroom.scenario.timing import timing_problems
from oneroom.scenario.verb import BusVerb, Mark, Subject, WindowVerb


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
    """A change of a subject's marks: the opening of a window, or a step."""

    at: Range
    order: int
    adds: tuple[Mark, ...]
    removes: tuple[Mark, ...]
    text: str

    def precedes(self, at: Range, order: int) -> bool:
        """True if, in every draw, it has happened when something else happens."""
        return self.at.high_us < at.low_us or (self.at.high_us == at.low_us and self.order < order)

    def follows(self, at: Range, order: int) -> bool:
        """True if, in every draw, something else has happened when it happens."""
        return self.at.low_us > at.high_us or (self.at.low_us == at.high_us and self.order > order)

    def applied_to(self, marks: frozenset[Mark]) -> frozenset[Mark]:
        return (marks | frozenset(self.adds)) - frozenset(self.removes)


def lint_steps(
    document: Document,
    windows: Mapping[str, Window],
    steps: Sequence[PlacedStep],
    doubtful: frozenset[str],
    complete: bool,
) -> list[Problem]:
    """Problems of steps whose precondition fails.

    `doubtful` windows are passed over: some step on them could not be read, so nothing is known of
    their lifecycle. With a list that is not `complete` the same is true of everything that is no
    window.
    """
    problems = []
    about = [(placed, placed.step.verb.subject) for placed in steps]
    for subject in dict.fromkeys(
        (*(subject for _, subject in about), *(("window", name) for name in windows))
    ):
        kind, name = subject
        window = windows.get(name) if kind == "window" else None
        if (name in doubtful or window is None) if kind == "window" else not complete:
            continue
        changes = _changes_of(
            subject, window, steps, _process_siblings(name, windows) if kind == "window" else ()
        )
        for placed, its in about:
            verb = placed.step.verb
            if its == subject:
                problems += _problems_of(document, placed, verb.about, changes)
            if verb.source and subject == ("window", getattr(verb, verb.source)):
                problems += _problems_of(document, placed, verb.source, changes)
    return problems


def lint_openers(document: Document, windows: Mapping[str, Window]) -> list[Problem]:
    """Problems of windows whose opener cannot have opened them."""
    problems = []
    for name, window in windows.items():
        opener = windows.get(window.opener or "")
        if window.opener is None or opener is None:
            continue
        wrong = ""
        if window.opener == name:
            wrong = f"`{name}` cannot open itself"
        elif opener.opener is not None:
            wrong = f"`{window.opener}` has an opener itself"
        elif opener.profile != window.profile:
            wrong = f"`{name}` is in another profile than `{window.opener}`"
        elif window.opens is not None and (
            opener.opens is None or opener.opens.high_us > window.opens.low_us
        ):
            wrong = f"`{name}` opens at {window.opens}, when `{window.opener}` may not be open"
        if wrong:
            suggestion = (
                "an opener is a window without one, of the same profile, and is open before"
            )
            problems.append(document.problem(("windows", name, "opener"), wrong, suggestion))
    return problems


def lint_end(
    document: Document, windows: Mapping[str, Window], steps: Sequence[PlacedStep], lasts_us: int
) -> list[Problem]:
    """Problems of windows and steps that may come after the end of a run that lasts `lasts_us`."""
    end = format_duration(lasts_us)
    suggestion = f"the run ends at `{end}` (`lasts`): move it, or make the run longer"
    late_windows = [
        (("windows", name, "opens"), f"`{name}`", window.opens, "open")
        for name, window in windows.items()
        if window.opens is not None
    ]
    late_steps = [
        ((*placed.path[:2], "at"), f"`{placed.step.name}`", placed.step.at, "happen")
        for placed in steps
    ]
    problems = []
    for path, subject, at, what in (*late_windows, *late_steps):
        if at.high_us > lasts_us:
            said = f"{what}s" if at.low_us > lasts_us else f"may {what}"
            problems.append(
                document.problem(path, f"{subject} {said} after the end of the run", suggestion)
            )
    return problems


def lint_timings(document: Document, scenario: Scenario, vocabulary: Vocabulary) -> list[Problem]:
    """Problems of time-outs with which no owner machine can work, its policy's own included."""
    found = timing_problems(
        scenario.timings_us, scenario.policies, vocabulary.timings, vocabulary.published_us
    )
    return [document.problem(("timings", one.name), one.message, one.why) for one in found]


def lint_expect(document: Document, expect: Expect) -> list[Problem]:
    """Problems of checks of which two different things are expected."""
    first: dict[str, tuple[str, int]] = {}
    problems = []
    for key, claims in (
        ("violated", expect.violated),
        ("may_violate", expect.may_violate),
        ("held", expect.held),
    ):
        for index, claim in enumerate(claims):
            other, line = first.setdefault(claim.check, (key, claim.line))
            if other != key:
                message = (
                    f"`{claim.check}` cannot be under both `{key}` and `{other}` (line {line})"
                )
                problems.append(
                    document.problem(("expect", key, index), message, "keep one of the two")
                )
    return problems


def lint_app(
    document: Document, scenario: Scenario, steps: Sequence[PlacedStep], folder: Path | None
) -> list[Problem]:
    """Problems of an app: no such file, and what is about the owner machine that it replaces.

    The file is looked for from `folder`, without one it is not.
    """
    if scenario.app is None:
        return []
    problems = []
    file = None if folder is None else folder / scenario.app
    if file is not None and not file.is_file():
        message = f"there is no file `{shorten(scenario.app)}`"
        problems.append(
            document.problem(("app",), message, "write its path as seen from this file")
        )
    about_ours: list[tuple[int | str, ...]] = [
        (key,) for key in ("policy", "without") if document.find((key,))[1] is not None
    ]
    about_ours += [placed.path for placed in steps if placed.step.verb.chats]
    for path in about_ours:
        message = f"`{path[-1]}` is about the owner machine, and `app` runs in its place"
        problems.append(document.problem(path, message, "leave out one of the two", at_key=True))
    return problems


def lint_platform(
    document: Document, scenario: Scenario, steps: Sequence[PlacedStep], vocabulary: Vocabulary
) -> list[Problem]:
    """Problems of policies without their bus or lock, and of steps on a bus that is not there.

    Windows and steps that could not be read are not in the scenario, and are not reported here.
    """
    problems = []
    for policy in scenario.policies:
        works_on, needs_lock = vocabulary.buses.get(policy, BUS_KINDS), policy in vocabulary.locked
        for window, key, message, suggestion in unsupported_windows(
            scenario, policy, works_on, needs_lock
        ):
            own = scenario.windows[window].buses if key == "bus" else scenario.windows[window].locks
            head = ("bus", "kind") if key == "bus" else ("locks",)
            problems.append(
                document.problem(("windows", window, key) if own else head, message, suggestion)
            )
    for placed in steps:
        verb = placed.step.verb
        if isinstance(verb, BusVerb) and verb.bus is not None and verb.window in scenario.windows:
            there = scenario.buses_of(verb.window)
            if verb.bus not in there:
                message = f"`{verb.window}` has no `{verb.bus}`"
                path = ("steps", placed.index, placed.step.name, "bus")
                problems.append(document.problem(path, message, f"it has {_all(there)}"))
    return problems


def unsupported_windows(
    scenario: Scenario, policy: str, works_on: Sequence[str], needs_lock: bool
) -> list[tuple[str, Literal["bus", "locks"], str, str]]:
    """Windows in which `policy`, which works on those buses, cannot work.

    Each with its name, what it lacks, message and suggestion.
    """
    found: list[tuple[str, Literal["bus", "locks"], str, str]] = []
    for window in scenario.windows:
        if not set(scenario.buses_of(window)) & set(works_on):
            message = (
                f"policy `{policy}` cannot work in `{window}`, which has "
                f"{_all(scenario.buses_of(window))} alone"
            )
            found.append((window, "bus", message, f"it works on {_all(works_on)}"))
        if needs_lock and scenario.locks_of(window) == "none":
            message = f"policy `{policy}` cannot work in `{window}`, which has no Web Locks"
            found.append(
                (window, "locks", message, "choose a policy without a lock, such as `heartbeat`")
            )
    return found


def _all(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _process_siblings(name: str, windows: Mapping[str, Window]) -> tuple[str, ...]:
    """The windows that share the process of a window."""
    process = windows[name].opener or name
    return tuple(other for other, window in windows.items() if process in (other, window.opener))


def _changes_of(
    subject: Subject, window: Window | None, steps: Sequence[PlacedStep], beside: Sequence[str]
) -> list[_Change]:
    """All changes of the marks of `subject`, by time.

    `window` is its model if it is a window, and `beside` are the windows that share its process.
    """
    changes = []
    opens_hidden = window is not None and window.hidden
    if window is not None and window.opens is not None:
        hidden = (Mark.HIDDEN,) if opens_hidden else ()
        text = f"`{subject[1]}` opens at {window.opens}"
        changes.append(_Change(window.opens, -1, (Mark.KNOWN, Mark.OPEN, *hidden), (), text))
    for placed in steps:
        at = placed.step.at
        verb = placed.step.verb
        adds, removes = verb.changes(
            subject, opens_hidden, isinstance(verb, WindowVerb) and verb.window in beside
        )
        if adds or removes:
            text = f"`{placed.step.name}` at {at}, line {placed.step.line}"
            changes.append(_Change(at, placed.index, adds, removes, text))
    return sorted(changes, key=lambda change: (change.at.low_us, change.at.high_us, change.order))


def _problems_of(
    document: Document, placed: PlacedStep, key: str, changes: Sequence[_Change]
) -> list[Problem]:
    """Problems of a step with the subject that its argument `key` names."""
    at, order, verb = placed.step.at, placed.index, placed.step.verb
    requires, forbids = (verb.requires, verb.forbids) if key == verb.about else ((Mark.OPEN,), ())
    others = [change for change in changes if change.order != order]
    past = [change for change in others if change.precedes(at, order)]
    near = [
        change
        for change in others
        if not change.precedes(at, order) and not change.follows(at, order)
    ]
    wrong = [_first_wrong(key, requires, forbids, marks) for marks in _possible_marks(past, near)]
    found = next((mark for mark in wrong if mark is not None), None)
    if found is None:
        return []
    certain, it = None not in wrong, getattr(verb, key) if key else ""
    if found is Mark.KNOWN:
        opening = next((change.at for change in others if Mark.OPEN in change.adds), None)
        message, suggestion = before_it_opens(placed.step.name, it, certain, opening)
    else:
        refused = found in forbids
        culprit = next(
            (c for c in (*near[::-1], *past[::-1]) if found in (c.adds if refused else c.removes)),
            None,
        )
        because = f" ({culprit.text})" if culprit is not None else ""
        already = " already" if refused and found in verb.adds else ""
        words = MessageParts(placed.step.name, it, certain, already, because)
        message, suggestion = message_for(words, found, refused)
    path = (*placed.path, key) if key else placed.path
    return [document.problem(path, message, suggestion, at_key=not key)]


def _possible_marks(past: Sequence[_Change], near: Sequence[_Change]) -> list[frozenset[Mark]]:
    """The sets of marks that may hold at a step.

    Without the changes that may come later, with each of them alone, and with all of them.
    """
    marks: frozenset[Mark] = frozenset()
    for change in past:
        marks = change.applied_to(marks)
    possible = [marks, *(change.applied_to(marks) for change in near)]
    for change in near:
        marks = change.applied_to(marks)
    return [*possible, marks]


def _first_wrong(
    key: str, requires: Sequence[Mark], forbids: Sequence[Mark], marks: frozenset[Mark]
) -> Mark | None:
    for mark in requires:
        if mark not in marks:
            # A window that was never open has more than its page missing, and the user is told of
            # that.
            return mark if Mark.KNOWN in marks or key not in ("window", "of") else Mark.KNOWN
    return next((mark for mark in forbids if mark in marks), None)
