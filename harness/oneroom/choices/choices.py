"""The interface of all draws.

Values are small where things are ordinary: 0 is the shortest delay, the scheduled order,
"delivered". Searching and shrinking a tape can then aim at zero.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label


class Choices:
    """Base of the sources of draws. Subclasses implement `_pick`; `tape` records every draw."""

    def __init__(self) -> None:
        self.tape: list[Draw] = []

    def draw(self, label: Label, bound: int) -> int:
        """A draw of 0 <= value < `bound`.

        A bound of 1 is no choice and is not recorded on the tape.
        """
        if bound <= 1:
            return 0
        value = self._pick(label, bound)
        self.tape.append(Draw(label, bound, value))
        return value

    def watch(self, acting: Callable[[], int]) -> None:
        """Called as a run begins: `acting()` is the window whose turn it is, as the trace numbers
        it, or another place. Most sources have no use for it.
        """

    def between(self, label: Label, low: int, high: int) -> int:
        """A draw of `low` <= value <= `high`."""
        return low + self.draw(label, high - low + 1)

    def _pick(self, label: Label, bound: int) -> int:
        raise NotImplementedError
