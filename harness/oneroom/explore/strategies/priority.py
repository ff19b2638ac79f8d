"""Random priorities for what is under way: some of it always comes at once, some always late.

Independent delays average out: a message overtakes ten others only if ten draws agree. Here every
window draws one priority for each kind of delay that it waits for, and keeps it; at a few change
points one of them is drawn again (probabilistic concurrency testing, PCT: Burckhardt et al., ASPLOS
2010). Events of one instant are taken in one order as long. PCT places its change points evenly in
a run whose length is known; ours is not, so that they are placed evenly by the order of magnitude.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.checks.results import Result
from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.explore.strategies.strategy import Recipe

# What decides when something that is under way arrives.
_DELAYS = frozenset(
    (
        Label.FATE,
        Label.STORAGE_DELAY,
        Label.LOCK_DELAY,
        Label.MINT_DELAY,
        Label.SIGNAL_DELAY,
        Label.MEDIA_DELAY,
        Label.LATENCY,
        Label.IPC_DELAY,
        Label.LOAD_TIME,
        Label.STORAGE_BEHIND,
        Label.APP_ANSWER,
        Label.LOCK_PERMISSION,
        Label.UNLOAD_TIME,
    )
)
# Parts of the span of a delay, by priority; the last one is any delay. A bus message whose draw is
# at the very end of its span is lost, which is not a matter of order.
_SPANS = ((0.0, 0.03), (0.72, 0.78), (0.35, 0.4), (0.0, 1.0))
_SCHEDULED, _LAST, _ANY = range(3)
_MOST_CHANGES = 4
_MOST_DRAWS_LOG2 = 12


class PriorityChoices(Seeded):
    """Draws from a seed in which delays keep to priorities."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._acting: Callable[[], int] = int
        self._spans: dict[tuple[int, int], tuple[float, float]] = {}
        self._order = self._below(3)
        self._count = 0
        self._changes = {
            int(2 ** (self._random() * _MOST_DRAWS_LOG2))
            for _ in range(self._below(1 + _MOST_CHANGES))
        }

    def watch(self, acting: Callable[[], int]) -> None:
        """See the base class."""
        self._acting = acting

    def draw(self, label: Label, bound: int) -> int:
        """See the base class."""
        if bound <= 1:
            return 0
        if label is Label.TIE:
            value = self._place(bound)
        elif label in _DELAYS:
            value = self._delay(label, bound)
        else:
            return super().draw(label, bound)
        self.tape.append(Draw(label, bound, value))
        return value

    def _place(self, bound: int) -> int:
        """The event that comes first of several in one instant."""
        if self._changes_now():
            self._order = self._below(3)
        if self._order == _ANY:
            return self._below(bound)
        return bound - 1 if self._order == _LAST else 0

    def _delay(self, label: Label, bound: int) -> int:
        stream = (self._acting(), label)
        span = self._spans.get(stream)
        if span is None or self._changes_now():
            span = self._spans[stream] = _SPANS[self._below(len(_SPANS))]
        low, high = span
        return int((low + (high - low) * self._random()) * bound)

    def _changes_now(self) -> bool:
        self._count += 1
        return self._count in self._changes

    def _below(self, bound: int) -> int:
        return int(self._random() * bound)


class PriorityRecipe(Recipe, frozen=True):
    """A run from its seed, with priorities."""

    def choices(self) -> Choices:
        """See the recipe."""
        return PriorityChoices(self.seed)


class Priority:
    """A strategy that learns nothing: priorities are drawn for every run."""

    def recipe(self, seed: int) -> Recipe:
        """See the strategy."""
        return PriorityRecipe("priority", seed)

    def learn(self, recipe: Recipe, result: Result) -> None:
        """Nothing is learnt."""
