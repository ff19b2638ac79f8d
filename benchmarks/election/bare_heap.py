"""The upper bound: the work on `heapq` alone, with no trace, digest, check or abstraction.

Rules: exactly the work, nothing more or less. Functions are inlined by hand where that is faster,
since the other arms are measured as a ratio to this one.
"""

from __future__ import annotations

from heapq import heappop, heappush
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

DELIVER, HEARTBEAT, SILENCE, BECOME_OWNER, CRASH = range(5)


def run(seed: int) -> Outcome:
    """One run of the work."""
    rng = Random(seed)
    uniform, delay_span = rng.random, DELAY_MAX_US - DELAY_MIN_US + 1
    alive = [True] * WINDOWS
    owner = [False] * WINDOWS
    heard_us = [0] * WINDOWS
    posted = lost = delivered = elections = 0
    # In order of time, so it is a heap already: everybody is a follower at first, and nobody has
    # heard an owner.
    heap = [(SILENCE_US, window, SILENCE, window) for window in range(WINDOWS)] + [
        (CRASH_US, WINDOWS, CRASH, 0)
    ]
    number = WINDOWS + 1
    while True:
        now_us, _, kind, window = heappop(heap)
        if now_us >= LASTS_US:
            break
        if kind == DELIVER:
            delivered += 1
            heard_us[window] = now_us
            continue
        if kind == CRASH:
            for window in range(WINDOWS):
                if owner[window]:
                    alive[window] = owner[window] = False
            continue
        if not alive[window]:
            continue
        if kind == BECOME_OWNER and now_us - heard_us[window] >= SILENCE_US:
            owner[window] = True
            elections += 1
            kind = HEARTBEAT
        if kind == HEARTBEAT:
            for other in range(WINDOWS):
                if other != window and alive[other]:
                    posted += 1
                    if uniform() < LOSS_RATIO:
                        lost += 1
                    else:
                        at_us = now_us + DELAY_MIN_US + int(uniform() * delay_span)
                        heappush(heap, (at_us, number, DELIVER, other))
                        number += 1
            heappush(heap, (now_us + HEARTBEAT_US, number, HEARTBEAT, window))
        elif now_us - heard_us[window] < SILENCE_US:
            heappush(heap, (heard_us[window] + SILENCE_US, number, SILENCE, window))
        elif window == alive.index(True):
            heappush(heap, (now_us + int(uniform() * STAGGER_US), number, BECOME_OWNER, window))
        else:
            heappush(heap, (now_us + SILENCE_US, number, SILENCE, window))
        number += 1
    owners = tuple(window for window in range(WINDOWS) if owner[window])
    # Whatever is still on its way when time is up has been neither lost nor delivered.
    in_flight = sum(entry[2] == DELIVER for entry in heap) + (kind == DELIVER)
    return Outcome(posted - in_flight, lost, delivered, elections, owners)
