"""Shrinking of a failing run to a small one that fails in the same way.

The result has fewer windows and steps, rounder times, ordinary draws. A candidate is a scenario's
text and a tape; it is accepted if its run violates the same check by the same mechanism
(`oneroom.explore.mechanism`). Circumstances may go that are none of the cause: the failure shows
without them in the same windows and at the same time. First the scenario is made
smaller (`oneroom.explore.simplifications`), then the tape: 0 is the ordinary value of every draw,
so blocks of draws are set to 0, then single ones, and what remains is lowered. All of it is
repeated until nothing changes. The passes over the tape are those of Hypothesis' shrinker, in
small.

Rules: the same input gives the same result on every machine, so the search is bounded by runs; only
a caller that has to be done in time ends it by time as well. A step that was accepted is never
taken back, so an interrupted search has a valid result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from oneroom.checks.registry import NAMES
from oneroom.checks.results import Finding
from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.choices.seeded import Seeded
from oneroom.explore import simplifications
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.mechanism import mechanism
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Expect, Scenario, ScenarioError, parse
from oneroom.scenario.write import write

MOST_RUNS = 2_000
# A scenario without a step asks for other draws than the tape has. A few fresh ones often find the
# failure where the old ones no longer do.
_FRESH_SEEDS = range(1, 5)
# Lowering a draw takes about as many runs as its bound has bits; a tape that still holds more is
# not read anyway.
_MOST_LOWERED = 40
# A failure that a circumstance caused shows at another time without it.
_SAME_TIME_US = 1_000_000


@dataclass(frozen=True)
class Shrunk:
    """The smallest run that was found, and the size of the first one.

    `runs` is how many were made, `complete` is true if nothing smaller was left to try.
    """

    judged: JudgedRun
    steps_before: int
    records_before: int
    runs: int
    complete: bool

    @property
    def steps(self) -> int:
        """The number of steps left."""
        return len(self.judged.run.scenario.steps)

    @property
    def drawn(self) -> int:
        """The number of draws left that are not 0."""
        return sum(draw.value != 0 for draw in self.judged.run.tape)


class _Spent(Exception):
    """The runs, or the time, are used up."""


class Shrinker:
    """Shrinks `first`, a run that violates `check`. It ends early when `out_of_time` says so.

    After an interruption `result` is the smallest run found so far.
    """

    def __init__(
        self,
        first: JudgedRun,
        check: str,
        most_runs: int = MOST_RUNS,
        out_of_time: Callable[[], bool] = lambda: False,
    ) -> None:
        self.check = check
        self.best = first
        self.runs = 0
        self._finding = _first_finding(first, check)
        self._mechanism = mechanism(first.run.trace, self._finding)
        self._most_runs = most_runs
        self._out_of_time = out_of_time
        self._first = first
        self._complete = False
        self._text = ""
        self._tried: set[tuple[str, tuple[int, ...]]] = set()

    @property
    def result(self) -> Shrunk:
        """The smallest run found so far."""
        first = self._first
        return Shrunk(
            self.best,
            len(first.run.scenario.steps),
            len(first.run.trace.records),
            self.runs,
            self._complete,
        )

    def run(self) -> Shrunk:
        """Try everything that is smaller, until nothing is or the runs are used up."""
        try:
            self._begin()
            while True:
                size = self._size()
                self._ordinary(self._tape())
                self._scenario()
                self._zero()
                self._lower()
                if self._size() >= size:
                    break
            self._complete = True
        except _Spent:
            pass
        return self.result

    # -- candidates -------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Make the same run from the text that will be kept.

        That text is for its policy alone, and expects nothing that hides the failure.
        """
        scenario, policy = self._first.run.scenario, self._first.result.policy
        expect = scenario.expect if self.check not in NAMES else Expect()
        policies = (policy,) if scenario.bundle is None else scenario.policies
        bare = scenario.model_copy(update={"policies": policies, "expect": expect})
        if not self._try(write(bare), self._first.run.tape):
            raise _Spent

    def _try(self, text: str, tape: Sequence[Draw]) -> bool:
        """Make the run of `text` with `tape`; keep it, as it was drawn, if it fails alike."""
        return self._made(text, tuple([draw.value for draw in tape]), ReplayByLabel(tape))

    def _try_any(self, text: str, *, fresh: bool) -> bool:
        """Make the run of `text` with the present draws, ordinary ones, and perhaps fresh ones."""
        if self._try(text, self._tape()) or self._ordinary(self._tape(), text):
            return True
        return fresh and any(self._made(text, (-seed,), Seeded(seed)) for seed in _FRESH_SEEDS)

    def _made(self, text: str, name: tuple[int, ...], choices: Choices) -> bool:
        """Make the run of `text` with `choices`, unless it was tried before.

        `name` stands for the draws of `choices`.
        """
        if (text, name) in self._tried:
            return False
        self._tried.add((text, name))
        try:
            first = self._first.run.scenario
            scenario = parse(text, vocabulary(), self._first.result.scenario)
            scenario = scenario.with_checks(first.added_checks).with_bundle(first.bundle)
            scenario = scenario.with_core(first.core)
        except ScenarioError:
            return False  # another step needs the one that was left out
        if self.runs >= self._most_runs or self._out_of_time():
            raise _Spent
        self.runs += 1
        result = self._first.result
        made = run_judged(scenario, result.policy, result.seed, choices)
        if not self._fails_alike(made):
            return False
        self.best = made
        self._text = text
        return True

    def _fails_alike(self, made: JudgedRun) -> bool:
        """True if a run violates the check by the same mechanism, or by it without circumstances
        that did not cause it.
        """
        finding = next((one for one in made.result.violations if one.check == self.check), None)
        if finding is None:
            return False
        before, found = self._mechanism, mechanism(made.run.trace, finding)
        if found.core != before.core:
            return False
        if found.circumstances != before.circumstances:
            fewer = set(found.circumstances) < set(before.circumstances)
            moved_us = abs(finding.at_us - self._finding.at_us)
            if not fewer or finding.windows != self._finding.windows or moved_us > _SAME_TIME_US:
                return False
        self._finding, self._mechanism = finding, found
        return True

    def _tape(self) -> Sequence[Draw]:
        return self.best.run.tape

    def _size(self) -> tuple[int, int, int]:
        tape = self._tape()
        return (
            len(self._text),
            sum(draw.value != 0 for draw in tape),
            sum(draw.value for draw in tape),
        )

    # -- passes -----------------------------------------------------------------------------------

    def _scenario(self) -> None:
        """Try each way to make the scenario simpler, with other draws where a part goes."""
        for candidates in simplifications.LEAVING_OUT:
            self._until_nothing_is_left(candidates, fresh=True)
        for candidates in simplifications.ROUNDING:
            self._until_nothing_is_left(candidates, fresh=False)

    def _until_nothing_is_left(
        self, candidates: Callable[[Scenario], Iterator[Scenario]], *, fresh: bool
    ) -> None:
        """Try candidates until none is accepted.

        After a success the candidates are those of the simpler scenario; a later one may have
        become possible.
        """
        found = True
        while found:
            found = False
            for candidate in candidates(self.best.run.scenario):
                if self._try_any(write(candidate), fresh=fresh):
                    found = True
                    break

    def _ordinary(self, tape: Sequence[Draw], text: str = "") -> bool:
        """Set every draw to 0 at once."""
        return any(draw.value for draw in tape) and self._try(text or self._text, ())

    def _zero(self) -> None:
        """Set blocks of draws to 0: halves of those that are not 0, quarters, then single ones."""
        width = len(self._drawn())
        while width:
            start = 0
            while start < len(places := self._drawn()):
                chosen = set(places[start : start + width])
                tape = [
                    _set(draw, 0) if n in chosen else draw for n, draw in enumerate(self._tape())
                ]
                if not self._try(self._text, tape):
                    start += width
            width //= 2

    def _lower(self) -> None:
        """Lower draws that cannot be 0 as far as possible, by halving the distance."""
        for nth in range(min(len(self._drawn()), _MOST_LOWERED)):
            places = self._drawn()
            if nth >= len(places):
                return
            low = 0
            while low + 1 < (value := self._tape()[places[nth]].value):
                middle = (low + value) // 2
                tape = list(self._tape())
                tape[places[nth]] = _set(tape[places[nth]], middle)
                before = self._drawn()
                if not self._try(self._text, tape):
                    low = middle
                elif self._drawn() != before:
                    return  # the run asks for other draws now; the next round handles them

    def _drawn(self) -> list[int]:
        """The places of the draws that are not 0."""
        return [n for n, draw in enumerate(self._tape()) if draw.value]


def _first_finding(judged: JudgedRun, check: str) -> Finding:
    return next(one for one in judged.result.violations if one.check == check)


def _set(draw: Draw, value: int) -> Draw:
    return msgspec.structs.replace(draw, value=value)


def shrink(first: JudgedRun, check: str, most_runs: int = MOST_RUNS) -> Shrunk:
    """The smallest run that violates `check` as `first` does, found in at most `most_runs` runs."""
    return Shrinker(first, check, most_runs).run()
