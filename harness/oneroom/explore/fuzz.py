"""Search for failures with drawn scenarios, run after run, until time or a failure.

A run of the search is a function of (scenario, policy, seed): the seed draws the surroundings
(`swarm`), then the run with its steps (`drawn_steps`). So the search is a suite like any other,
over other jobs; what it finds is shrunk and stored as an ordinary scenario with its tape.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from oneroom.checks.results import Bug, Result
from oneroom.choices.choices import Choices
from oneroom.choices.labels import SWARM_LABELS
from oneroom.choices.replay import Replay
from oneroom.choices.seeded import Seeded
from oneroom.explore.bugs import bug_of
from oneroom.explore.drawn_steps import DrawnSteps
from oneroom.explore.judged_run import SFU, JudgedRun, judged, run_judged
from oneroom.explore.mechanism import mechanism
from oneroom.explore.plan import Job, Plan
from oneroom.explore.shrink import Shrunk
from oneroom.explore.strategies.campaign import Campaign, SearchJobs
from oneroom.explore.strategies.corpus import Corpus
from oneroom.explore.strategies.observed import ObservedChoices, observed
from oneroom.explore.strategies.registry import make_strategy
from oneroom.explore.strategies.strategy import Recipe
from oneroom.explore.swarm import drawn_surroundings, with_text
from oneroom.explore.symptom import Symptom
from oneroom.scenario import Scenario
from oneroom.sim.run import simulate
from oneroom.trace.trace import Trace

# What breaks by one mechanism is the same bug more often than not.
_MOST_SHRUNK_PER_BUG = 3


def fuzz_once(
    scenario: Scenario,
    policy: str,
    seed: int,
    expect: Mapping[str, str] | None = None,
    recipe: Recipe | None = None,
) -> JudgedRun:
    """One run of the search, judged by `expect` if there is one: that of the drawn scenario as it
    is kept, from its text and its tape. It draws by `recipe`, or from `seed`.

    Raises oneroom.policies.registry.UnknownPolicy.
    """
    return as_kept(fuzz_with(_choices(recipe, seed), scenario, policy, seed, expect))


def fuzz_result(
    scenario: Scenario,
    policy: str,
    seed: int,
    expect: Mapping[str, str] | None = None,
    recipe: Recipe | None = None,
) -> Result:
    """The result of one run of the search. A failing one is that of the scenario as it is kept."""
    choices = _choices(recipe, seed)
    made = fuzz_with(choices, scenario, policy, seed, expect)
    result = as_kept(made).result if made.result.unexpected else made.result
    if isinstance(choices, ObservedChoices):
        return observed(result, made.run.trace, choices.drawn)
    return result


def _choices(recipe: Recipe | None, seed: int) -> Choices:
    return Seeded(seed) if recipe is None else recipe.choices()


def fuzz_with(
    choices: Choices,
    scenario: Scenario,
    policy: str,
    seed: int,
    expect: Mapping[str, str] | None = None,
) -> JudgedRun:
    """One run of the search with these `choices`: first they draw the surroundings, then, while the
    run goes on, its steps and whatever else is random in it.

    The run has the drawn scenario, without a text, and the tape that plays it: without the draws
    that made the scenario.
    """
    started_s = time.perf_counter()
    surroundings = drawn_surroundings(scenario, policy, choices, expect)
    choices.tape.clear()
    scripts: list[DrawnSteps] = []

    def write_script(choices: Choices, trace: Trace) -> DrawnSteps:
        scripts.append(DrawnSteps(surroundings, choices, trace))
        return scripts[-1]

    with contextlib.redirect_stdout(sys.stderr):
        run = simulate(surroundings, policy, choices, write_script=write_script)
    run.scenario = surroundings.model_copy(update={"steps": tuple(scripts[-1].steps)})
    run.tape = [draw for draw in run.tape if draw.label not in SWARM_LABELS]
    return judged(run, seed, SFU, time.perf_counter() - started_s)


def as_kept(made: JudgedRun) -> JudgedRun:
    """The same run once more, of the text of its scenario."""
    run, seed = made.run, made.result.seed
    return run_judged(with_text(run.scenario), run.policy, seed, Replay(run.tape))


@dataclass(frozen=True)
class Search(Plan):
    """A plan of drawn scenarios: at most `most_runs`, from the first of `seeds` on.

    It looks for any failure, or for one `symptom`. Runs draw by `strategies`, in turn; what they
    learn persists if `keeps_corpus`.
    """

    most_runs: int = 0
    symptom: Symptom | None = None
    strategies: tuple[str, ...] = ("swarm",)
    keeps_corpus: bool = True

    @cached_property
    def campaign(self) -> Campaign:
        """The strategies at work."""
        pairs = [
            (place, policy)
            for place, scenario in enumerate(self.scenarios)
            for policy in self.policies_of(scenario)
        ]
        corpora = [
            Corpus(self.scenarios[place], policy) if self.keeps_corpus else None
            for place, policy in pairs
        ]
        made = [make_strategy(self.strategies, corpus) for corpus in corpora]
        return Campaign(pairs, made, self.seeds.start)

    def jobs(self) -> Sequence[Job]:
        """All runs, one of each scenario in turn."""
        return SearchJobs(self.campaign, range(self.most_runs))


class FailureDedup:
    """Distinguishes the failures of a search.

    Two are the same if under one policy they violate the same check by the same mechanism and, once
    shrunk, in the same circumstances.
    """

    def __init__(self) -> None:
        self._shrunk: dict[Bug, int] = {}
        self._found: set[tuple[Bug, tuple[str, ...]]] = set()

    def worth_shrinking(self, result: Result) -> str:
        """The check to shrink `result` for.

        "" if nothing unexpected broke in it, or that mechanism has been shrunk often enough.
        """
        for bug in bug_of(result):
            if self._shrunk.setdefault(bug, 0) < _MOST_SHRUNK_PER_BUG:
                self._shrunk[bug] += 1
                return bug.check
        return ""

    def is_new(self, shrunk: Shrunk, check: str) -> bool:
        """True if the failure differs from all that were found before."""
        judged = shrunk.judged
        finding = next(one for one in judged.result.violations if one.check == check)
        core, circumstances = mechanism(judged.run.trace, finding)
        found = Bug(judged.result.policy, check, core, 1), circumstances
        new = found not in self._found
        self._found.add(found)
        return new
