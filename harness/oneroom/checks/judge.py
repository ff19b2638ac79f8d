"""The judge: all checks and the ledger over one trace, and the verdict of the run.

Rules: a judge serves one run. Give `listeners` to the trace before the run, ask `conclude` after
it.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.ledger import Ledger
from oneroom.checks.registry import CHECKS
from oneroom.checks.verdict import Verdict
from oneroom.checks.violation import Judgement, Setting, Violation
from oneroom.trace.records import Record
from oneroom.trace.trace import Listener

MAY_OWN = ("any", "main")


class Told:
    """The kinds of records that an app has not told; those that are `awaited` at the end it never
    has.
    """

    def __init__(self, kinds: Sequence[type[Record]]) -> None:
        self.reads: tuple[type[Record], ...] = tuple(dict.fromkeys(kinds))
        self.awaited = list(self.reads)

    def on(self, record: Record) -> None:
        """Follow a record of those kinds."""
        if type(record) in self.awaited:
            self.awaited.remove(type(record))


class Judge:
    """All checks and the ledger of one run.

    `may_own` is "any" or "main" (raises ValueError otherwise), `extra` are checks of the user's
    own, `microphone` says that the user grants the microphone, `terms` that the policy has terms,
    `app` that the windows run an app's own code.
    """

    def __init__(
        self,
        may_own: str = "any",
        extra: Sequence[type[Check]] = (),
        microphone: bool = True,
        terms: bool = True,
        app: bool = False,
    ) -> None:
        if may_own not in MAY_OWN:
            raise ValueError(f"may_own is {may_own!r}, not one of {MAY_OWN}")
        self.ledger = Ledger()
        self.checks: list[Check] = [kind() for kind in (*CHECKS, *extra)]
        for check in self.checks:
            check.setting = Setting(may_own, microphone, terms, app)
        self._told = Told([check.needs for check in self.checks if app and check.needs is not None])

    @property
    def listeners(self) -> list[Listener]:
        """The listeners that the trace must show its records."""
        listeners: list[Listener] = list(self.checks)
        listeners.append(self.ledger)
        return [*listeners, self._told] if self._told.reads else listeners

    def conclude(self) -> Judgement:
        """The verdict of the run, with its violations and its ledger.

        Violated if any check is; else inconclusive if any is; else vacuous if all are; else held.
        """
        found: list[Violation] = []
        vacuous: list[str] = []
        inconclusive: list[str] = []
        for check in self.checks:
            verdict = check.verdict()
            if check.needs in self._told.awaited:
                vacuous.append(check.name)
            elif check.violation is not None:
                found.append(check.violation)
            elif verdict is Verdict.VACUOUS:
                vacuous.append(check.name)
            elif verdict is Verdict.INCONCLUSIVE:
                inconclusive.append(check.name)
        found.sort(key=_place)
        return Judgement(
            self._sum_up(found, vacuous, inconclusive),
            tuple(found),
            tuple(vacuous),
            tuple(inconclusive),
            self.ledger.totals(),
        )

    def _sum_up(
        self, found: list[Violation], vacuous: list[str], inconclusive: list[str]
    ) -> Verdict:
        if found:
            return Verdict.VIOLATED
        if inconclusive:
            return Verdict.INCONCLUSIVE
        return Verdict.VACUOUS if len(vacuous) == len(self.checks) else Verdict.HELD


def _place(violation: Violation) -> int:
    return violation.record
