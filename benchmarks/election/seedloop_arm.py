"""The work on seedloop 0.4.1: its public `replay` with defaults, timeline on, one run a seed.

Its loop logs nothing by itself: only its network and the program write to the timeline. The program
bypasses that network, so it records what the network would, and what oneroom records: posts, losses
and deliveries. (A post is recorded once, where the network records it for each receiver.)
"""

from __future__ import annotations

import seedloop

from benchmarks.election.asyncio_program import elect
from benchmarks.election.work import Outcome


def run(seed: int) -> Outcome:
    """One run of the work."""
    outcomes: list[Outcome] = []

    async def main(world: seedloop.World) -> None:
        outcomes.append(await elect(seed, world.record))

    seedloop.replay(main, seed=seed)
    return outcomes[0]
