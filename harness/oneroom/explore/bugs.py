"""The distinct bugs behind many failing runs: one for each policy, check and mechanism.

A run counts once, for the gravest unexpected check that it breaks.
"""

from __future__ import annotations

from collections.abc import Iterable

from oneroom.checks.results import Bug, Result


def bug_of(result: Result) -> tuple[Bug, ...]:
    """The bug that a run shows; none if nothing unexpected broke in it."""
    return tuple(
        Bug(result.policy, check, mechanism_of(result, check), 1) for check in result.unexpected[:1]
    )


def mechanism_of(result: Result, check: str) -> str:
    """The mechanism by which `check` broke in a run."""
    return next(one.mechanism for one in result.violations if one.check == check)


def counted(bugs: Iterable[Bug]) -> tuple[Bug, ...]:
    """Each bug once, with the runs of all: the most frequent one first."""
    runs: dict[tuple[str, str, str], int] = {}
    for bug in bugs:
        key = bug.policy, bug.check, bug.mechanism
        runs[key] = runs.get(key, 0) + bug.runs
    found = [Bug(*key, count) for key, count in runs.items()]
    return tuple(sorted(found, key=lambda bug: -bug.runs))
