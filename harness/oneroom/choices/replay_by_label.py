"""Draws from a tape that was recorded in another run: each label's draws in their own order.

A search that drops a step or a message makes a run which asks for fewer draws. Played back by
position, every later draw would then answer another question; played back label by label, most
still answer the one they were made for. A run that asks the same questions in the same order gets
the same answers either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label


class ReplayByLabel(Choices):
    """Plays `recorded` back, label by label.

    A draw that the tape does not hold, or holds for a smaller bound, is 0, the ordinary value.
    """

    def __init__(self, recorded: Sequence[Draw]) -> None:
        super().__init__()
        values: dict[int, list[int]] = {}
        for draw in recorded:
            values.setdefault(draw.label, []).append(draw.value)
        self._values: dict[int, Iterator[int]] = {
            label: iter(drawn) for label, drawn in values.items()
        }

    def _pick(self, label: Label, bound: int) -> int:
        value = next(self._values.get(label, iter(())), 0)
        return value if value < bound else 0
