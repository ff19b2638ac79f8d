"""Search for failures with drawn scenarios, run after run, until time or a failure.

A run of the search is a function of (scenario, policy, seed): the seed draws the faults (`swarm`),
then the run. So the search is a suite like any other, over other jobs; what it finds is shrunk and
stored as an ordinary scenario with its tape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from oneroom.checks.results import Result
from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.plan import Job, Plan
from oneroom.explore.shrink import Shrunk
from oneroom.explore.swarm import swarm, swarm_without_text
from oneroom.explore.symptom import Symptom
from oneroom.scenario import Scenario

# A check that breaks in every other run is the same bug more often than not.
_MOST_SHRUNK_PER_CHECK = 3


def fuzz_once(
    scenario: Scenario, policy: str, seed: int, expect: Mapping[str, str] | None = None
) -> JudgedRun:
    """One run of the search, judged by `expect` if there is one.

    Its tape is that of the drawn scenario alone, since the text holds what was drawn for it. Raises
    oneroom.policies.registry.UnknownPolicy.
    """
    return _fuzz(swarm, scenario, policy, seed, expect)


def fuzz_result(
    scenario: Scenario, policy: str, seed: int, expect: Mapping[str, str] | None = None
) -> Result:
    """The result of one run of the search. Only a failing one has been through the text of its
    scenario.
    """
    result = _fuzz(swarm_without_text, scenario, policy, seed, expect).result
    return fuzz_once(scenario, policy, seed, expect).result if result.unexpected else result


def _fuzz(
    draw: Callable[[Scenario, str, Choices, Mapping[str, str] | None], Scenario],
    scenario: Scenario,
    policy: str,
    seed: int,
    expect: Mapping[str, str] | None,
) -> JudgedRun:
    choices = Seeded(seed)
    drawn = draw(scenario, policy, choices, expect)
    choices.tape.clear()
    return run_judged(drawn, policy, seed, choices)


class _Jobs(Sequence[Job]):
    """All scenarios and policies with the first seed, then with the second one, and so on."""

    def __init__(self, pairs: Sequence[tuple[int, str]], first: int, numbers: range) -> None:
        self._pairs = pairs
        self._first = first
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Job: ...

    @overload
    def __getitem__(self, index: slice) -> _Jobs: ...

    def __getitem__(self, index: int | slice) -> Job | _Jobs:
        if isinstance(index, slice):
            return _Jobs(self._pairs, self._first, self._numbers[index])
        turn, pair = divmod(self._numbers[index], len(self._pairs))
        return Job(*self._pairs[pair], self._first + turn)


@dataclass(frozen=True)
class Search(Plan):
    """A plan of drawn scenarios: at most `most_runs`, from the first of `seeds` on.

    It looks for any failure, or for one `symptom`.
    """

    most_runs: int = 0
    symptom: Symptom | None = None

    def jobs(self) -> Sequence[Job]:
        """All runs, one of each scenario in turn."""
        pairs = [
            (place, policy)
            for place, scenario in enumerate(self.scenarios)
            for policy in self.policies_of(scenario)
        ]
        return _Jobs(pairs, self.seeds.start, range(self.most_runs))


class FailureDedup:
    """Distinguishes the failures of a search.

    Two are the same if under one policy they violate the same check and, once shrunk, have the same
    steps.
    """

    def __init__(self) -> None:
        self._shrunk: dict[tuple[str, str], int] = {}
        self._shapes: set[tuple[str, ...]] = set()

    def worth_shrinking(self, result: Result) -> str:
        """The check to shrink `result` for.

        "" if nothing unexpected broke in it, or that check has been shrunk often enough.
        """
        for check in result.unexpected[:1]:
            if self._shrunk.setdefault((result.policy, check), 0) < _MOST_SHRUNK_PER_CHECK:
                self._shrunk[result.policy, check] += 1
                return check
        return ""

    def is_new(self, shrunk: Shrunk, check: str) -> bool:
        """True if the failure differs from all that were found before."""
        steps = [step.name for step in shrunk.judged.run.scenario.steps]
        shape = (shrunk.judged.result.policy, check, *steps)
        new = shape not in self._shapes
        self._shapes.add(shape)
        return new
