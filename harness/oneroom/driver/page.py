"""A page: the event loop of one window, with what browsers do to it.

It runs tasks at once while it may, keeps them while it is frozen, stalled or stopped, and loses
them when it is gone. Models (Chromium 156, seen, unless said): a frozen page still runs
BroadcastChannel handlers, those of captures that end, and nothing else; after a freeze come
messages, then overdue timers, lock grants last when shown and before the timers when hidden; after
a stall the tasks come in the order of their arrival, then overdue timers. Hidden timers wake on a
grid of 1 s that all pages share; those of long chains, set by timers that were set by timers, on a
grid of 60 s after 300 s hidden (60 s for a page that was never shown), unless the page has a peer
connection; before that, 0 ms are not held back. A page in the back/forward cache is frozen, and one
bus message throws it out. In WebKit and Firefox a suspended page runs nothing at all and is not
told (unconfirmed: WebKit's `inactiveSchedulingPolicy: suspend`).
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
# Timers that have been set by timers, so many times over, are a chain.
CHAIN_LEVELS = 6
IMMEDIATE_BELOW_US = 1_000
# HTML standard, timer initialisation steps.
CHAINED_MIN_US = 4_000

# Ranks of BUS, STORAGE, NETWORK, LOCK, TIMER, INPUT, IPC, PROCESS and DEVICE.
_AFTER_FREEZE_SHOWN = (0, 0, 0, 2, 1, 0, 0, 0, 0)
_AFTER_FREEZE_HIDDEN = (0, 0, 0, 1, 2, 0, 0, 0, 0)
_AFTER_STALL = (0, 0, 0, 0, 1, 0, 0, 0, 0)
# the process is ahead of its frozen page (assumed)
_AFTER_STALL_STILL_FROZEN = (1, 1, 1, 1, 1, 1, 1, 0, 1)
# What a frozen page of Chromium runs.
_RUNS_FROZEN = (TaskSource.BUS, TaskSource.DEVICE)
# What the app does not hear of.
_NO_TURN = (TaskSource.PROCESS, TaskSource.DEVICE)

Task = tuple[TaskSource, Callable[[Any], None], Any, int]


class Timeout(msgspec.Struct, eq=False):
    """A `setTimeout` of the page. Moving it makes a second entry of the scheduler; `rung` makes the
    later one void.
    """

    at_us: int
    callback: Callable[[Any], None]
    argument: Any
    # 1 if a task that is no timer has set it, one more than its setter's otherwise.
    level: int
    immediate: bool
    rung: bool = False


class TimerGrid:
    """The phase that all hidden pages of one browser share."""

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
    """One page. `plain` is the fast path: shown or hidden, but running, and no first turn after a
    pause due.
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
        self._stalls = 0
        self._stops = 0
        self._backlog: list[Task] = []
        self._aligned: list[Timeout] = []
        self._evict: Callable[[], None] | None = None
        # Of the timer that runs now; 0 for every other task.
        self.level = 0

    # -- the Page port, but for `deliver` ---------------------------------------------------------

    def run(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> None:
        """Run a task now, or keep it, or lose it."""
        if self.plain or self.admit(source, callback, argument):
            callback(argument)

    def admit(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> bool:
        """For a page that is not plainly running: whether the task may run now; if not, it is kept,
        or lost with the page.
        """
        if self.gone:
            return False
        if self._evict is not None and source is TaskSource.BUS:
            self._evict()
            return False
        if self.busy() or self._waits(source):
            self._backlog.append((source, callback, argument, self.trace.cause))
            return False
        if source not in _NO_TURN:
            self._first_turn()
        return True

    def after(self, delay_us: int, callback: Callable[[Any], None], argument: Any) -> None:
        """`setTimeout`."""
        level, immediate = self.level + 1, delay_us < IMMEDIATE_BELOW_US
        if level > CHAIN_LEVELS:
            delay_us = max(delay_us, CHAINED_MIN_US)
        self._schedule_timeout(
            Timeout(self.scheduler.now_us + delay_us, callback, argument, level, immediate)
        )

    def alive(self) -> bool:
        """The process exists."""
        return not self.gone

    def busy(self) -> bool:
        """Nothing of the page runs, not even what a frozen page does."""
        return self._stalls > 0 or self._stops > 0

    def stopped(self) -> bool:
        """The process stands still, its media threads too."""
        return self._stops > 0

    # -- lives ------------------------------------------------------------------------------------

    def freeze(self) -> None:
        """From now on only what the engine lets a frozen page do."""
        self.frozen = True
        self.plain = False

    def thaw(self) -> None:
        """Run again. The caller delivers `resume` first and then calls
        `catch_up(after_freeze=True)`.
        """
        self.frozen = False

    def cache(self, evict: Callable[[], None]) -> None:
        """The page goes into the back/forward cache: frozen, and thrown out by `evict` when a bus
        message comes.
        """
        self._evict = evict
        self.freeze()

    def uncache(self) -> None:
        """It comes back. The caller tells it so first and then calls
        `catch_up(after_freeze=True)`.
        """
        self._evict = None
        self.thaw()

    def stall(self) -> None:
        """The main thread is busy."""
        self._stalls += 1
        self.plain = False

    def unstall(self) -> None:
        """The long task is over."""
        self._stalls -= 1
        self.catch_up()

    def stop(self) -> None:
        """The process is stopped."""
        self._stops += 1
        self.plain = False

    def unstop(self) -> None:
        """The process continues."""
        self._stops -= 1
        self.catch_up()

    def die(self) -> None:
        """No task will run any more."""
        self.gone = True
        self.plain = False
        self.forget_tasks()

    def forget_tasks(self) -> None:
        """Drop the kept tasks; they never run."""
        self._backlog = []
        self._aligned = []

    def hide(self, *, never_shown: bool = False) -> None:
        """The page is hidden: its timers are aligned from now on."""
        self.hidden = True
        self._hidden_since_us = self.scheduler.now_us
        self._shown_once = not never_shown

    def show(self) -> None:
        """The page is visible: what the grid has held back is due now."""
        self.hidden = False
        self._shown_once = True
        late, self._aligned = self._aligned, []
        for timeout in late:
            self._schedule_timeout(timeout)

    def catch_up(self, *, after_freeze: bool = False) -> None:
        """Run what was kept, in the engine's order: of a page that is still frozen, what a frozen
        page runs.
        """
        if self.busy() or self.gone:
            return
        ranks = _AFTER_STALL_STILL_FROZEN if self.frozen else _AFTER_STALL
        if after_freeze:
            ranks = _AFTER_FREEZE_HIDDEN if self.hidden else _AFTER_FREEZE_SHOWN
        backlog = [task for task in self._backlog if not self._waits(task[0])]
        self._backlog = [task for task in self._backlog if self._waits(task[0])]
        backlog.sort(key=lambda task: ranks[task[0]])
        trace = self.trace
        cause = trace.cause
        for source, callback, argument, task_cause in backlog:
            if not self.alive():
                break  # an earlier task of the backlog closed the window
            trace.cause = task_cause
            if not self.plain and source not in _NO_TURN:
                self._first_turn()
            callback(argument)
        trace.cause = cause

    def wake_us(self, at_us: int) -> int:
        """The time at which a timer for `at_us` fires in a long chain, such as a driver's."""
        if not self.hidden:
            return at_us
        return self.grid.align(at_us, self._grid_us())

    def _wake_us(self, timeout: Timeout) -> int:
        """The time at which a timer fires: only long chains are throttled hard, and never 0 ms."""
        at_us = max(timeout.at_us, self.scheduler.now_us)
        if not self.hidden or timeout.level > CHAIN_LEVELS:
            return self.wake_us(at_us)
        return at_us if timeout.immediate else self.grid.align(at_us, HIDDEN_GRID_US)

    def slow_timers(self, until_us: int) -> bool:
        """True if timers may wake only once a minute before `until_us` while it is hidden."""
        return self.hidden and self._hidden_since_us + self._patience_us() < until_us

    # -- inside -----------------------------------------------------------------------------------

    def in_call(self) -> bool:
        """True if a peer connection is connected: then timers are not throttled intensively."""
        return False

    def _grid_us(self) -> int:
        intensive = (
            self.scheduler.now_us - self._hidden_since_us >= self._patience_us()
            and not self.in_call()
        )
        return INTENSIVE_GRID_US if intensive else HIDDEN_GRID_US

    def _patience_us(self) -> int:
        return INTENSIVE_AFTER_US if self._shown_once else INTENSIVE_AFTER_NEVER_SHOWN_US

    def _waits(self, source: TaskSource) -> bool:
        """True if a freeze keeps such tasks."""
        if not self.frozen or source is TaskSource.PROCESS:
            return False
        return not (self.bus_runs_frozen and source in _RUNS_FROZEN)

    def _schedule_timeout(self, timeout: Timeout) -> None:
        wake_us = self._wake_us(timeout)
        if self.hidden:
            self._aligned = [one for one in self._aligned if one is not timeout and not one.rung]
            self._aligned.append(timeout)
        self.scheduler.at(wake_us, self._due, timeout)

    def _due(self, timeout: Timeout) -> None:
        if timeout.rung or self.gone:
            return
        if self.hidden and self._wake_us(timeout) > self.scheduler.now_us:
            self._schedule_timeout(timeout)  # set while the page was shown
            return
        timeout.rung = True
        self.run(TaskSource.TIMER, self._ring_timeout, timeout)

    def _ring_timeout(self, timeout: Timeout) -> None:
        self.level = timeout.level
        timeout.callback(timeout.argument)
        self.level = 0

    def _first_turn(self) -> None:
        """A turn of a page that was not plainly running is told to the trace: nothing it does now
        is "it could not know".
        """
        trace = self.trace
        trace.append(TurnRan(trace.n, trace.now_us, self.place, trace.cause))
        if not self.frozen:
            self.plain = True
