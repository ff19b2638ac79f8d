"""The costs of each setting, counted run by run.

Rules: what is kept grows with settings and environments, not with runs. A limit of the scenario's
own on the ledger is no violation here: the ledger is what is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from oneroom.checks.ledger import KEYS
from oneroom.checks.results import Result
from oneroom.checks.sweep_results import Setting, SweepRow
from oneroom.explore.expectation import ENTRIES
from oneroom.explore.sweep.plan import MESSAGES, Cell

_NO_CHECKS = frozenset((*KEYS, *ENTRIES))
_ALL = "all"


class Costs:
    """Counts the runs of one cell."""

    def __init__(self) -> None:
        self.runs = self.violations = self.torn = self.messages = 0
        self.two_rooms_ms = self.sim_ms = 0
        self.no_owner_ms: Counter[int] = Counter()
        self.first_violation = ""

    def add(self, result: Result) -> None:
        """Count one run."""
        ledger = result.ledger
        self.runs += 1
        self.torn += ledger["calls_torn_down"]
        self.two_rooms_ms += ledger["two_rooms_ms"]
        self.messages += ledger[MESSAGES]
        self.sim_ms += result.sim_ms
        self.no_owner_ms[ledger["no_owner_ms"]] += 1
        if not _NO_CHECKS.issuperset(result.unexpected):
            self.violations += 1
            self.first_violation = self.first_violation or result.repro

    def row(self, setting: Setting, environment: str) -> SweepRow:
        """The row of the cell, which has runs."""
        return SweepRow(
            setting=setting,
            environment=environment,
            runs=self.runs,
            violations=self.violations,
            no_owner_p50_ms=self._quantile(50),
            no_owner_p99_ms=self._quantile(99),
            torn_per_100=round(100 * self.torn / self.runs, 3),
            two_rooms_ms=round(self.two_rooms_ms / self.runs, 3),
            messages_per_s=round(1_000 * self.messages / max(1, self.sim_ms), 3),
            first_violation=self.first_violation,
        )

    def _quantile(self, percent: int) -> int:
        """The smallest value that at least `percent` of the runs are not above."""
        wanted, below = -(-percent * self.runs // 100), 0
        for value in sorted(self.no_owner_ms):
            below += self.no_owner_ms[value]
            if below >= wanted:
                return value
        raise AssertionError("a cell without runs has no row")


class Tally:
    """Counts the runs of a sweep, by cell."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        self._settings = settings
        self._cells: dict[Cell, Costs] = {}
        self.runs = 0
        self.violations = 0

    def add(self, cell: Cell, result: Result) -> None:
        """Count one run."""
        costs = self._cells.setdefault(cell, Costs())
        before = costs.violations
        costs.add(result)
        self.runs += 1
        self.violations += costs.violations - before

    def rows(self) -> tuple[SweepRow, ...]:
        """A row for each cell that has runs."""
        return tuple(
            costs.row(self._settings[cell.setting], cell.environment)
            for cell, costs in sorted(self._cells.items(), key=lambda item: item[0].setting)
        )


def over_environments(rows: Sequence[SweepRow]) -> tuple[SweepRow, ...]:
    """A row for each setting, over all its environments."""
    by_setting: dict[str, list[SweepRow]] = {}
    for row in rows:
        key = f"{row.setting.policy} {sorted(row.setting.timings_us.items())}"
        by_setting.setdefault(key, []).append(row)
    return tuple(_worst(several) for several in by_setting.values())


def _worst(rows: Sequence[SweepRow]) -> SweepRow:
    if len(rows) == 1:
        return rows[0]
    return SweepRow(
        setting=rows[0].setting,
        environment=_ALL,
        runs=sum(row.runs for row in rows),
        violations=sum(row.violations for row in rows),
        no_owner_p50_ms=max(row.no_owner_p50_ms for row in rows),
        no_owner_p99_ms=max(row.no_owner_p99_ms for row in rows),
        torn_per_100=max(row.torn_per_100 for row in rows),
        two_rooms_ms=max(row.two_rooms_ms for row in rows),
        messages_per_s=max(row.messages_per_s for row in rows),
        first_violation=next((row.first_violation for row in rows if row.first_violation), ""),
    )
