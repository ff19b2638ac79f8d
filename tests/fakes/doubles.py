"""Stand-ins for the simulator around a fake: a clock, a page, an observer, devices. Each does the
least that its port promises.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from oneroom.core.events import Event
from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.ports.observer import LockChange, Loss, Presence, TrackState
from oneroom.ports.page import TaskSource


class SchedulerDouble:
    """Virtual time on one heap; what is due in the same instant runs in the order in which it was
    scheduled.
    """

    def __init__(self) -> None:
        self.now_us = 0
        self.scheduled = 0
        self._heap: list[tuple[int, int, Callable[[Any], None], Any]] = []

    def at(self, at_us: int, run: Callable[[Any], None], argument: Any) -> None:
        assert at_us >= self.now_us, "scheduled in the past"
        self.scheduled += 1
        heapq.heappush(self._heap, (at_us, self.scheduled, run, argument))

    def after(self, delay_us: int, run: Callable[[Any], None], argument: Any) -> None:
        self.at(self.now_us + delay_us, run, argument)

    def clear(self) -> None:
        self._heap.clear()

    def run_until(self, until_us: int) -> None:
        while self._heap and self._heap[0][0] <= until_us:
            at_us, _, run, argument = heapq.heappop(self._heap)
            self.now_us = at_us
            run(argument)
        self.now_us = until_us


class PageDouble:
    """One event loop. Tasks run at once, one after the other; those that may not run now keep their
    order.
    """

    def __init__(self, name: str, scheduler: SchedulerDouble) -> None:
        self.name = name
        self.events: list[Event] = []
        self.times_us: list[int] = []
        self.on_event: Callable[[Event], None] | None = None
        self._scheduler = scheduler
        self._tasks: list[tuple[TaskSource, Callable[[Any], None], Any]] = []
        self._frozen = self._stalled = self._stopped = self._dead = False
        self._running = False

    # Its life, as a test drives it.

    def freeze(self) -> None:
        self._frozen = True

    def stall(self) -> None:
        self._stalled = True

    def stop(self) -> None:
        self._stopped = True

    def die(self) -> None:
        self._dead = True
        self._tasks.clear()

    def go_on(self) -> None:
        self._frozen = self._stalled = self._stopped = False
        self._pump()

    def call(self, callback: Callable[[], None]) -> None:
        """Script of the window, run as the bus would run it: also while frozen."""
        self.run(TaskSource.BUS, lambda _: callback(), None)

    # The port.

    def deliver(self, source: TaskSource, event: Event) -> None:
        self.run(source, self._handle, event)

    def run(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> None:
        if not self._dead:
            self._tasks.append((source, callback, argument))
            self._pump()

    def after(self, delay_us: int, callback: Callable[[Any], None], argument: Any) -> None:
        self._scheduler.after(
            delay_us, lambda _: self.run(TaskSource.TIMER, callback, argument), None
        )

    def alive(self) -> bool:
        return not self._dead

    def busy(self) -> bool:
        return self._stalled or self._stopped

    def stopped(self) -> bool:
        return self._stopped

    def _handle(self, event: Event) -> None:
        self.events.append(event)
        self.times_us.append(self._scheduler.now_us)
        if self.on_event is not None:
            self.on_event(event)

    def _may_run(self, source: TaskSource) -> bool:
        if self._dead or self._stopped or self._stalled:
            return False
        return not self._frozen or source in (TaskSource.BUS, TaskSource.PROCESS, TaskSource.DEVICE)

    def _pump(self) -> None:
        if self._running:
            return
        self._running = True
        while True:
            task = next((one for one in self._tasks if self._may_run(one[0])), None)
            if task is None:
                break
            self._tasks.remove(task)
            task[1](task[2])
        self._running = False


class ObserverDouble:
    """Keeps every report as a tuple: (time, kind, what was reported)."""

    def __init__(self, scheduler: SchedulerDouble) -> None:
        self.reports: list[tuple[Any, ...]] = []
        self._scheduler = scheduler

    def _keep(self, kind: str, *what: Any) -> None:
        self.reports.append((self._scheduler.now_us, kind, *what))

    def message_lost(self, receiver: str, why: Loss) -> None:
        self._keep("message_lost", receiver, why)

    def lock_changed(self, window: str, change: LockChange) -> None:
        self._keep("lock_changed", window, change)

    def lease_written(self, window: str, term: int, counter: int) -> None:
        self._keep("lease_written", window, term, counter)

    def token_minted(self, window: str, epoch: int) -> None:
        self._keep("token_minted", window, epoch)

    def presence(
        self, window: str, identity: str, sid: str, presence: Presence, reason: Reason
    ) -> None:
        self._keep("presence", window, identity, sid, presence, reason)

    def track(
        self, window: str, identity: str, sid: str, source: Source, state: TrackState
    ) -> None:
        self._keep("track", window, identity, sid, source, state)

    def remote(self, channel: str, participant: Participant, there: bool) -> None:
        self._keep("remote", channel, participant, there)

    def witness_saw(self, identity: str, sid: str, presence: Presence) -> None:
        self._keep("witness_saw", identity, sid, presence)

    def witness_saw_track(self, identity: str, sid: str, source: Source, state: TrackState) -> None:
        self._keep("witness_saw_track", identity, sid, source, state)

    def prompt(self, window: str, source: Source, up: bool) -> None:
        self._keep("prompt", window, source, up)

    def capture(self, window: str, source: Source, on: bool) -> None:
        self._keep("capture", window, source, on)


class DevicesDouble:
    """Grants at once, unless told to refuse or to keep the user waiting."""

    def __init__(self, observer: ObserverDouble) -> None:
        self.refusing = False
        self.waiting = False
        self.asked: list[tuple[str, Source, Callable[[bool], None]]] = []
        self._observer = observer
        self._on: list[tuple[str, Source]] = []

    def capture(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        if self.waiting:
            self.asked.append((window, source, done))
        else:
            self.answer(window, source, done)

    def answer(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        if not self.refusing:
            self._on.append((window, source))
            self._observer.capture(window, source, True)
        done(not self.refusing)

    def release(self, window: str, source: Source) -> None:
        self.asked = [one for one in self.asked if one[:2] != (window, source)]
        if (window, source) in self._on:
            self._on.remove((window, source))
            self._observer.capture(window, source, False)

    def capturing(self, window: str) -> list[Source]:
        return [source for name, source in self._on if name == window]
