"""Draws made outside of this package, by a search that shrinks them as well (Hypothesis)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label


class ExternalChoices(Choices):
    """Draws from whole numbers that are handed in, each taken modulo what is asked for.

    When they have run out, every draw is ordinary: a run asks for thousands, too many to search.
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers: Iterator[int] = iter(())

    def follow(self, numbers: Iterable[int]) -> None:
        """Draw from `numbers` from now on."""
        self._numbers = iter(numbers)

    def pick(self, bound: int) -> int:
        """The next number below `bound`, without a label: for what is chosen around a run."""
        return next(self._numbers, 0) % bound

    def _pick(self, label: Label, bound: int) -> int:
        return self.pick(bound)
