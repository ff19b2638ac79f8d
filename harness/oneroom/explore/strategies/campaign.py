"""The strategies of a whole search: those of every scenario and policy, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast, overload

from oneroom.checks.results import Result
from oneroom.explore.plan import Job, Play
from oneroom.explore.strategies.coverage import Coverage
from oneroom.explore.strategies.mixed import Mixed
from oneroom.explore.strategies.strategy import Recipe
from oneroom.scenario import Scenario

# Of fewer runs it cannot be said whether they still do something new.
_FEW = 20


class SearchPlay(Protocol):
    """Makes one run of a search."""

    def __call__(self, scenario: Scenario, policy: str, seed: int, *, recipe: Recipe) -> Result:
        """The result of the run."""


@dataclass(frozen=True)
class SearchJob(Job):
    """One run of a search, with how it draws."""

    recipe: Recipe

    def play(self, play: Play, scenario: Scenario) -> Result:
        """See the job."""
        return cast("SearchPlay", play)(scenario, self.policy, self.seed, recipe=self.recipe)


class Campaign:
    """Hands out the runs of a search and learns from them: the next scenario and policy in turn
    with the first seed, then with the second one, and so on.

    A recipe is made when its run is asked for, so that it is made from all results until then.
    """

    def __init__(
        self, pairs: Sequence[tuple[int, str]], strategies: Sequence[Mixed], first_seed: int
    ) -> None:
        self.pairs = pairs
        self.first_seed = first_seed
        self.strategies = strategies
        self.runs: dict[str, int] = {}
        self.failing: dict[str, int] = {}
        self._made: dict[int, SearchJob] = {}

    def job(self, number: int) -> SearchJob:
        """Run `number` of the search; the same one until it is over."""
        made = self._made.get(number)
        if made is None:
            turn, pair = divmod(number, len(self.pairs))
            seed = self.first_seed + turn
            recipe = self.strategies[pair].recipe(seed)
            made = self._made[number] = SearchJob(*self.pairs[pair], seed, recipe)
        return made

    def learn(self, job: Job, result: Result) -> None:
        """Take in a run that is over."""
        assert isinstance(job, SearchJob)
        name = job.recipe.strategy
        self.runs[name] = self.runs.get(name, 0) + 1
        self.failing[name] = self.failing.get(name, 0) + bool(result.unexpected)
        pair = self.pairs.index((job.scenario, job.policy))
        self.strategies[pair].learn(job.recipe, result)
        del self._made[(job.seed - self.first_seed) * len(self.pairs) + pair]

    def told(self) -> list[str]:
        """A line for each strategy: its runs, and what they found."""
        return [
            f"{name}: {_counted(runs, 'run')}, {self.failing[name]:,} failing"
            + (f"; {self._novelty()}" if name == "coverage" else "")
            for name, runs in sorted(self.runs.items())
        ]

    def _novelty(self) -> str:
        """The transitions of all observed runs, and whether there still come new ones."""
        novel = [one.novel for mixed in self.strategies for one in mixed.of_kind(Coverage)]
        covered = f"{_counted(sum(map(sum, novel)), 'transition')} covered"
        if self.runs["coverage"] < _FEW:
            return covered
        newest = sum(sum(counts[len(counts) * 3 // 4 :]) for counts in novel)
        word = "still rising" if newest else "flat"
        return f"{covered}, {newest:,} of them in the last quarter of its runs ({word})"

    def problems(self) -> list[str]:
        """A sentence for each file of a corpus that cannot be read or written."""
        return [
            str(problem)
            for mixed in self.strategies
            for one in mixed.of_kind(Coverage)
            for problem in one.problems
        ]


class SearchJobs(Sequence[Job]):
    """The runs `numbers` of a campaign."""

    def __init__(self, campaign: Campaign, numbers: range) -> None:
        self._campaign = campaign
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Job: ...

    @overload
    def __getitem__(self, index: slice) -> SearchJobs: ...

    def __getitem__(self, index: int | slice) -> Job | SearchJobs:
        if isinstance(index, slice):
            return SearchJobs(self._campaign, self._numbers[index])
        return self._campaign.job(self._numbers[index])


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
