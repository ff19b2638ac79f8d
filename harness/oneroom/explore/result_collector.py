"""Collection of the results of all seeds of one scenario under one policy into a RunGroup.

Rules: results arrive in the order of the plan and leave in that order; a group is closed by the
first result of the next one. One failure is kept for each check that breaks and each mechanism by
which it does, the one of the first seed that broke it so.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.checks.results import Failure, Result, RunGroup
from oneroom.checks.verdict import Verdict, worst
from oneroom.explore.bugs import bug_of, counted, mechanism_of
from oneroom.explore.expectation import Expectation, rank, shortfalls
from oneroom.explore.judged_run import failure_id
from oneroom.scenario import Scenario

# More failures than this are not read one by one; they can still be repeated from their seeds.
MOST_KEPT = 100


class ResultCollector:
    """Collects the results of one scenario under one policy.

    `room` is the number of failures that may still be kept.
    """

    def __init__(self, scenario: Scenario, policy: str, room: int = MOST_KEPT) -> None:
        self.scenario = scenario
        self.policy = policy
        self.results: list[Result] = []
        self._expectation = Expectation(scenario, policy)
        # check and mechanism -> the failure, and in how many runs it showed
        self._failures: dict[tuple[str, str], Failure] = {}
        self._hits: dict[tuple[str, str], int] = {}
        # broken limit -> the value furthest from it, and its seed
        self._worst: dict[str, tuple[int, int]] = {}
        self._room = room

    def add(self, result: Result) -> tuple[Result, tuple[Failure, ...]]:
        """Take a result in.

        Returns it as it should be shown, and the failures that it is the first to show. The run
        that stands for a failure has that failure's id.
        """
        fresh: list[Failure] = []
        for check in result.unexpected:
            key = check, mechanism_of(result, check)
            self._hits[key] = self._hits.get(key, 0) + 1
            self._keep_worst(check, result)
            if key not in self._failures:
                self._failures[key] = self._failure(result, check)
                fresh.append(self._failures[key])
        if fresh and fresh[0].stored:
            result = msgspec.structs.replace(result, id=fresh[0].id)
        self.results.append(result)
        return result, tuple(fresh)

    def forget(self, failure: Failure) -> None:
        """Mark `failure` as not stored; none of the later ones will be stored either."""
        self._room = 0
        key = failure.finding.check, failure.finding.mechanism
        self._failures[key] = msgspec.structs.replace(failure, stored=False)

    def close(self, complete: bool = True) -> RunGroup:
        """The group, with failures in the order in which they show in their runs.

        Of an incomplete group no shortfalls are reported.
        """
        results = self.results
        failures = [
            msgspec.structs.replace(
                failure,
                hits=self._hits[key],
                worst=self._worst.get(key[0], (0, -1))[0],
                worst_seed=self._worst.get(key[0], (0, -1))[1],
            )
            for key, failure in self._failures.items()
        ]
        verdicts: dict[str, int] = {}
        violated: dict[str, int] = {}
        worst_of: dict[str, int] = {}
        for result in results:
            verdicts[result.verdict] = verdicts.get(result.verdict, 0) + 1
            for finding in result.violations:
                violated[finding.check] = violated.get(finding.check, 0) + 1
            for key, value in result.ledger.items():
                worst_of[key] = max(worst_of.get(key, 0), value)
        expected = self._expectation
        vacuous = _in_all([result.vacuous for result in results])
        inconclusive = _in_all([result.inconclusive for result in results])
        missing: tuple[tuple[str, Verdict], ...] = ()
        if complete:
            missing = shortfalls(
                expected.required, expected.held, len(results), violated, vacuous, inconclusive
            )
        return RunGroup(
            scenario=self.scenario.path,
            title=self.scenario.title,
            line=self.scenario.line,
            policy=self.policy,
            seeds=len(results),
            verdict=worst([*map(_verdict, results), *(verdict for _, verdict in missing)]).value,
            verdicts=verdicts,
            excused=sum(result.expected and bool(result.violations) for result in results),
            violated=violated,
            worst=worst_of,
            failures=tuple(
                sorted(
                    failures, key=lambda failure: (rank(failure.finding.check), failure.result.seed)
                )
            ),
            shortfalls=tuple(sentence for sentence, _ in missing),
            sim_ms=sum(result.sim_ms for result in results),
            wall_ms=round(sum(result.wall_ms for result in results), 3),
            gave_up=next(
                (f"seed {result.seed}: {result.gave_up}" for result in results if result.gave_up),
                "",
            ),
            vacuous=vacuous,
            seed_ranges=seed_ranges([result.seed for result in results]),
            inconclusive=inconclusive,
            required=expected.required,
            held=expected.held,
            bugs=counted(bug for result in results for bug in bug_of(result)),
        )

    def _keep_worst(self, key: str, result: Result) -> None:
        limit = self.scenario.expect.limits.get(key)
        if limit is not None:
            value = result.ledger[key]
            worst, _ = self._worst.get(key, (limit.bound, -1))
            if abs(value - limit.bound) > abs(worst - limit.bound):
                self._worst[key] = (value, result.seed)

    def _failure(self, result: Result, check: str) -> Failure:
        finding = next(finding for finding in result.violations if finding.check == check)
        name = failure_id(
            self.scenario.text,
            self.policy,
            result.seed,
            check,
            self.scenario.forced_bus,
            self.scenario.bundle,
            self.scenario.forced_timings_us,
        )
        stored = len(self._failures) < self._room
        return Failure(
            result,
            finding,
            name,
            result.repro,
            stored,
            0,
        )


def _in_all(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for name in names[0] if all(name in others for others in names))


def seed_ranges(seeds: Sequence[int]) -> str:
    """Ascending seeds as text: `7`, `1..100`, `1..3,7`."""
    runs: list[list[int]] = []
    for seed in seeds:
        if runs and seed == runs[-1][1] + 1:
            runs[-1][1] = seed
        else:
            runs.append([seed, seed])
    return ",".join(f"{low}" if low == high else f"{low}..{high}" for low, high in runs)


def _verdict(result: Result) -> Verdict:
    """The verdict that a run contributes to its group: an expected one counts as held."""
    return Verdict.HELD if result.expected else Verdict(result.verdict)
