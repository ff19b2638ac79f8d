"""The steps that are possible next, with their arguments, by the marks of the verbs.

Rules: nothing here knows a verb by name, so a new one takes part in every search by its marks and
the types of its fields. A new type of argument needs its values added here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args, get_origin

from oneroom.scenario import Range, Verb, Window
from oneroom.scenario.verb import WORLD, Mark, Subject

# Spans from one that no other window notices to one that outlives a lease and a ghost.
_SPANS_MS = (50, 300, 1_000, 2_500, 3_500, 6_000, 15_000, 30_000)
_RATIOS = (0.05, 0.2, 0.5)
_COUNTS = (1, 3, 60)
# The subjects other than windows.
_OTHERS: tuple[Subject, ...] = (
    ("device", "microphone"),
    ("device", "camera"),
    ("identity", "grace"),
)


class LegalSteps:
    """Marks of each subject (windows, devices, other people, the world) after the steps so far."""

    def __init__(self, windows: Mapping[str, Window]) -> None:
        self.marks: dict[Subject, frozenset[Mark]] = {
            ("window", name): frozenset() for name in windows
        }
        self.marks |= dict.fromkeys((*_OTHERS, WORLD), frozenset())
        self._processes = {
            ("window", name): window.opener or name for name, window in windows.items()
        }
        self._hidden = {("window", name): window.hidden for name, window in windows.items()}

    def opened(self, window: str) -> None:
        """Follow a window that opened by itself."""
        subject = ("window", window)
        self.marks[subject] |= {
            Mark.KNOWN,
            Mark.OPEN,
            *((Mark.HIDDEN,) if self._hidden[subject] else ()),
        }

    def subjects(self, verb: type[Verb]) -> list[Subject]:
        """The subjects that `verb` may be applied to next."""
        return [
            subject
            for subject, marks in self.marks.items()
            if subject[0] == verb.about
            and marks.issuperset(verb.requires)
            and marks.isdisjoint(verb.forbids)
            if not verb.source or self._sources(subject)
        ]

    def allows(self, verb: Verb) -> bool:
        """True if this very step is possible."""
        self.marks.setdefault(verb.subject, frozenset())
        source = getattr(verb, verb.source) if verb.source else ""
        return verb.subject in self.subjects(type(verb)) and (
            not source or source in self._sources(verb.subject)
        )

    def take(self, verb: Verb) -> None:
        """Follow a step."""
        for subject, marks in self.marks.items():
            process = self._processes.get(subject)
            shares = process is not None and process == self._processes.get(verb.subject)
            adds, removes = verb.changes(subject, self._hidden.get(subject, False), shares)
            self.marks[subject] = (marks | set(adds)) - set(removes)

    def step(
        self,
        verb: type[Verb],
        subject: Subject,
        pick: Callable[[int], int],
        channels: Sequence[str],
    ) -> Verb:
        """A step of `verb` on `subject`, with a value for every required field.

        `pick(n)` is one of 0 <= value < n.
        """
        arguments = {
            name: subject[1]
            if name == verb.about
            else self._sources(subject)[0]
            if name in (verb.about, verb.source)
            else _argument(field.annotation, name, pick, channels)
            for name, field in verb.model_fields.items()
            if field.default is not None
        }
        return verb(**arguments)

    def _sources(self, subject: Subject) -> list[str]:
        """The other windows that are open."""
        return [
            other[1]
            for other, marks in self.marks.items()
            if other != subject and other[0] == "window" and Mark.OPEN in marks
        ]


def _argument(
    annotation: object, name: str, pick: Callable[[int], int], channels: Sequence[str]
) -> object:
    if get_origin(annotation) is Literal:
        values = get_args(annotation)
        return values[pick(len(values))]
    if annotation is Range:
        high_us = 1_000 * _SPANS_MS[pick(len(_SPANS_MS))]
        return Range(1_000 if name == "delay" else high_us, high_us)
    if annotation is float:
        return _RATIOS[pick(len(_RATIOS))]
    if annotation is int:
        return _COUNTS[pick(len(_COUNTS))]
    if annotation is str:
        return channels[pick(len(channels))]
    raise TypeError(f"no values for an argument `{name}` of type {annotation}; add them here")
