"""A page: the event loop of one window, with what browsers do to it.

It runs tasks at once while it may, queues them while it is frozen, stalled or stopped, and drops
them once it is gone. Models (observed in Chromium 156 unless noted): a frozen page still runs
BroadcastChannel handlers and the handlers of captures that end, and nothing else. The end of a
freeze closes its WebSockets, and what they have received meanwhile is lost; what it asks by `fetch`
is sent then. After a freeze come messages, the `close` events of WebSockets, answers to `fetch` in
any order, then overdue timers, with lock grants last when shown and before the timers when hidden;
after a stall the tasks run in the order of their arrival, then overdue timers. Hidden
timers wake on a grid of 1 s that all pages share; those of long chains (timers set by timers) on a
grid of 60 s after 300 s hidden (60 s for a page that was never shown), unless the page has a peer
connection; before that, timers of 0 ms are not delayed. A page in the back/forward cache is frozen,
and one bus message evicts it. In WebKit and Firefox a suspended page runs nothing at all and gets
no event about it (unconfirmed: WebKit's `inactiveSchedulingPolicy: suspend`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.driver.page_timer import UNARMED, PageTimer, ringing_order
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

# Task sources that a frozen page of Chromium runs.
_RUNS_FROZEN = (TaskSource.BUS, TaskSource.DEVICE)
# Task sources that the app gets no event of.
_NOT_APP_TASKS = (TaskSource.PROCESS, TaskSource.DEVICE)

Task = tuple[TaskSource, Callable[[Any], None], Any, int]


class TimerGrid:
    """The wake-up phase that all hidden pages of one browser share: that of the minute is anywhere
    in it, and that of the second follows.
    """

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self._phase_us = -1

    def align(self, at_us: int, grid_us: int) -> int:
        """The first wake-up at or after `at_us`."""
        if self._phase_us < 0:
            self._phase_us = self.choices.draw(Label.PHASE, INTENSIVE_GRID_US)
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
        self.hidden_since_us = 0
        self._shown_once = True
        self._lost_us = 0
        self._stalls = 0
        self._stops = 0
        self._backlog: list[Task] = []
        self._sockets: list[tuple[Callable[[Any], None], Any]] = []
        self._closing: list[tuple[Callable[[Any], None], Any]] = []
        self._own_tasks: deque[Task] = deque()
        # Those that are set; one that was unset stays until its entry comes.
        self._timers: list[PageTimer] = []
        self._timer_number = count(1).__next__
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

        A task that may not run is queued, or dropped if the page is gone, or if it is a message of
        a WebSocket that the end of the freeze closes.
        """
        if self.gone:
            return False
        if self._evict is not None and source is TaskSource.BUS:
            self._evict()
            return False
        if self.busy() or self._held_by_freeze(source):
            if not (source is TaskSource.SOCKET and self.frozen and self.bus_runs_frozen):
                self._backlog.append((source, callback, argument, self.trace.cause))
            return False
        if source not in _NOT_APP_TASKS:
            self._first_turn()
        return True

    def after(self, delay_us: int, callback: Callable[[Any], None], argument: Any) -> PageTimer:
        """`setTimeout`."""
        return self._add_timer(PageTimer(callback, argument), delay_us)

    def soon(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> None:
        """Queue a task that the page sends to itself, behind those that it has sent before: a
        MessagePort's, a timer of 0 ms.
        """
        self._own_tasks.append((source, callback, argument, self.trace.cause))
        self.scheduler.at(self.scheduler.now_us, self._next_own_task, None)

    def _next_own_task(self, _: None) -> None:
        source, callback, argument, self.trace.cause = self._own_tasks.popleft()
        self.run(source, callback, argument)

    def every(self, interval_us: int, callback: Callable[[Any], None], argument: Any) -> PageTimer:
        """`setInterval`: it keeps its phase, and never rings twice for what it has missed."""
        return self._add_timer(PageTimer(callback, argument, interval_us=interval_us), interval_us)

    def clear(self, timer: PageTimer) -> None:
        """`clearTimeout`, `clearInterval`: it does not ring any more."""
        timer.deadline_us = timer.wake_us = UNARMED
        if timer in self._timers:
            self._timers.remove(timer)

    def microtask(self, callback: Callable[[Any], None], argument: Any) -> None:
        """A page that has no script of its own runs none."""
        callback(argument)

    def open_socket(self, closed: Callable[[Any], None], argument: Any) -> None:
        """See the port."""
        self._sockets.append((closed, argument))

    def forget_socket(self, closed: Callable[[Any], None], argument: Any) -> None:
        """See the port."""
        for sockets in (self._sockets, self._closing):
            if (closed, argument) in sockets:
                sockets.remove((closed, argument))

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
        if self.bus_runs_frozen:
            self._closing += self._sockets
            self._sockets = []

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
        for timer in self._timers:
            if timer.deadline_us != UNARMED:
                timer.deadline_us += lost_us

    def die(self) -> None:
        """End the page: no task runs any more."""
        self.gone = True
        self.plain = False
        self.forget_tasks()

    def forget_tasks(self) -> None:
        """Drop all queued tasks."""
        self._backlog = []
        self._sockets = []
        self._closing = []
        self._timers.clear()

    def hide(self, *, never_shown: bool = False) -> None:
        """Hide the page: its timers are aligned to the grid from now on."""
        self.hidden = True
        self.hidden_since_us = self.scheduler.now_us
        self._shown_once = not never_shown
        self.reschedule()

    def show(self) -> None:
        """Show the page: timers that the grid has delayed are due now."""
        self.hidden = False
        self._shown_once = True
        self.reschedule()

    def catch_up(self, *, after_freeze: bool = False) -> None:
        """Run the queued tasks in the engine's order; in a page that is still frozen, only those it
        may run.
        """
        if self.busy() or self.gone:
            return
        queued, self._backlog = self._backlog, []
        tasks: list[Task] = []
        answers: list[Task] = []
        grants: list[Task] = []
        for task in queued:
            if self._held_by_freeze(task[0]):
                self._backlog.append(task)
            elif after_freeze and task[0] is TaskSource.LOCK:
                grants.append(task)
            elif after_freeze and task[0] is TaskSource.FETCH:
                answers.append(task)
            else:
                tasks.append(task)
        if self.frozen:
            tasks.sort(key=lambda task: task[0] is not TaskSource.PROCESS)
        else:
            tasks += self._close_sockets()
        self._run_tasks(tasks + self._shuffled(answers) + (grants if self.hidden else []))
        if not self.frozen:
            self._ring_due_timers()
        if not self.hidden:
            self._run_tasks(grants)

    def _close_sockets(self) -> list[Task]:
        """The `close` events of all WebSockets that the page had when its freeze ended."""
        sockets, self._closing = self._closing, []
        cause = self.trace.cause
        return [(TaskSource.SOCKET, closed, argument, cause) for closed, argument in sockets]

    def _shuffled(self, tasks: list[Task]) -> list[Task]:
        """Tasks that come in any order."""
        draw = self.grid.choices.draw
        order = []
        while len(tasks) > 1:
            order.append(tasks.pop(draw(Label.FETCH_ORDER, len(tasks))))
        return order + tasks

    def _run_tasks(self, tasks: list[Task]) -> None:
        trace = self.trace
        cause = trace.cause
        for source, callback, argument, task_cause in tasks:
            if not self.alive():
                break  # an earlier task closed the window
            trace.cause = task_cause
            if not self.plain and source not in _NOT_APP_TASKS:
                self._first_turn()
            callback(argument)
        trace.cause = cause

    def slow_timers(self, until_us: int) -> bool:
        """Return whether timers may wake only once a minute before `until_us`, if the page stays
        hidden.
        """
        return self.hidden and self.hidden_since_us + self._intensive_after_us() < until_us

    # -- timers -----------------------------------------------------------------------------------

    def set_timer(self, timer: PageTimer, deadline_us: int) -> None:
        """Set a timer of the page anew, as part of the running task."""
        timer.deadline_us = deadline_us
        timer.number = self._timer_number()
        timer.level = self.level + 1
        timer.immediate = deadline_us - self.scheduler.now_us < IMMEDIATE_BELOW_US
        if timer not in self._timers:
            self._timers.append(timer)

    def schedule(self, timer: PageTimer) -> None:
        """Schedule the entry of a timer that is set; it voids an earlier one."""
        at_us, scheduler = timer.deadline_us, self.scheduler
        if at_us < scheduler.now_us:
            at_us = scheduler.now_us
        if self.hidden:
            at_us = self.align(at_us, timer)
        if at_us != timer.wake_us:
            timer.wake_us = at_us
            timer.cause = self.trace.cause
            scheduler.at(at_us, self.timer_due, timer)

    def align(self, at_us: int, timer: PageTimer) -> int:
        """The first time from `at_us` on at which a timer of the hidden page rings.

        Intensive throttling applies to long chains only, and shorter chains of 0 ms are not
        delayed.
        """
        if timer.level > CHAIN_LEVELS:
            return self.grid.align(at_us, self._grid_us())
        return at_us if timer.immediate else self.grid.align(at_us, HIDDEN_GRID_US)

    def reschedule(self) -> None:
        """Schedule all timers again: the page was hidden or shown, or its throttling has
        changed.
        """
        for timer in self._timers:
            if timer.wake_us != UNARMED and timer.deadline_us != UNARMED:
                self.schedule(timer)

    def _add_timer(self, timer: PageTimer, delay_us: int) -> PageTimer:
        if self.level >= CHAIN_LEVELS:
            delay_us = max(delay_us, CHAINED_MIN_US)
        self.set_timer(timer, self.scheduler.now_us + delay_us)
        if timer.immediate and timer.level <= CHAIN_LEVELS:
            self.soon(TaskSource.TIMER, self._ring_queued, timer)
        else:
            self.schedule(timer)
        return timer

    def timer_due(self, timer: PageTimer) -> None:
        """Handle the scheduler entry of a timer."""
        now_us = self.scheduler.now_us
        if not UNARMED != timer.wake_us <= now_us:
            return  # a later entry has this timer now
        if not self.plain and self._keep_overdue(timer):
            return
        if len(self._timers) > 1:
            for other in self._timers:
                if UNARMED != other.wake_us <= now_us and other is not timer:
                    self._ring_due_timers()
                    return
        self._ring_now(timer)

    def _keep_overdue(self, timer: PageTimer) -> bool:
        """Return whether a timer whose entry has come waits until the page runs again; one of 0 ms
        waits among its queued tasks.
        """
        if self.gone:
            return True
        if not self.frozen and not self.busy():
            return False
        if timer.immediate and timer.level <= CHAIN_LEVELS:
            self._backlog.append((TaskSource.TIMER, self._ring_queued, timer, self.trace.cause))
            timer.wake_us = UNARMED
        return True

    def _ring_queued(self, timer: PageTimer) -> None:
        """Ring a timer of 0 ms in its place among the queued tasks, unless it was unset or set anew
        meanwhile.
        """
        if timer.wake_us == UNARMED and timer.deadline_us != UNARMED:
            self._ring(timer)

    def _ring_now(self, timer: PageTimer) -> None:
        now_us = self.scheduler.now_us
        if timer.deadline_us == UNARMED:
            timer.wake_us = UNARMED
            self._timers.remove(timer)
            return
        if timer.put_off is not None:
            timer.put_off(timer)
        if timer.deadline_us > now_us or (self.hidden and self.align(now_us, timer) > now_us):
            # put off, or throttled more, since this entry was made
            self.schedule(timer)
        else:
            if not self.plain:
                self._first_turn()
            self._ring(timer)

    def _ring(self, timer: PageTimer) -> None:
        """Run the task of a timer."""
        timer.wake_us = UNARMED
        self.level = timer.level
        if timer.interval_us:
            late_us = self.scheduler.now_us - timer.deadline_us
            missed_us = late_us - late_us % timer.interval_us
            self.set_timer(timer, timer.deadline_us + missed_us + timer.interval_us)
            self.schedule(timer)
        else:
            timer.deadline_us = UNARMED
            self._timers.remove(timer)
        timer.ring(timer.argument)
        self.level = 0

    def _ring_due_timers(self) -> None:
        """Ring all timers whose entries have come, in their order; those of a hidden page wait for
        its next wake-up.
        """
        trace, now_us = self.trace, self.scheduler.now_us
        cause = trace.cause
        due = [timer for timer in self._timers if UNARMED != timer.wake_us <= now_us]
        for timer in sorted(due, key=ringing_order):
            if self.gone or self.frozen or self.busy():
                break
            if UNARMED != timer.wake_us <= now_us:  # no earlier one has unset it
                trace.cause = timer.cause
                self._ring_now(timer)
        trace.cause = cause

    # -- inside -----------------------------------------------------------------------------------

    def in_call(self) -> bool:
        """Return whether a connected peer connection exempts the page from intensive throttling."""
        return False

    def _grid_us(self) -> int:
        intensive = (
            self.scheduler.now_us - self.hidden_since_us >= self._intensive_after_us()
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

    def _first_turn(self) -> None:
        """Record the first turn after a pause: from here on the app can know what happened
        meanwhile.
        """
        trace = self.trace
        trace.append(TurnRan(trace.n, trace.now_us, self.place, trace.cause))
        if not self.frozen:
            self.plain = True
