"""The values that checks are given and give back."""

from __future__ import annotations

import msgspec

from oneroom.checks.verdict import Verdict


class Setting(msgspec.Struct, frozen=True, gc=False):
    """What no record says about a run: who may own under its policy, and whether the user grants
    the microphone.

    `may_own` is "any" or "main" (only a main window, so without one there is rightly no owner).
    `terms` says whether the policy has terms at all: where none were promised, the numbers in the
    records are only counted.
    """

    may_own: str = "any"
    microphone: bool = True
    terms: bool = True


class Violation(msgspec.Struct, frozen=True, gc=False):
    """A broken promise: where in the trace it shows, which windows (interned names) are in it, and
    how long it lasted.

    `record` is the `n` of the record at which it shows, `at_us` that record's time. `since_us` is
    when the forbidden state began, earlier than `at_us` if it was excused until then; `until_us` is
    when it ended, -1 if nothing said so. What `details` mean is the check's own; `describe` of the
    check puts them into words.
    """

    check: str
    at_us: int
    record: int
    windows: tuple[int, ...]
    since_us: int
    until_us: int = -1
    details: tuple[int, ...] = ()


class Judgement(msgspec.Struct, frozen=True):
    """What a run came to. `violations` has the first one of each check, by the record at which it
    shows; the names are of checks.
    """

    verdict: Verdict
    violations: tuple[Violation, ...]
    vacuous: tuple[str, ...]
    inconclusive: tuple[str, ...]
    ledger: dict[str, int]
