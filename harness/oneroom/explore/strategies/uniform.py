"""Draws from a seed with every kind of step enabled in every run: what others are measured by."""

from __future__ import annotations

from oneroom.checks.results import Result
from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.explore.strategies.strategy import Recipe


class UniformChoices(Seeded):
    """Draws from a seed, except that every kind of step is enabled."""

    def draw(self, label: Label, bound: int) -> int:
        """See the base class."""
        if label is not Label.SWARM_VERB or bound <= 1:
            return super().draw(label, bound)
        self.tape.append(Draw(label, bound, bound - 1))
        return bound - 1


class UniformRecipe(Recipe, frozen=True):
    """A run from its seed with every kind of step."""

    def choices(self) -> Choices:
        """See the recipe."""
        return UniformChoices(self.seed)


class Uniform:
    """A strategy that learns nothing and prefers nothing."""

    def recipe(self, seed: int) -> Recipe:
        """See the strategy."""
        return UniformRecipe("uniform", seed)

    def learn(self, recipe: Recipe, result: Result) -> None:
        """Nothing is learnt."""
