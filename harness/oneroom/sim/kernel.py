"""The kernel: one order of virtual time for the slow world and the fast lane.

SimPy runs the slow world (user steps, window lives, server timers). What happens thousands of times
takes the fast lane: plain tuples on the kernel's heap. SimPy's own events are put on that same
heap, so there is one order, by (time, number).

Events of one instant race: which of them comes first is a draw, made only when there is such a
race, and 0 is the order in which they were scheduled. Whoever promises an order (a bus, a socket)
must keep it by distinct times, not by the order of this heap.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from itertools import count, repeat
from typing import Any, cast

import simpy
from simpy.events import NORMAL, EventPriority

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.sim.budget import STRIDE, Budget
from oneroom.trace.spool import Spool
from oneroom.trace.trace import NO_CAUSE, Trace

# (at_us, number, run, argument, cause): `number` is unique, so a comparison never reaches `run`.
Entry = tuple[int, int, Callable[[Any], None], Any, int]

# The last entry of every heap, which is never due: there is always a next one to compare with.
_NEVER: Entry = (1 << 62, 0, lambda _: None, None, NO_CAUSE)

# A SimPy process: what it yields are the events of `Kernel.sleep`.
Steps = Generator[simpy.Event, None, None]


class _Environment(simpy.Environment):
    """SimPy's environment with its queue replaced by the kernel's: only what must happen at once
    stays in its own.
    """

    def __init__(self, kernel: Kernel) -> None:
        super().__init__(0)
        self._kernel = kernel

    def schedule(
        self, event: simpy.Event, priority: EventPriority = NORMAL, delay: float = 0
    ) -> None:
        if priority < NORMAL or isinstance(event, simpy.Process):
            # The end of a process calls nothing, so it must not race with what happens in its
            # instant.
            super().schedule(event, priority, delay)
        else:
            self._kernel.at(self._kernel.now_us + int(delay), self.run_now, event)

    def run_now(self, event: simpy.Event) -> None:
        """Process one due event, and whatever it makes urgent."""
        self._now = self._kernel.now_us
        super().schedule(event, EventPriority(NORMAL), 0)
        self.settle()

    def settle(self) -> None:
        """Process what is urgent: starts, interrupts and ends of processes."""
        while self._queue:
            self.step()


class Kernel:
    """The scheduler of one run. It keeps `now_us` here and in the trace, and the cause of
    everything it calls.
    """

    def __init__(self, trace: Trace, choices: Choices, budget: Budget | None = None) -> None:
        self.now_us = 0
        self.budget = budget or Budget()
        self.trace = trace
        self.choices = choices
        self.tape = Spool(choices.tape, lambda: list[Draw])
        self._heap: list[Entry] = [_NEVER]
        self._number = count(1).__next__
        self._simpy: _Environment | None = _Environment(self)
        # Called before each turn, for a search that looks at the states between them.
        self.watch: Callable[[], None] | None = None

    def at(self, at_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """Fast lane: call `run(argument)` at `at_us`, with the present cause."""
        heappush(self._heap, (at_us, self._number(), run, argument, self.trace.cause))

    @property
    def _environment(self) -> _Environment:
        assert self._simpy is not None, "the run is over"
        return self._simpy

    def after(self, delay_us: int, run: Callable[[Any], None], argument: Any) -> None:
        """Slow world: a SimPy timeout that calls `run(argument)`."""
        timeout = self._environment.timeout(delay_us, (run, argument))
        assert timeout.callbacks is not None
        timeout.callbacks.append(_ring)

    def process(self, steps: Steps) -> None:
        """Slow world: run a SimPy process; it waits with `yield kernel.sleep(delay_us)`."""
        self._environment.process(steps)
        self._environment.settle()

    def sleep(self, delay_us: int) -> simpy.Event:
        """For a process: what to yield in order to wait."""
        return self._environment.timeout(delay_us)

    def run(self, until_us: int) -> None:
        """Call everything that is due before `until_us`, in the order of time. Raises
        oneroom.driver.endless.Endless.
        """
        stride = self._stride if self.watch is None else self._watched_stride
        while stride(until_us):
            self.budget.stride(self.now_us)
            self.trace.spill()
            self.tape.spill()
        self.now_us = self.trace.now_us = until_us
        self.trace.cause = NO_CAUSE

    def _stride(self, until_us: int, turns: int = STRIDE) -> bool:
        """At most so many turns. Returns whether there may be more to do."""
        heap, trace = self._heap, self.trace
        for _ in repeat(None, turns):
            entry = heappop(heap)
            at_us, _, run, argument, cause = entry
            if at_us >= until_us:
                heappush(heap, entry)
                return False
            if heap[0][0] == at_us:
                run, argument, cause = self._race(entry)
            trace.cause = cause
            self.now_us = trace.now_us = at_us
            run(argument)
        return True

    def _watched_stride(self, until_us: int) -> bool:
        """The same, with a call of `watch` before each turn."""
        heap, watch = self._heap, self.watch
        assert watch is not None, "somebody watches"
        for _ in repeat(None, STRIDE):
            if heap[0][0] < until_us:
                watch()
            if not self._stride(until_us, 1):
                return False
        return True

    def entries(self) -> list[Entry]:
        """Everything that is scheduled, in the order in which it would come."""
        return sorted(self._heap, key=_when)[:-1]

    def next_number(self) -> int:
        """A number above those of what is scheduled, and below those of what will be."""
        return self._number()

    def pending(self, until_us: int) -> list[tuple[int, int]]:
        """The time and number of everything that is scheduled before `until_us`."""
        return [(entry[0], entry[1]) for entry in self._heap if entry[0] < until_us]

    def clear(self) -> None:
        """Drop everything that is still scheduled: the run is over, and what refers to it shall be
        freed at once.
        """
        self._heap[:] = [_NEVER]
        self._simpy = None

    def _race(self, first: Entry) -> tuple[Callable[[Any], None], Any, int]:
        """Several events of one instant: draw which comes first and put the others back."""
        heap = self._heap
        racers = [first]
        while heap[0][0] == first[0]:
            racers.append(heappop(heap))
        winner = racers.pop(self.choices.draw(Label.TIE, len(racers)))
        for loser in racers:
            heappush(heap, loser)
        return winner[2:]


def _when(entry: Entry) -> tuple[int, int]:
    return entry[:2]


def _ring(event: simpy.Event) -> None:
    run, argument = cast("tuple[Callable[[Any], None], Any]", event.value)
    run(argument)
