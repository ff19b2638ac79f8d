"""The interface of a strategy, and what crosses between it and the runs."""

from __future__ import annotations

from typing import Protocol

import msgspec

from oneroom.checks.results import Result
from oneroom.choices.choices import Choices


class Recipe(msgspec.Struct, frozen=True):
    """The source of draws of one run of a search, small enough to cross to another process."""

    strategy: str
    seed: int

    def choices(self) -> Choices:
        """The draws of the run. Subclasses implement it."""
        raise NotImplementedError


class Strategy(Protocol):
    """The draws of all runs of one scenario under one policy. It is deterministic: the same seeds
    and the same results in the same order give the same recipes.
    """

    def recipe(self, seed: int) -> Recipe:
        """The recipe of the next run."""

    def learn(self, recipe: Recipe, result: Result) -> None:
        """Take in a run that is over. Other runs may have been handed out since."""
