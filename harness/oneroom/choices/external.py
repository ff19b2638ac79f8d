"""Draws that somebody else makes: Hypothesis, above all, which then searches and shrinks over them.

The library is for tests and is not imported here: what draws is handed in as a function.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label


class ExternalChoices(Choices):
    """`source(bound)` gives one of 0 <= value < `bound`. After `most` draws everything is ordinary:
    a run asks for thousands, and nobody can search over all of them.
    """

    def __init__(self, source: Callable[[int], int], most: int) -> None:
        super().__init__()
        self.source = source
        self._left = most

    def _pick(self, label: Label, bound: int) -> int:
        if self._left <= 0:
            return 0
        self._left -= 1
        return self.source(bound)
