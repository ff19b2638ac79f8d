"""Which steps are possible next, and with which arguments: the marks of the verbs, followed step by step.

Rules: nothing here knows a verb by name, so a new one takes part in every search by its marks and the types of its
fields. Whoever adds a new type of argument adds its values here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, get_args, get_origin

from harness.scenario import Range, Verb, WindowVerb
from harness.scenario.verb import Mark

# How long something may take, from what is over before anyone notices to what outlives a lease and a ghost.
_SPANS_MS = (50, 300, 1_000, 2_500, 3_500, 6_000, 15_000, 30_000)
_RATIOS = (0.05, 0.2, 0.5)
_COUNTS = (1, 3, 60)


class Possible:
    """What is true of each window after the steps taken so far."""

    def __init__(self, windows: Iterable[str]) -> None:
        self.marks: dict[str, frozenset[Mark]] = {name: frozenset() for name in windows}
        self.world: frozenset[Mark] = frozenset()

    def opened(self, window: str) -> None:
        """A window opened by itself."""
        self.marks[window] |= {Mark.KNOWN, Mark.OPEN}

    def windows(self, verb: type[Verb]) -> list[str]:
        """Where `verb` is possible; [""] for one that is on no window."""
        places = self.marks if issubclass(verb, WindowVerb) else {"": self.world}
        return [
            name for name, marks in places.items() if marks.issuperset(verb.needs) and marks.isdisjoint(verb.refuses)
        ]

    def allows(self, verb: Verb) -> bool:
        """Whether this very step is possible."""
        return (verb.window if isinstance(verb, WindowVerb) else "") in self.windows(type(verb))

    def take(self, verb: Verb) -> None:
        """The step was taken."""
        if not isinstance(verb, WindowVerb):
            self.world = (self.world | set(verb.begins)) - set(verb.ends)
        for name in (verb.window,) if isinstance(verb, WindowVerb) else tuple(self.marks):
            self.marks[name] = (self.marks[name] | set(verb.begins)) - set(verb.ends)

    def step(self, verb: type[Verb], window: str, pick: Callable[[int], int], channels: Sequence[str]) -> Verb:
        """`verb` on `window` with a value for every field that cannot be left out for nothing; `pick(n)` is one of
        0 <= value < n.
        """
        arguments = {
            name: self._named(name, window)
            if name in ("window", "of")
            else _argument(field.annotation, name, pick, channels)
            for name, field in verb.model_fields.items()
            if field.default is not None
        }
        return verb(**arguments)

    def _named(self, name: str, window: str) -> str:
        """The window that a step is about, or the first other one, which it is made from."""
        others = [other for other in self.marks if other != window]
        return window if name == "window" or not others else others[0]


def _argument(annotation: object, name: str, pick: Callable[[int], int], channels: Sequence[str]) -> object:
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
