"""A page: the event loop of one window, with what browsers do to it.

It runs tasks at once while it may, queues them while it is frozen, stalled or stopped, and drops
them once it is gone. Models (observed in Chromium 156 unless noted): a frozen page still runs
BroadcastChannel handlers and the handlers of captures that end, and nothing else; after a freeze
come messages, then overdue timers, with lock grants last when shown and before the timers when
hidden; after a stall the tasks run in the order of their arrival, then overdue timers. Hidden
timers wake on a grid of 1 s that all pages share; those of long chains (timers set by timers) on a
grid of 60 s after 300 s hidden (60 s for a page that was never shown), unless the page has a peer
connection; before that, timers of 0 ms are not delayed. A page in the back/forward cache is frozen,
and one bus message evicts it. In WebKit and Firefox a suspended page runs nothing at all and gets
no event about it (unconfirmed: WebKit's `inactiveSchedulingPolicy: suspend`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.ports.page import TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom.trace.records import TurnRan
from oneroom.trace.trace import Trace

HIDDEN_GRID_US = 1_000_000
INTENSIVE_GRID_US = 60_000_000
INTENSIVE_AFTER_US = 300_000_000
INTENSIVE_AFTER_NEVER_SHOWN_US = 60_000_000
# A timer is part of a chain from this nesting level on (timers set by timers).
CHAIN_LEVELS = 6
IMMEDIATE_BELOW_US = 1_000
# HTML standard, timer initialisation steps.
CHAINED_MIN_US = 4_000

# Ranks of BUS, STORAGE, NETWORK, LOCK, TIMER, INPUT, IPC, PROCESS and DEVICE.
_AFTER_FREEZE_SHOWN = (0, 0, 0, 2, 1, 0, 0, 0, 0)
_AFTER_FREEZE_HIDDEN = (0, 0, 0, 1, 2, 0, 0, 0, 0)
_AFTER_STALL = (0, 0, 0, 0, 1, 0, 0, 0, 0)
# process events come before those of the frozen page (assumed)
_AFTER_STALL_STILL_FROZEN = (1, 1, 1, 1, 1, 1, 1, 0, 1)
# Task sources that a frozen page of Chromium runs.
_RUNS_FROZEN = (TaskSource.BUS, TaskSource.DEVICE)
# Task sources that the app gets no event of.
_NOT_APP_TASKS = (TaskSource.PROCESS, TaskSource.DEVICE)

Task = tuple[TaskSource, Callable[[Any], None], Any, int]


class Timeout(msgspec.Struct, eq=False):
    """A `setTimeout` of the page.

    Moving it adds a second scheduler entry; `fired` makes the later entry void. `at_us` is
    monotonic time of the page.
    """

    at_us: int
    callback: Callable[[Any], None]
    argument: Any
    # 1 if set by a task that is not a timer, one more than its setter's otherwise.
    level: int
    immediate: bool
    fired: bool = False


class TimerGrid:
    """The wake-up phase that all hidden pages of one browser share."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._phase_us = -1

    def align(self, at_us: int, grid_us: int) -> int:
        """The first wake-up at or after `at_us`."""
        if self._phase_us < 0:
            self._phase_us = self._choices.draw(Label.PHASE, HIDDEN_GRID_US)
        behind = (at_us - self._phase_us) % grid_us
        return at_us if behind == 0 else at_us + grid_us - behind


