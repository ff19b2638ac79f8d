"""The nearest passing twin of a failing run: the same draws but one, changed as little as possible.

For each draw of the tape a few far values are tried. Where one of them makes a run that passes,
the values between are halved until two neighbours are left: the one fails, the other passes. Of all
draws the one whose passing value is nearest to the one that was drawn is taken.

Rules: the same input gives the same result on every machine, so the search is bounded by runs and
never by time. A run passes if it does not violate the check in question, nor any that the failing
run held.
"""

from __future__ import annotations

from collections.abc import Iterator

from oneroom.checks.results import Finding
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.trace.diff import first_divergence
from oneroom.trace.variation import Twin, Variation

MOST_RUNS = 400


class _Spent(Exception):
    """The runs are used up."""


class TwinSearch:
    """The search for the twin of `first`, which shows `finding`.

    `runs` is how many runs were made; `complete` is true if they sufficed for every draw.
    """

    def __init__(self, first: JudgedRun, finding: Finding, most_runs: int = MOST_RUNS) -> None:
        self.runs = 0
        self.complete = False
        self._first = first
        self._finding = finding
        self._most_runs = most_runs
        self._tape = tuple(first.run.tape)
        self._broken = {one.check for one in first.result.violations}

    def run(self) -> Twin | None:
        """The nearest twin, None if no single draw decides, or the runs are used up before."""
        best: Twin | None = None
        try:
            for position in self._positions():
                twin = self._twin(position)
                if twin is not None and (best is None or twin.distance < best.distance):
                    best = twin
            self.complete = True
        except _Spent:
            pass
        return best

    def run_with(self, position: int, value: int) -> JudgedRun:
        """The run with another value of one draw, made once more; it counts as none of `runs`."""
        tape = list(self._tape)
        tape[position] = Draw(tape[position].label, tape[position].bound, value)
        return self._played(tape)

    def _positions(self) -> Iterator[int]:
        """The draws that were made before the failure, the last one first: what decides is most
        often near.
        """
        low, high = 0, len(self._tape)
        while low < high:
            middle = (low + high) // 2
            if self._comes_before(middle):
                low = middle + 1
            else:
                high = middle
        yield from range(low - 1, -1, -1)

    def _comes_before(self, position: int) -> bool:
        """True if the run changes before its failure when all draws from `position` on change."""
        changed = [
            draw if place < position else Draw(draw.label, draw.bound, _other(draw))
            for place, draw in enumerate(self._tape)
        ]
        self._count()
        again = self._played(changed)
        divergence = first_divergence(self._first.run.trace, again.run.trace)
        return divergence is not None and divergence.n <= self._finding.record

    def _twin(self, position: int) -> Twin | None:
        drawn = self._tape[position]
        tried = {drawn.value: Variation(drawn.value, self._first.run.trace, True, False)}
        best: Twin | None = None
        for far in _far_values(drawn):
            if far not in tried:
                tried[far] = self._vary(position, far)
            if not tried[far].passes:
                continue
            pair = self._neighbours(position, tried, far)
            if pair is None:
                continue
            twin = Twin(position, Label(drawn.label), drawn.value, *pair, _by_value(tried))
            if best is None or twin.distance < best.distance:
                best = twin
        return best

    def _neighbours(
        self, position: int, tried: dict[int, Variation], far: int
    ) -> tuple[Variation, Variation] | None:
        """Halve the way from the drawn value to `far`, which passes, to a failing and a passing
        neighbour. None if something else than the one and the other lies between.
        """
        fails_at, passes_at = self._tape[position].value, far
        while abs(passes_at - fails_at) > 1:
            middle = (fails_at + passes_at) // 2
            if middle not in tried:
                tried[middle] = self._vary(position, middle)
            if tried[middle].fails:
                fails_at = middle
            elif tried[middle].passes:
                passes_at = middle
            else:
                return None
        return tried[fails_at], tried[passes_at]

    def _vary(self, position: int, value: int) -> Variation:
        self._count()
        judged = self.run_with(position, value)
        broken = {one.check for one in judged.result.violations}
        fails = self._finding.check in broken
        passes = not fails and broken <= self._broken and not judged.result.gave_up
        return Variation(value, judged.run.trace, fails, passes)

    def _count(self) -> None:
        if self.runs >= self._most_runs:
            raise _Spent
        self.runs += 1

    def _played(self, tape: list[Draw]) -> JudgedRun:
        run, result = self._first.run, self._first.result
        return run_judged(run.scenario, result.policy, result.seed, ReplayByLabel(tape))


def _other(draw: Draw) -> int:
    return 0 if draw.value else draw.bound - 1


def _far_values(draw: Draw) -> list[int]:
    """Values on both sides of the drawn one: the ends, and half the way to them."""
    last = draw.bound - 1
    return [0, draw.value // 2, (draw.value + last + 1) // 2, last]


def _by_value(tried: dict[int, Variation]) -> tuple[Variation, ...]:
    return tuple(tried[value] for value in sorted(tried))
