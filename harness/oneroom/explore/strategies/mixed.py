"""Several strategies by turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TypeVar

from oneroom.checks.results import Result
from oneroom.explore.strategies.strategy import Recipe, Strategy

Kind = TypeVar("Kind")


class Mixed:
    """Takes its recipes from `strategies` in the order of `turns`, names of them, over and over.

    The shares are fixed: a bandit would need failures to learn from, and most searches have none.
    """

    def __init__(self, strategies: Mapping[str, Strategy], turns: Sequence[str]) -> None:
        self._strategies = strategies
        self._turns = cycle(turns)

    def recipe(self, seed: int) -> Recipe:
        """See the strategy."""
        return self._strategies[next(self._turns)].recipe(seed)

    def learn(self, recipe: Recipe, result: Result) -> None:
        """See the strategy."""
        self._strategies[recipe.strategy].learn(recipe, result)

    def of_kind(self, kind: type[Kind]) -> list[Kind]:
        """The strategies of one class."""
        return [one for one in self._strategies.values() if isinstance(one, kind)]
