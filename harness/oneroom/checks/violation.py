"""Values that checks are given and give back."""

from __future__ import annotations

import msgspec

from oneroom.checks.verdict import Verdict


class Setting(msgspec.Struct, frozen=True, gc=False):
    """Facts about a run that no record holds: who may own, and what the user grants.

    `may_own` is "any" or "main" (only a main window, so without one there is rightly no owner).
    `microphone` is true if the user grants it. `terms` is true if the policy has terms at all:
    where none were promised, the numbers in the records are only counted. `app` is true if the
    windows run an app's own code, whose roles are known only as far as it tells them.
    """

    may_own: str = "any"
    microphone: bool = True
    terms: bool = True
    app: bool = False


class Violation(msgspec.Struct, frozen=True, gc=False):
    """A broken promise: its place in the trace, its windows (interned names), its duration.

    `record` is the `n` of the record at which it shows, `at_us` that record's time. `since_us` is
    when the forbidden state began, earlier than `at_us` if it was excused until then; `until_us` is
    when it ended, -1 if nothing said so. The meaning of `details` is the check's own; `describe` of
    the check puts them into words.
    """

    check: str
    at_us: int
    record: int
    windows: tuple[int, ...]
    since_us: int
    until_us: int = -1
    details: tuple[int, ...] = ()


class Judgement(msgspec.Struct, frozen=True):
    """The judged run. `violations` has the first one of each check, by place in the trace.

    `vacuous` and `inconclusive` are names of checks.
    """

    verdict: Verdict
    violations: tuple[Violation, ...]
    vacuous: tuple[str, ...]
    inconclusive: tuple[str, ...]
    ledger: dict[str, int]
