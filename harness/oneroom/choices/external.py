"""Draws made outside of this package, above all by Hypothesis, which searches and shrinks them.

The library is for tests and is not imported here: the drawing function is passed in.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label


class ExternalChoices(Choices):
    """Draws from `source(bound)`, which returns 0 <= value < `bound`.

    After `most` draws everything is ordinary: a run asks for thousands, too many to search over.
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
