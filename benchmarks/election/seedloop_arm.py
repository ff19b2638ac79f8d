"""The work on seedloop 0.4.1, by its public `replay` with its defaults: timeline on, one run a seed."""

from __future__ import annotations

import seedloop

from benchmarks.election.asyncio_program import elect
from benchmarks.election.work import Outcome, check


def run(seed: int) -> int:
    """One run of the work. Returns the deliveries; raises WorkNotDoneError."""
    outcomes: list[Outcome] = []

    async def main(_: seedloop.World) -> None:
        outcomes.append(await elect(seed))

    seedloop.replay(main, seed=seed)
    return check(outcomes[0])