class EventLoop:
    """One page.

    `plain` is the fast path: shown or hidden, but running, with no first turn after a pause due.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        trace: Trace,
        grid: TimerGrid,
        name: str,
        *,
        bus_runs_frozen: bool,
    ) -> None:
        self.scheduler = scheduler
        self.trace = trace
        self.grid = grid
        self.name = name
        self.place = trace.intern(name)
        self.bus_runs_frozen = bus_runs_frozen
        self.plain = True
        self.frozen = False
        self.gone = False
        self.hidden = False
        self._hidden_since_us = 0
        self._shown_once = True
        self._lost_us = 0
        self._stalls = 0
        self._stops = 0
        self._backlog: list[Task] = []
        self._aligned: list[Timeout] = []
        self._evict: Callable[[], None] | None = None
        # Nesting level of the running timer, 0 for every other task.
        self.level = 0

    # -- the Page port, but for `deliver` ---------------------------------------------------------

    def run(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> None:
        """Run a task now, queue it, or drop it."""
        if self.plain or self.admit(source, callback, argument):
            callback(argument)

    def admit(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> bool:
        """Return whether a task may run now, for a page that is not `plain`.

        A task that may not run is queued, or dropped if the page is gone.
        """
        if self.gone:
            return False
        if self._evict is not None and source is TaskSource.BUS:
            self._evict()
            return False
        if self.busy() or self._held_by_freeze(source):
            self._backlog.append((source, callback, argument, self.trace.cause))
            return False
        if source not in _NOT_APP_TASKS:
            self._first_turn()
        return True

    def after(self, delay_us: int, callback: Callable[[Any], None], argument: Any) -> None:
        """`setTimeout`."""
        level, immediate = self.level + 1, delay_us < IMMEDIATE_BELOW_US
        if level > CHAIN_LEVELS:
            delay_us = max(delay_us, CHAINED_MIN_US)
        self._schedule_timeout(
            Timeout(self.monotonic_us + delay_us, callback, argument, level, immediate)
        )

    def microtask(self, callback: Callable[[Any], None], argument: Any) -> None:
        """A page that has no script of its own runs none."""
        callback(argument)

    @property
    def monotonic_us(self) -> int:
        """`performance.now()`: the time of the run, less what the page's clock has lost."""
        return self.scheduler.now_us - self._lost_us

    def alive(self) -> bool:
        """Return whether the process exists."""
        return not self.gone

    def busy(self) -> bool:
        """Return whether nothing of the page runs, not even what a frozen page does."""
        return self._stalls > 0 or self._stops > 0

    def stopped(self) -> bool:
        """Return whether the process is stopped, its media threads too."""
        return self._stops > 0

    # -- lives ------------------------------------------------------------------------------------

    def freeze(self) -> None:
        """Run only what the engine lets a frozen page run, from now on."""
        self.frozen = True
        self.plain = False

    def thaw(self) -> None:
        """Leave the frozen state.

        The caller delivers `resume` first and then calls `catch_up(after_freeze=True)`.
        """
        self.frozen = False

    def cache(self, evict: Callable[[], None]) -> None:
        """Put the page into the back/forward cache: frozen, and evicted by `evict` when a bus
        message comes.
        """
        self._evict = evict
        self.freeze()

    def uncache(self) -> None:
        """Take the page out of the cache.

        The caller delivers the event first and then calls `catch_up(after_freeze=True)`.
        """
        self._evict = None
        self.thaw()

    def stall(self) -> None:
        """Begin a long task on the main thread."""
        self._stalls += 1
        self.plain = False

    def unstall(self) -> None:
        """End the long task."""
        self._stalls -= 1
        self.catch_up()

    def stop(self) -> None:
        """Stop the process."""
        self._stops += 1
        self.plain = False

    def unstop(self) -> None:
        """Continue the process."""
        self._stops -= 1
        self.catch_up()

    def lose_time(self, lost_us: int) -> None:
        """The monotonic clock stood still for `lost_us` until now, while the machine slept; timers
        have waited with it. The caller calls `unstop` after it.
        """
        self._lost_us += lost_us

    def die(self) -> None:
        """End the page: no task runs any more."""
        self.gone = True
        self.plain = False
        self.forget_tasks()

    def forget_tasks(self) -> None:
        """Drop all queued tasks."""
        self._backlog = []
        self._aligned = []

    def hide(self, *, never_shown: bool = False) -> None:
        """Hide the page: its timers are aligned to the grid from now on."""
        self.hidden = True
        self._hidden_since_us = self.scheduler.now_us
        self._shown_once = not never_shown

    def show(self) -> None:
        """Show the page: timers that the grid has delayed are due now."""
        self.hidden = False
        self._shown_once = True
        late, self._aligned = self._aligned, []
        for timeout in late:
            self._schedule_timeout(timeout)

    def catch_up(self, *, after_freeze: bool = False) -> None:
        """Run the queued tasks in the engine's order; in a page that is still frozen, only those it
        may run.
        """
        if self.busy() or self.gone:
            return
        ranks = _AFTER_STALL_STILL_FROZEN if self.frozen else _AFTER_STALL
        if after_freeze:
            ranks = _AFTER_FREEZE_HIDDEN if self.hidden else _AFTER_FREEZE_SHOWN
        backlog = [task for task in self._backlog if not self._held_by_freeze(task[0])]
        self._backlog = [task for task in self._backlog if self._held_by_freeze(task[0])]
        backlog.sort(key=lambda task: ranks[task[0]])
        trace = self.trace
        cause = trace.cause
        for source, callback, argument, task_cause in backlog:
            if not self.alive():
                break  # an earlier task of the backlog closed the window
            trace.cause = task_cause
            if not self.plain and source not in _NOT_APP_TASKS:
                self._first_turn()
            callback(argument)
        trace.cause = cause

    def wake_us(self, at_us: int) -> int:
        """The time at which a timer for `at_us` really fires if it ends a long chain, as a driver's
        do.
        """
        if not self.hidden:
            return at_us
        return self.grid.align(at_us, self._grid_us())

    def _wake_us(self, timeout: Timeout) -> int:
        """The time at which a timer really fires.

        Intensive throttling applies to long chains only, and shorter chains of 0 ms are not
        delayed.
        """
        at_us = max(timeout.at_us + self._lost_us, self.scheduler.now_us)
        if not self.hidden or timeout.level > CHAIN_LEVELS:
            return self.wake_us(at_us)
        return at_us if timeout.immediate else self.grid.align(at_us, HIDDEN_GRID_US)

    def slow_timers(self, until_us: int) -> bool:
        """Return whether timers may wake only once a minute before `until_us`, if the page stays
        hidden.
        """
        return self.hidden and self._hidden_since_us + self._intensive_after_us() < until_us

    # -- inside -----------------------------------------------------------------------------------

    def in_call(self) -> bool:
        """Return whether a connected peer connection exempts the page from intensive throttling."""
        return False

    def _grid_us(self) -> int:
        intensive = (
            self.scheduler.now_us - self._hidden_since_us >= self._intensive_after_us()
            and not self.in_call()
        )
        return INTENSIVE_GRID_US if intensive else HIDDEN_GRID_US

    def _intensive_after_us(self) -> int:
        return INTENSIVE_AFTER_US if self._shown_once else INTENSIVE_AFTER_NEVER_SHOWN_US

    def _held_by_freeze(self, source: TaskSource) -> bool:
        """Return whether a freeze holds back tasks of this source."""
        if not self.frozen or source is TaskSource.PROCESS:
            return False
        return not (self.bus_runs_frozen and source in _RUNS_FROZEN)

    def _schedule_timeout(self, timeout: Timeout) -> None:
        wake_us = self._wake_us(timeout)
        if self.hidden:
            self._aligned = [one for one in self._aligned if one is not timeout and not one.fired]
            self._aligned.append(timeout)
        self.scheduler.at(wake_us, self._due, timeout)

    def _due(self, timeout: Timeout) -> None:
        if timeout.fired or self.gone:
            return
        if self._waits(timeout):
            self._schedule_timeout(timeout)  # set while the page was shown, or before it slept
            return
        timeout.fired = True
        self.run(TaskSource.TIMER, self._run_timeout, timeout)

    def _waits(self, timeout: Timeout) -> bool:
        """Return whether a timer that the scheduler calls is not due yet."""
        if self.hidden:
            return self._wake_us(timeout) > self.scheduler.now_us
        return timeout.at_us > self.monotonic_us

    def _run_timeout(self, timeout: Timeout) -> None:
        if timeout.at_us > self.monotonic_us:  # due in a sleep through which its clock stood still
            timeout.fired = False
            self._schedule_timeout(timeout)
            return
        self.level = timeout.level
        timeout.callback(timeout.argument)
        self.level = 0

    def _first_turn(self) -> None:
        """Record the first turn after a pause: from here on the app can know what happened
        meanwhile.
        """
        trace = self.trace
        trace.append(TurnRan(trace.n, trace.now_us, self.place, trace.cause))
        if not self.frozen:
            self.plain = True
