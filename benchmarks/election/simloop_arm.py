"""The work on simloop 0.2.2: its public `explore` with defaults, trace on, one run a seed."""

from __future__ import annotations

import simloop

from benchmarks.election.asyncio_program import elect
from benchmarks.election.work import Outcome, WorkNotDoneError


def run(seed: int) -> Outcome:
    """One run of the work. Raises WorkNotDoneError if the run failed."""
    outcomes: list[Outcome] = []

    async def main() -> None:
        outcomes.append(await elect(seed))

    report = simloop.explore(main, [seed])
    if report is not None:
        raise WorkNotDoneError(str(report))
    return outcomes[0]
