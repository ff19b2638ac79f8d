"""The end of a run: for how long it goes on after its last step.

The bound within which everything must have settled is that of the worst case. Most runs have
settled long before, and what is left of their bound would be the same heartbeats again. A run has
settled before its bound is over when all of this is so:

- no fault is on, and the ledger stands still (`Ledger.stands_still`);
- for a quiet time nothing but heartbeats was recorded. It is so long that whoever waits for an
  owner's sign of life has done something about its silence;
- all through that time, what was scheduled within the bound had been scheduled less than a quiet
  time ago, and was due within another one: those are the heartbeats. Every older or longer
  time-out is waited for, and the quiet time begins anew at its end: an SDK that notices a dead
  connection records nothing before its first try.
"""

from __future__ import annotations

from collections import deque

from oneroom.checks.ledger import Ledger
from oneroom.core.events import Timer
from oneroom.driver import script
from oneroom.driver.page import INTENSIVE_GRID_US
from oneroom.sim import chat
from oneroom.sim.world import World
from oneroom.trace.records import (
    Healed,
    LeaseWritten,
    MessageDelivered,
    MessageKind,
    MessageLost,
    MessagePosted,
    Record,
    Settled,
    TimerRan,
)
from oneroom.trace.trace import WORLD

# In a page that has long been hidden every time-out may be a minute late. In a row come: watch,
# probe and claim of an election, all three again for a second victim, the retry of the Room, and a
# repeated command.
_TIMERS_IN_A_ROW = 8
# On a bus that is slower than a probe: a question and its answer, a request to hand over and the
# news of it, a command, the snapshot, a question for one that was missed, and its answer.
_MESSAGES_IN_A_ROW = 8

# How often a quiet time is looked for within its length.
_LOOKS = 4

_HEARTBEAT = MessageKind.HEARTBEAT


def settle(world: World, ledger: Ledger) -> None:
    """After the last step: wait until what ends by itself has ended, and until everything has
    settled, or must have.
    """
    trace, kernel = world.trace, world.kernel
    while world.busy.until_us >= kernel.now_us:
        kernel.run(world.busy.until_us + 1)
    trace.append(Healed(trace.n, trace.now_us, WORLD, trace.cause, len(world.faults)))
    healed_us = kernel.now_us
    bound_us = _bound_us(world)
    kernel.run(max(healed_us, world.scenario.lasts_us or 0))
    _run_until_settled(world, ledger, healed_us + bound_us)
    waited_us = kernel.now_us - healed_us
    trace.append(Settled(trace.n, trace.now_us, WORLD, trace.cause, waited_us))


def _bound_us(world: World) -> int:
    """The time from now on within which everything must have settled."""
    scenario, policy, kernel = world.scenario, world.policy, world.kernel
    timings = script.timings(scenario, policy)
    chat_us = chat.settle_us(timings) if world.chats is not None else 0
    bound_us = max(
        script.settle_us(scenario, policy, world.sfu.longest_ghost_us()), chat_us
    ) + _MESSAGES_IN_A_ROW * _slow_us(world)
    if world.windows.slow_timers(kernel.now_us + bound_us):
        # And half a minute after such a wake-up: a hidden owner makes sure at each that it still
        # owns.
        wake_us = world.browser.grid.align(kernel.now_us + bound_us, INTENSIVE_GRID_US)
        bound_us = (
            wake_us - kernel.now_us + _TIMERS_IN_A_ROW * INTENSIVE_GRID_US + INTENSIVE_GRID_US // 2
        )
    return bound_us


def _slow_us(world: World) -> int:
    """The time that a message takes beyond what the policy's own bound has room for: up to a probe
    for a message and its answer.
    """
    timings = script.timings(world.scenario, world.policy)
    return max(0, world.scenario.bus.longest_us - timings.probe_us)


def _run_until_settled(world: World, ledger: Ledger, end_us: int) -> None:
    trace, kernel = world.trace, world.kernel
    quiet_us = _quiet_us(world, end_us)
    # At each look the number of the next record, and that of what is scheduled next.
    looks: deque[tuple[int, int]] = deque(maxlen=_LOOKS + 1)
    last_due_us = kernel.now_us
    while kernel.now_us < end_us:
        looks.append((trace.n, kernel.next_number()))
        record, number = looks[0]
        last_due_us = max(last_due_us, _last_due_us(world, number, end_us, quiet_us))
        if (
            kernel.now_us >= last_due_us + quiet_us
            and not world.faults
            and ledger.stands_still()
            and _was_quiet(world, record)
        ):
            return
        kernel.run(min(end_us, kernel.now_us + quiet_us // _LOOKS))


def _quiet_us(world: World, end_us: int) -> int:
    """The length of a quiet time: a lease, and what an election does about it."""
    timings = script.timings(world.scenario, world.policy)
    lease_us = max(timings.lease_us, world.policy.silence_us(timings))
    quiet_us = lease_us + timings.probe_us + timings.claim_us + timings.heartbeat_us
    if world.windows.slow_timers(end_us):
        quiet_us += INTENSIVE_GRID_US
    return quiet_us + 2 * _slow_us(world)


def _last_due_us(world: World, number: int, end_us: int, quiet_us: int) -> int:
    """The time at which the last of what is no heartbeat is due; 0 if there is nothing."""
    soon_us = world.kernel.now_us + quiet_us
    due_us = [
        at_us
        for at_us, scheduled in world.kernel.pending(end_us)
        if scheduled < number or at_us > soon_us
    ]
    return max(due_us, default=0)


def _was_quiet(world: World, record: int) -> bool:
    """Return whether there were only heartbeats since the given record."""
    for one in reversed(world.trace.tail):
        if one.n < record:
            return True
        if not _is_heartbeat(one):
            return False
    return False


def _is_heartbeat(record: Record) -> bool:
    if isinstance(record, MessagePosted | MessageDelivered):
        return record.kind is _HEARTBEAT
    if isinstance(record, TimerRan):
        return record.timer == Timer.HEARTBEAT
    return isinstance(record, LeaseWritten | MessageLost)
