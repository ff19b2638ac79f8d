"""Draws from a seed."""

from __future__ import annotations

from random import Random

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label


class Seeded(Choices):
    """Draws from `seed`: the same ones in the same order on every platform.

    `Random.random` is a specified Mersenne twister.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed
        self._random = Random(seed).random

    def draw(self, label: Label, bound: int) -> int:
        """A draw as in the base class; written out because it is called for every message."""
        if bound <= 1:
            return 0
        value = int(self._random() * bound)
        self.tape.append(Draw(label, bound, value))
        return value
