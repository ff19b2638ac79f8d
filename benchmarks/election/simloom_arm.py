"""The work on simloom 0.5.0: its public `run` with defaults, event log on, one run a seed."""

from __future__ import annotations

import simloom

from benchmarks.election.asyncio_program import elect
from benchmarks.election.work import Outcome


def run(seed: int) -> Outcome:
    """One run of the work."""

    async def main() -> Outcome:
        return await elect(seed)

    outcome: Outcome = simloom.run(main, seed=seed).value
    return outcome
