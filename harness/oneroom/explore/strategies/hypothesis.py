"""Hypothesis chooses the draws: it changes them, aims at runs that cover much, and keeps what
failed in its database, beside the corpus, to begin with that in the next search.

Hypothesis calls what it tests, and a search asks for runs; so it has a thread of its own, in which
one example at a time waits for its run. Runs that are asked for meanwhile, by other processes, are
drawn from their seed. A failure ends a round of Hypothesis; the next one passes over what failed
before, and has no database, since it would forget it there. Shrinking is left to the search.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, Verbosity, given, settings, target
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

from oneroom.checks.results import Result
from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.explore.strategies.corpus import Corpus
from oneroom.explore.strategies.observed import ObservedChoices, ObservedResult
from oneroom.explore.strategies.strategy import Recipe

# Draws that Hypothesis chooses; a run asks for more, which come from a seed that it chooses, too.
_NUMBERS = st.lists(st.integers(0, 2**16 - 1), min_size=20, max_size=150)
_SEEDS = st.integers(0, 2**32 - 1)
_ROUND = 1_000

_Example: TypeAlias = tuple[int, tuple[int, ...]]


class NumbersFirst(ObservedChoices):
    """Draws from `numbers`, each modulo what is asked for, and then from a seed."""

    def __init__(self, numbers: tuple[int, ...], seed: int) -> None:
        super().__init__(seed)
        self._numbers: Iterator[int] = iter(numbers)

    def draw(self, label: Label, bound: int) -> int:
        """See the base class."""
        if bound <= 1:
            return 0
        number = next(self._numbers, None)
        value = int(self._random() * bound) if number is None else number % bound
        draw = Draw(label, bound, value)
        self.tape.append(draw)
        self.drawn.append(draw)
        return value


class HypothesisRecipe(Recipe, frozen=True):
    """A run of an example of Hypothesis; `source` is the seed of the draws after `numbers`."""

    source: int
    numbers: tuple[int, ...] = ()

    def choices(self) -> Choices:
        """See the recipe."""
        return NumbersFirst(self.numbers, self.source)


class HypothesisSearch:
    """A strategy that leaves the choice of draws to Hypothesis."""

    def __init__(self, corpus: Corpus | None) -> None:
        self._database = (
            None if corpus is None else DirectoryBasedExampleDatabase(corpus.folder / "hypothesis")
        )
        self._examples: SimpleQueue[_Example | BaseException | None] = SimpleQueue()
        self._results: SimpleQueue[Result] = SimpleQueue()
        self._running = False
        self._failed: set[_Example] = set()
        self._asked: HypothesisRecipe | None = None

    def recipe(self, seed: int) -> Recipe:
        """See the strategy."""
        if self._asked is not None:
            return HypothesisRecipe("hypothesis", seed, seed)
        while True:
            if not self._running:
                self._running = True
                threading.Thread(target=self._round, args=(seed,), daemon=True).start()
            example = self._examples.get()
            if isinstance(example, BaseException):
                raise example
            if example is not None:
                break
            self._running = False  # that round has had its examples, or a failure
            self._database = None
            seed += 1
        self._asked = HypothesisRecipe("hypothesis", seed, *example)
        return self._asked

    def learn(self, recipe: Recipe, result: Result) -> None:
        """See the strategy."""
        if recipe is self._asked:
            self._asked = None
            self._results.put(result)

    def _round(self, seed: int) -> None:
        """One search of Hypothesis."""

        @settings(
            max_examples=_ROUND,
            database=self._database,
            deadline=None,
            phases=(Phase.reuse, Phase.generate, Phase.target),
            suppress_health_check=tuple(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @seeded(seed)  # it switches the database off, and the settings on again
        @given(source=_SEEDS, numbers=_NUMBERS)
        def run(source: int, numbers: list[int]) -> None:
            example = source, tuple(numbers)
            self._examples.put(example)
            result = self._results.get()
            assert isinstance(result, ObservedResult)
            target(float(len(result.transitions)))
            if result.unexpected and example not in self._failed:
                failing.add(example)
                raise _FailedRun

        failing: set[_Example] = set()
        ended: BaseException | None = None
        try:
            run()
        except _FailedRun:
            self._failed |= failing
        except Exception as error:  # noqa: BLE001  # the search would wait
            ended = error
        self._examples.put(ended)


class _FailedRun(Exception):
    """The run of an example broke a check."""
