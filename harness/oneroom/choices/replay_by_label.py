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
        entries: dict[int, list[tuple[int, int]]] = {}
        for position, draw in enumerate(recorded):
            entries.setdefault(draw.label, []).append((position, draw.value))
        self._entries: dict[int, Iterator[tuple[int, int]]] = {
            label: iter(drawn) for label, drawn in entries.items()
        }
        self._refused: list[int] = []

    def _pick(self, label: Label, bound: int) -> int:
        position, value = next(self._entries.get(label, iter(())), (-1, 0))
        if value < bound:
            return value
        self._refused.append(position)
        return 0

    def unused(self) -> list[int]:
        """The positions of draws that are not 0 and that the run, which is over, has not had: never
        asked for, or only with a bound that they do not fit.
        """
        left = [
            position for entries in self._entries.values() for position, value in entries if value
        ]
        return sorted([*self._refused, *left])
