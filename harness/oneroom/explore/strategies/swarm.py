"""Draws from a seed: each run enables some kinds of steps (swarm testing, Groce et al. 2012)."""

from __future__ import annotations

from oneroom.checks.results import Result
from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.explore.strategies.strategy import Recipe


class SwarmRecipe(Recipe, frozen=True):
    """A run from its seed alone."""

    def choices(self) -> Choices:
        """See the recipe."""
        return Seeded(self.seed)


class Swarm:
    """A strategy that learns nothing: runs do not depend on each other."""

    def recipe(self, seed: int) -> Recipe:
        """See the strategy."""
        return SwarmRecipe("swarm", seed)

    def learn(self, recipe: Recipe, result: Result) -> None:
        """Nothing is learnt."""
