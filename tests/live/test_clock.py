"""Real time in turns: it stands still in one, and goes on between two."""

from __future__ import annotations

import asyncio
import time

from oneroom.live.clock import LiveClock
from oneroom.trace.trace import NO_CAUSE, Trace


def test_what_happens_in_a_turn_happens_in_its_instant_and_what_is_in_none_happens_now() -> None:
    seen: list[int] = []

    async def story() -> None:
        clock = LiveClock(asyncio.get_running_loop(), Trace(), lambda: None, lambda error: None)

        def turn() -> None:
            began_us = clock.instant_us()
            while clock.read_us() == began_us:
                time.sleep(0.001)
            seen.extend([began_us, clock.instant_us()])

        clock.turn(NO_CAUSE, turn)
        while clock.read_us() <= seen[0]:
            await asyncio.sleep(0.001)
        seen.append(clock.instant_us())

    asyncio.run(story())
    began_us, still_us, after_us = seen
    assert began_us == still_us < after_us
