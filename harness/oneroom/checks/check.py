"""Base classes of the checks.

A check promises one thing in one sentence, names the kinds of records that it reads, and is called
with those alone, in order, while the run goes on. It keeps small state, builds no text, and
remembers the first violation.

Rules: a check reads records and nothing else; it may not know which policy made them. A safety
check decides at once, or at the end of an instant where its file says so. A liveness check decides
at `Settled`, and only if no fault was on by then.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import ClassVar

import msgspec

from oneroom.checks.verdict import Verdict
from oneroom.checks.violation import Setting, Violation
from oneroom.trace.records import Healed, Record, Settled


class Kind(enum.StrEnum):
    """Safety (something bad never happens) or liveness (something good happens in the end)."""

    SAFETY = "safety"
    LIVENESS = "liveness"


class Check:
    """Base of all checks. Subclasses set the four class attributes and write `on` and `describe`.

    `seen` is set once the guarded thing has happened at all; without it the verdict is vacuous.
    """

    name: ClassVar[str] = ""
    promise: ClassVar[str] = ""
    kind: ClassVar[Kind] = Kind.SAFETY
    reads: tuple[type[Record], ...] = ()
    # The kind of record that windows which run an app's own code must have told, to be judged.
    needs: ClassVar[type[Record] | None] = None

    def __init__(self) -> None:
        self.setting = Setting()
        self.violation: Violation | None = None
        self.violations = 0
        self.seen = False

    def on(self, record: Record) -> None:
        """Follow one record of a kind in `reads`."""
        raise NotImplementedError

    @classmethod
    def describe(cls, violation: Violation, names: Sequence[str]) -> str:
        """One clause without a full stop; `names` are the trace's."""
        who = join_names(violation.windows, names)
        return f"{who} broke the promise: {cls.promise}" if who else f"broken: {cls.promise}"

    def violate(
        self,
        record: Record,
        windows: tuple[int, ...],
        details: tuple[int, ...] = (),
        since_us: int = -1,
    ) -> None:
        """Count a violation that shows at `record`; the first one is kept."""
        self.violations += 1
        if self.violation is None:
            began_us = record.at_us if since_us < 0 else since_us
            self.violation = Violation(
                self.name, record.at_us, record.n, windows, began_us, -1, details
            )

    def ceased(self, at_us: int) -> None:
        """End the first violation at `at_us`; later calls concern later violations, no-ops."""
        first = self.violation
        if first is not None and first.until_us < 0:
            self.violation = msgspec.structs.replace(first, until_us=at_us)

    def verdict(self) -> Verdict:
        """The verdict on the records read so far."""
        if self.violation is not None:
            return Verdict.VIOLATED
        return Verdict.HELD if self.seen else Verdict.VACUOUS


class LivenessCheck(Check):
    """Base of the checks that are decided at `Settled`.

    Subclasses write `follow` and `settle`; `reads` must include `Healed` and `Settled`.
    """

    kind: ClassVar[Kind] = Kind.LIVENESS

    def __init__(self) -> None:
        super().__init__()
        self.faults = -1
        self.settled = False

    def on(self, record: Record) -> None:
        """Follow the run to its end."""
        if type(record) is Healed:
            self.faults = record.faults
        elif type(record) is Settled:
            self.settled = True
            if self.faults == 0:
                self.settle(record)
        else:
            self.follow(record)

    def follow(self, record: Record) -> None:
        """Follow one record of the kinds in `reads`, except `Healed` and `Settled`."""
        raise NotImplementedError

    def settle(self, record: Settled) -> None:
        """Judge the end of the run: all faults are healed and the bound has passed."""
        raise NotImplementedError

    def verdict(self) -> Verdict:
        """Inconclusive unless the run settled with no fault on."""
        if not self.settled or self.faults != 0:
            return Verdict.INCONCLUSIVE
        return super().verdict()


def join_names(windows: Sequence[int], names: Sequence[str]) -> str:
    """The windows' names in one phrase: `main`, `main and overlay`, `main, overlay and tab`."""
    texts = [names[window] for window in windows]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def duration_suffix(violation: Violation) -> str:
    """` (140 ms)` if the duration of the violation is known, else ""."""
    span_us = violation.until_us - violation.since_us
    if violation.until_us < 0 or span_us <= 0:
        return ""
    if span_us < 1_000:
        return f" ({span_us} µs)"
    if span_us < 1_000_000:
        return f" ({span_us // 1_000} ms)"
    return f" ({span_us / 1_000_000:.3f} s)"
