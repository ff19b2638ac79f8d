"""The nearest passing twin in words: the draw that decides, the first difference, and the sentence
`fails if and only if this comes before that`.

Rules: nothing is guessed. The sentence is written only if it is true of every run that was made
with another value of the draw; else the difference is shown without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from oneroom.report import figures
from oneroom.report.describe import Describer
from oneroom.trace.variation import Twin, Variation


class Happening(NamedTuple):
    """A record in words; `occurrence` counts the records of the same words before it."""

    text: str
    occurrence: int
    at_us: int


class TwinReport(msgspec.Struct, frozen=True):
    """The words for a twin. `fails` and `passes` are the first records that differ, with their
    times; None where that run had ended. `sentence` is empty if the difference does not decide.
    """

    draw: str
    fails: str | None
    passes: str | None
    sentence: str

    def lines(self) -> list[str]:
        """The report as lines of text."""
        return [
            self.draw,
            f"fails   {self.fails or 'the run has ended'}",
            f"passes  {self.passes or 'the run has ended'}",
            *([self.sentence] if self.sentence else []),
        ]


def report(twin: Twin, draws: int) -> TwinReport:
    """The words for `twin`, of a failing run that made `draws` draws."""
    failing, passing = _happenings(twin.failing), _happenings(twin.passing)
    left, right = _first_difference(failing, passing)
    return TwinReport(_draw(twin, draws), _timed(left), _timed(right), _sentence(twin, left, right))


def _happenings(variation: Variation) -> list[Happening]:
    describer = Describer(variation.trace)
    counts: dict[str, int] = {}
    found = []
    for record in variation.trace.records:
        text = describer.sentence(record)
        counts[text] = counts.get(text, -1) + 1
        found.append(Happening(text, counts[text], record.at_us))
    return found


def _first_difference(
    failing: Sequence[Happening], passing: Sequence[Happening]
) -> tuple[Happening | None, Happening | None]:
    """The first records of other words; of two runs that differ in times alone, (None, None)."""
    for left, right in zip(failing, passing, strict=False):
        if left.text != right.text:
            return left, right
    shorter = min(len(failing), len(passing))
    left_rest, right_rest = failing[shorter:], passing[shorter:]
    return (left_rest[0] if left_rest else None), (right_rest[0] if right_rest else None)


def _draw(twin: Twin, draws: int) -> str:
    label = twin.label.name.lower().replace("_", " ")
    was = "" if twin.failing.value == twin.drawn else f", and {twin.drawn:,} was drawn"
    return (
        f"draw {twin.position + 1:,} of {draws:,} ({label}): {twin.failing.value:,} fails, "
        f"{twin.passing.value:,} passes{was}"
    )


def _timed(happening: Happening | None) -> str | None:
    if happening is None:
        return None
    return f"{figures.exact_timestamp(happening.at_us)}  {happening.text}"


def _sentence(twin: Twin, left: Happening | None, right: Happening | None) -> str:
    """The condition that decides in every run that was made; empty if it does not."""
    if left is None or right is None:
        return ""
    decided = [one for one in twin.variations if one.fails or one.passes]
    if not all(one.fails == _comes_before(one, left, right) for one in decided):
        return ""
    if _place(twin.failing, right) is None and _place(twin.passing, left) is None:
        condition = f"this happens: {left.text}; and not: {right.text}"
    else:
        condition = f"this: {left.text}; comes before: {right.text}"
    return (
        f"It fails if and only if {condition}. "
        f"So it is in all {len(decided)} runs that were made with values of this draw."
    )


def _comes_before(variation: Variation, left: Happening, right: Happening) -> bool:
    """True if `left` comes before `right` in a run, or comes and `right` does not."""
    first, second = _place(variation, left), _place(variation, right)
    return first is not None and (second is None or first < second)


def _place(variation: Variation, happening: Happening) -> int | None:
    for place, one in enumerate(_happenings(variation)):
        if one[:2] == happening[:2]:
            return place
    return None
