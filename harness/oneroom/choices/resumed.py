"""Draws of a run that is made once more, from its start, and goes on where it was broken off."""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label


class Resumed(Choices):
    """Plays back `recorded`, the draws so far, and then draws from `source`, which made them."""

    def __init__(self, recorded: Sequence[Draw], source: Choices) -> None:
        super().__init__()
        self._recorded = recorded
        self._source = source
        self._position = 0

    def _pick(self, label: Label, bound: int) -> int:
        position = self._position
        self._position += 1
        if position >= len(self._recorded):
            return self._source.draw(label, bound)
        value = self._recorded[position].value
        return value if value < bound else 0
