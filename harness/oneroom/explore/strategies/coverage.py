"""Runs that change what earlier runs did, where those did something new.

A run that covers a transition (`transitions`) that no run before it covered is kept in a corpus.
The tapes of the corpus are replayed first, then half of the runs are drawn afresh and the other
half change a tape of the corpus, rather a new one than an old one (coverage-guided fuzzing, as in
AFL; on draws instead of bytes as in Hypothesis and Zest).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial

from oneroom.checks.results import Result
from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.explore.store import Unreadable
from oneroom.explore.strategies.corpus import Corpus
from oneroom.explore.strategies.mutation import mutated
from oneroom.explore.strategies.observed import (
    ObservedChoices,
    ObservedResult,
    decode_tape,
    encode_tape,
)
from oneroom.explore.strategies.strategy import Recipe

_NEWEST = 40


class FollowedTape(ObservedChoices):
    """Draws of a tape, each label's in their own order, and from a seed where it has no more."""

    def __init__(self, tape: list[Draw], seed: int) -> None:
        super().__init__(seed)
        values: dict[int, list[int]] = {}
        for draw in tape:
            values.setdefault(draw.label, []).append(draw.value)
        self._values: dict[int, Iterator[int]] = {
            label: iter(followed) for label, followed in values.items()
        }

    def draw(self, label: Label, bound: int) -> int:
        """See the base class."""
        if bound <= 1:
            return 0
        value = next(self._values.get(label, iter(())), bound)
        if value >= bound:
            value = int(self._random() * bound)
        draw = Draw(label, bound, value)
        self.tape.append(draw)
        self.drawn.append(draw)
        return value


class CoverageRecipe(Recipe, frozen=True):
    """A run that follows an encoded tape."""

    tape: bytes

    def choices(self) -> Choices:
        """See the recipe."""
        return FollowedTape(decode_tape(self.tape), self.seed)


class Coverage:
    """A strategy that prefers what is near to runs that did something new.

    `problems` are files of the corpus that cannot be read, or why none can be written; `novel` is
    how many new transitions each run covered.
    """

    def __init__(self, corpus: Corpus | None) -> None:
        self._corpus = corpus
        tapes, unreadable = ([], []) if corpus is None else corpus.load()
        self.problems: list[Unreadable | OSError] = [*unreadable]
        self._first = deque(tapes)
        self._kept = tapes[:]
        self._known: set[int] = set()
        self.novel: list[int] = []

    def recipe(self, seed: int) -> Recipe:
        """See the strategy."""
        return CoverageRecipe("coverage", seed, self._tape(seed))

    def _tape(self, seed: int) -> bytes:
        if self._first:
            return encode_tape(self._first.popleft())
        below = partial(Seeded(seed).draw, Label.SWARM_STEP)
        if not self._kept or below(2):
            return b""
        newest = self._kept[-_NEWEST:]
        among = newest if below(2) else self._kept
        return encode_tape(
            mutated(among[below(len(among))], self._kept[below(len(self._kept))], below)
        )

    def learn(self, recipe: Recipe, result: Result) -> None:
        """See the strategy."""
        assert isinstance(result, ObservedResult)
        novel = set(result.transitions) - self._known
        self.novel.append(len(novel))
        if not novel:
            return
        self._known |= novel
        tape = decode_tape(result.tape)
        if tape in self._kept:
            return
        self._kept.append(tape)
        if self._corpus is not None:
            try:
                self._corpus.keep(tape)
            except OSError as error:
                self.problems.append(error)
                self._corpus = None
