"""The work as an asyncio program, for the simulators that run asyncio programs unchanged.

Rules: plain asyncio, without a name of any simulator. It favours the simulators: a delivery is a
`call_later` of the loop and not a stream or a socket of a simulated network, a window is one task,
and draws come from the standard library's `Random`. The measured cost of a simulator is then its
loop, its schedule and its log. A simulator whose log does not contain a plain `call_later` passes a
`record` function.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from benchmarks.election.work import (
    CRASH_US,
    DELAY_MAX_US,
    DELAY_MIN_US,
    HEARTBEAT_US,
    LASTS_US,
    LOSS_RATIO,
    SILENCE_US,
    STAGGER_US,
    WINDOWS,
    Outcome,
)

Record = Callable[[tuple[str, int]], None]
"""Writes what happened, and to which window, into the simulator's log."""

US = 1e-6
"""asyncio counts in seconds. The program counts in whole microseconds, or a rest of silence too
small to move a float clock would be slept through for ever.
"""


class Windows:
    """All windows of one run and the bus between them."""

    def __init__(self, seed: int, record: Record | None) -> None:
        self.record = record
        self.loop = asyncio.get_running_loop()
        self.uniform = Random(seed).random
        self.started = self.loop.time()
        self.alive = [True] * WINDOWS
        self.owner = [False] * WINDOWS
        self.heard_us = [0] * WINDOWS
        self.posted = self.lost = self.delivered = self.elections = 0

    def now_us(self) -> int:
        return round((self.loop.time() - self.started) / US)

    async def run(self) -> Outcome:
        """Run all windows until the end of the run."""
        tasks = [self.loop.create_task(self.follow(window)) for window in range(WINDOWS)]
        await asyncio.sleep(CRASH_US * US)
        for window in range(WINDOWS):
            if self.owner[window]:
                self.alive[window] = self.owner[window] = False
                tasks[window].cancel()
        await asyncio.sleep((LASTS_US - CRASH_US) * US)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        owners = tuple(window for window in range(WINDOWS) if self.owner[window])
        return Outcome(self.posted, self.lost, self.delivered, self.elections, owners)

    async def follow(self, window: int) -> None:
        """Wait for silence; the lowest window alive then becomes owner."""
        while True:
            silent_us = self.now_us() - self.heard_us[window]
            if silent_us < SILENCE_US:
                await asyncio.sleep((SILENCE_US - silent_us) * US)
            elif window != self.alive.index(True):
                await asyncio.sleep(SILENCE_US * US)
            else:
                await asyncio.sleep(self.uniform() * STAGGER_US * US)
                if self.now_us() - self.heard_us[window] >= SILENCE_US:
                    await self.own(window)

    async def own(self, window: int) -> None:
        """Send heartbeats to all other windows alive, until the window dies or the run ends."""
        self.owner[window] = True
        self.elections += 1
        while True:
            if self.record is not None:
                self.record(("posted", window))
            for other in range(WINDOWS):
                if other != window and self.alive[other]:
                    self.post(other)
            await asyncio.sleep(HEARTBEAT_US * US)

    def post(self, other: int) -> None:
        if self.uniform() < LOSS_RATIO:
            self.posted += 1
            self.lost += 1
            if self.record is not None:
                self.record(("lost", other))
            return
        delay_us = DELAY_MIN_US + int(self.uniform() * (DELAY_MAX_US - DELAY_MIN_US + 1))
        # What would arrive when time is up is neither lost nor delivered, and is not counted as
        # posted either.
        self.posted += self.now_us() + delay_us < LASTS_US
        self.loop.call_later(delay_us * US, self.deliver, other)

    def deliver(self, window: int) -> None:
        self.delivered += 1
        if self.record is not None:
            self.record(("delivered", window))
        self.heard_us[window] = self.now_us()


async def elect(seed: int, record: Record | None = None) -> Outcome:
    """One run of the work on the running loop."""
    return await Windows(seed, record).run()
