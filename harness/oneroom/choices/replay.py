"""Draws from a stored tape: the same run again."""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label


class Replay(Choices):
    """Plays a recorded tape back.

    Where the run asks for something else than the tape holds (another label or bound, or more
    draws), the tape is stale: the draw is 0, the ordinary value, and `stale_at` keeps the first
    position at which run and tape differ.
    """

    def __init__(self, recorded: Sequence[Draw]) -> None:
        super().__init__()
        self.recorded = recorded
        self.stale_at = -1
        self.position = 0

    def _pick(self, label: Label, bound: int) -> int:
        position = self.position
        self.position += 1
        if position < len(self.recorded):
            recorded = self.recorded[position]
            if recorded.label == label and recorded.bound == bound:
                return recorded.value
        if self.stale_at < 0:
            self.stale_at = position
        return 0
