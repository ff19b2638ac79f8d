"""The failure pages of one report: the packed data of a bounded number of runs.

Rules: one run for all its failures; the first runs are kept, in the order of the report, as far as
number and size allow. What is left out is told on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.checks.results import Failure, Result
from oneroom.driver.run import Run
from oneroom.report.html import document
from oneroom.report.html.run_data import LinkedTwin, run_data

MOST_RUNS = 40
# A run of more records than this makes a page of its own: `oneroom show --html`.
MOST_RECORDS = 20_000
# Of all runs together, in characters of the document.
MOST_SIZE = 8_000_000


class RunPages:
    """Collects the runs of a report. `packed` are their data, by the ids of their failures."""

    def __init__(self) -> None:
        self.packed: dict[tuple[str, ...], str] = {}
        self._size = 0

    def has_room(self, result: Result) -> bool:
        """Return whether one more run may be added."""
        room = len(self.packed) < MOST_RUNS and self._size < MOST_SIZE
        return room and result.records <= MOST_RECORDS

    def add(self, run: Run, result: Result, failures: Sequence[Failure], seeds: int) -> None:
        """Add a run that shows those of `failures` that have its seed. `failures` are all of its
        scenario and policy, seen in `seeds` runs.
        """
        own = [failure for failure in failures if failure.result.seed == result.seed]
        others = [failure for failure in failures if failure.result.seed != result.seed]
        text = packed_run(run, result, (*own, *others), seeds)
        self.packed[tuple(failure.id for failure in own)] = text
        self._size += len(text)


def packed_run(
    run: Run,
    result: Result,
    failures: Sequence[Failure],
    seeds: int,
    twin: LinkedTwin | None = None,
) -> str:
    """The data of one run, as a block of the document."""
    return document.packed(msgspec.json.encode(run_data(run, result, failures, seeds, twin)))
