"""A window in which the owner machine runs: the driver of one `Coordinator`.

The driver's duties: before every turn, compare the lease record in storage and deliver it first if
it changed; hand over the event; perform the actions in order. Virtual and real time use the same
code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from oneroom.core.actions import (
    Action,
    Arm,
    Became,
    CloseRoom,
    CommandApplied,
    CommandIssued,
    CommandResolved,
    Disarm,
    MintToken,
    OpenRoom,
    Post,
    Publish,
    QueryLock,
    ReadTerm,
    ReleaseLock,
    Rendered,
    RequestLock,
    SetMuted,
    TakeTerm,
    Unpublish,
    UserNotice,
    WriteLease,
)
from oneroom.core.events import (
    AttentionChanged,
    DevicesChanged,
    Event,
    Froze,
    ItemChanged,
    LeaseSeen,
    Offline,
    Online,
    PageHide,
    Received,
    Resumed,
    RoomEvent,
    Started,
    Timer,
    TimerFired,
    UserCommand,
    UserGesture,
)
from oneroom.core.messages import PolicyMessage
from oneroom.core.platform import Platform
from oneroom.driver.machines import OwnerMachine
from oneroom.driver.page import TimerGrid
from oneroom.driver.page_timer import UNARMED, PageTimer
from oneroom.driver.recorder import KINDS
from oneroom.driver.script import VERBS
from oneroom.driver.skewed_clock import SkewedClock
from oneroom.driver.window import Window
from oneroom.policies.users_code import wrong_value
from oneroom.ports.bus import Bus
from oneroom.ports.locks import Locks
from oneroom.ports.observer import Loss
from oneroom.ports.page import TaskSource
from oneroom.ports.page_event import LEAVES, PageEvent
from oneroom.ports.room import Room
from oneroom.ports.scheduler import Scheduler
from oneroom.ports.storage import Storage
from oneroom.ports.terms import Terms
from oneroom.ports.tokens import Tokens
from oneroom.trace import records
from oneroom.trace.records import (
    MessageDelivered,
    MessagePosted,
    PolicyMessagePosted,
    PolicyTimerRan,
    TimerRan,
)
from oneroom.trace.trace import Trace

_FIRED: dict[Timer | str, TimerFired] = {timer: TimerFired(timer) for timer in Timer}

# The events of its page that the app listens to, as core has them. Of a document that goes or
# comes back it listens to `pagehide` and `pageshow` alone.
_EVENTS: dict[PageEvent, Event] = {
    PageEvent.FREEZE: Froze(),
    PageEvent.RESUME: Resumed(),
    PageEvent.ONLINE: Online(),
    PageEvent.OFFLINE: Offline(),
    PageEvent.DEVICECHANGE: DevicesChanged(),
}


class WindowPorts(msgspec.Struct):
    """The ports that a window is plugged into; `platform` is what its policy may use at once."""

    bus: Bus
    locks: Locks
    storage: Storage
    terms: Terms
    tokens: Tokens
    room: Room
    platform: Platform


class CoordinatorWindow(Window):
    """One window of the app. Whoever makes it calls `plug_in` once, right after construction."""

    ports: WindowPorts
    _storage: Storage

    def __init__(
        self,
        scheduler: Scheduler,
        trace: Trace,
        grid: TimerGrid,
        name: str,
        coordinator: OwnerMachine,
        *,
        bus_runs_frozen: bool,
    ) -> None:
        super().__init__(scheduler, trace, grid, name, bus_runs_frozen=bus_runs_frozen)
        self.coordinator = coordinator
        self._machine: Callable[[Event, int], list[Action]] = coordinator.handle
        self._skew_us = 0
        self._lease = coordinator.last_lease
        self._log_delivery = trace.writer(MessageDelivered)
        self._log_timer = trace.writer(TimerRan)
        self._in_turn = False
        self._deferred_events: list[Event] = []
        self._microtasks: list[tuple[Callable[[Any], None], Any]] = []
        # The coordinator's timers, by name: a policy adds its own.
        self._alarms: dict[Timer | str, PageTimer] = {}
        self.instance_id = coordinator.config.instance_id

    def plug_in(self, ports: WindowPorts) -> None:
        """Connect the window with the world."""
        self.ports = ports
        self._storage = ports.storage
        self.coordinator.policy.platform = ports.platform

    def unplug(self) -> None:
        """See the window."""
        super().unplug()
        self._alarms.clear()
        self.coordinator.policy.platform = Platform()
        del self.ports, self._storage

    def wrong_value(self) -> str:
        """See the window."""
        return wrong_value(self.coordinator.policy)

    # -- the clock that the coordinator reads: the wall clock, or the monotonic one ---------------

    @property
    def _reads_wall_clock(self) -> bool:
        return self.coordinator.policy.clock == "wall"

    def set_wall_clock(self, wall_us: int) -> None:
        """See the window."""
        if self._reads_wall_clock:
            self._shift_clock(wall_us)

    def step_wall_clock(self, by_us: int) -> None:
        """See the window. A coordinator that reads the monotonic clock finds out in its next
        turn.
        """
        if self._reads_wall_clock:
            t = self.trace
            t.act_on(records.ClockStepped(t.n, t.now_us, self.place, t.cause, by_us))
            self._shift_clock(by_us)
        else:
            self._skewed_clock().jumped_us += by_us

    def lose_time(self, lost_us: int) -> None:
        """See the page."""
        super().lose_time(lost_us)
        if not self._reads_wall_clock:
            self._shift_clock(-lost_us)
            self._skewed_clock().jumped_us += lost_us

    def _shift_clock(self, by_us: int) -> None:
        """Move the clock. Timers keep their durations, as `setTimeout` does."""
        self._skew_us += by_us
        self._skewed_clock().skew_us = self._skew_us

    def _skewed_clock(self) -> SkewedClock:
        if not isinstance(self._machine, SkewedClock):
            self._machine = SkewedClock(self.coordinator.handle)
        return self._machine

    # -- events in --------------------------------------------------------------------------------

    def begin(self) -> None:
        """See the window."""
        self.turn(Started())

    def fire(self, event: PageEvent) -> None:
        """See the window."""
        if event in _EVENTS:
            super().fire(event)

    def dispatch(self, event: PageEvent) -> None:
        """See the window."""
        self._task(_EVENTS[event])

    def attend(self, *, focused: bool) -> None:
        """See the window."""
        self.deliver(TaskSource.INPUT, AttentionChanged(not self.hidden, focused))

    def leave(self, events: Sequence[PageEvent]) -> None:
        """See the window."""
        if not LEAVES.isdisjoint(events):
            self.turn(PageHide())

    def restore(self, events: Sequence[PageEvent]) -> None:
        """See the window."""
        self.drawing.forget()
        self.deliver(TaskSource.INPUT, Started())

    def act(self, action: str, channel: str) -> None:
        """See the window. Every click is also fresh user activation."""
        self.deliver(TaskSource.INPUT, UserGesture())
        verb = VERBS.get(action)
        if verb is not None:
            self.deliver(TaskSource.INPUT, UserCommand(verb, channel))

    def deliver(self, source: TaskSource, event: Event) -> None:
        """Run a task of the page that hands `event` to the coordinator."""
        self.run(source, self._task, event)

    def hear(self, received: Received) -> None:
        """Handle a bus message that arrived."""
        trace = self.trace
        if self.plain or self.admit(TaskSource.BUS, self.hear, received):
            n = trace.n
            kind = KINDS[type(received.message)]
            self._log_delivery(MessageDelivered(n, trace.now_us, self.place, trace.cause, kind))
            trace.n = n + 1
            trace.cause = n
            if self._storage.lease is not self._lease:
                self.turn(received)
                return
            actions = self._machine(received, trace.now_us)
            if actions:
                self._act(actions)
        elif self.gone:
            trace.append(
                records.MessageLost(trace.n, trace.now_us, self.place, trace.cause, Loss.GONE)
            )

    def microtask(self, callback: Callable[[Any], None], argument: Any) -> None:
        """See the port: a turn is a script."""
        if self._in_turn:
            self._microtasks.append((callback, argument))
        else:
            callback(argument)

    def _task(self, event: Event) -> None:
        if self._in_turn and self._defer(event):
            return
        if type(event) is LeaseSeen:
            if event.lease.term <= self._storage.lease.term:
                # the event may be older than the record in storage, which every turn reads anyway
                self._read_lease()
                self._act([])
                return
        elif isinstance(event, RoomEvent):
            self.room_reported(event)
        elif type(event) is ItemChanged:
            self._item_heard(event)
        elif type(event) is DevicesChanged:
            t = self.trace
            t.act_on(records.DevicesHeard(t.n, t.now_us, self.place, t.cause))
        self.turn(event)

    def _defer(self, event: Event) -> bool:
        """Defer an event that the SDK reports while actions are performed (`mute()` emits at once).

        It waits until all actions of the turn are performed: a turn is atomic. Returns True if
        deferred.
        """
        self._deferred_events.append(event)
        return True

    def turn(self, event: Event) -> None:
        """Run one turn of the coordinator: the lease record first, then the event, then its
        actions.
        """
        if self._storage.lease is not self._lease:
            self._read_lease()
        self._act(self._machine(event, self.scheduler.now_us))

    def _read_lease(self) -> None:
        """Deliver the lease record in storage if it changed, so that a turn never acts on an older
        one.
        """
        lease = self._storage.lease
        if lease is not self._lease:
            self._lease = lease
            self._in_turn = True
            for action in self._machine(LeaseSeen(lease), self.scheduler.now_us):
                _PERFORMERS[type(action)](self, action)

    def _act(self, actions: list[Action]) -> None:
        """Perform the actions of a turn and its microtasks, then handle the deferred events."""
        self._in_turn = True
        for action in actions:
            _PERFORMERS[type(action)](self, action)
        self._in_turn = False
        if self._microtasks:
            microtasks, self._microtasks = self._microtasks, []
            for callback, argument in microtasks:
                callback(argument)
        while self._deferred_events:
            self._task(self._deferred_events.pop(0))

    # -- the bus and storage ----------------------------------------------------------------------

    def _post(self, action: Post) -> None:
        trace, message = self.trace, action.message
        cause, n = trace.cause, trace.n
        if isinstance(message, PolicyMessage):
            name = trace.intern(message.name)
            trace.append(
                PolicyMessagePosted(
                    n, trace.now_us, self.place, cause, name, message.term, message.seq
                )
            )
        else:
            kind, number = KINDS[type(message)], message.number
            trace.append(
                MessagePosted(
                    n, trace.now_us, self.place, cause, kind, message.term, message.seq, number
                )
            )
        trace.cause = n
        self.ports.bus.post(message)
        trace.cause = cause

    def _write_lease(self, action: WriteLease) -> None:
        self._lease = action.lease  # its own record is not news to the coordinator
        self._storage.write(action.lease)

    def _item_heard(self, event: ItemChanged) -> None:
        t = self.trace
        what = t.intern(event.key), t.intern(event.value[: records.STORED_CHARACTERS])
        t.act_on(records.StorageHeard(t.n, t.now_us, self.place, t.cause, *what))

    # -- timers -----------------------------------------------------------------------------------

    def _arm(self, action: Arm) -> None:
        at_us = action.at_us - self._skew_us
        alarm = self._alarms.get(action.timer) or self._add_alarm(action.timer)
        self.set_timer(alarm, at_us)
        if alarm.wake_us == UNARMED or alarm.wake_us > at_us:
            self.schedule(alarm)

    def _disarm(self, action: Disarm) -> None:
        if action.timer in self._alarms:
            self._alarms[action.timer].deadline_us = UNARMED

    def _add_alarm(self, timer: Timer | str) -> PageTimer:
        fired = _FIRED.get(timer) or TimerFired(timer)
        alarm = self._alarms[timer] = PageTimer(self._run_alarm, fired)
        if timer is Timer.WATCH:
            alarm.put_off = self._put_off_watch
        return alarm

    def _put_off_watch(self, watch: PageTimer) -> None:
        """The coordinator puts its watch timer off without an action, at every sign of life: its
        app would set it again in the handler of that message.
        """
        later_us = self.coordinator.watch_us() - self._skew_us
        if later_us > watch.deadline_us:
            watch.level = 1
            watch.deadline_us = later_us

    def _run_alarm(self, fired: TimerFired) -> None:
        timer, trace = fired.timer, self.trace
        n = trace.n
        if isinstance(timer, str):
            name = trace.intern(timer)
            trace.append(PolicyTimerRan(n, trace.now_us, self.place, trace.cause, name))
        else:
            self._log_timer(TimerRan(n, trace.now_us, self.place, trace.cause, timer))
        trace.n = n + 1
        trace.cause = n
        if self._storage.lease is not self._lease:
            self._read_lease()
        self._act(self._machine(fired, self.scheduler.now_us))

    # -- the Room ---------------------------------------------------------------------------------

    def current_epoch(self) -> int:
        """See the window."""
        return self.coordinator.epoch()

    def _open_room(self, action: OpenRoom) -> None:
        self.room_opens(action.epoch, action.term)
        self.ports.room.open(action.epoch, action.channel, action.token)

    def _close_room(self, action: CloseRoom) -> None:
        self.room_closes(action.epoch)
        self.ports.room.close(action.epoch)

    # -- records -----------------------------------------------------------------------------------

    def _became(self, action: Became) -> None:
        t = self.trace
        base = (action.base_term, action.base_number)
        t.act_on(
            records.RoleChanged(t.n, t.now_us, self.place, t.cause, action.role, action.term, *base)
        )

    def _command_issued(self, action: CommandIssued) -> None:
        t = self.trace
        t.act_on(
            records.CommandIssued(
                t.n, t.now_us, self.place, t.cause, action.number, action.verb, action.value
            )
        )

    def _command_applied(self, action: CommandApplied) -> None:
        t = self.trace
        issuer = t.intern(action.instance_id)
        what = (
            issuer,
            action.number,
            action.verb,
            action.value,
            action.term,
            action.snapshot_number,
        )
        t.act_on(records.CommandApplied(t.n, t.now_us, self.place, t.cause, *what))

    def _command_resolved(self, action: CommandResolved) -> None:
        t = self.trace
        t.append(
            records.CommandResolved(
                t.n, t.now_us, self.place, t.cause, action.number, action.outcome
            )
        )

    def _rendered(self, action: Rendered) -> None:
        self.drawing.draw(action)

    def _user_notified(self, action: UserNotice) -> None:
        t = self.trace
        t.append(records.UserNotified(t.n, t.now_us, self.place, t.cause, t.intern(action.text)))


# Unbound on purpose: a table of bound methods in each window would be a reference cycle for each
# window of each run.
_PERFORMERS: dict[type[Action], Callable[[CoordinatorWindow, Any], None]] = {
    Post: CoordinatorWindow._post,
    Arm: CoordinatorWindow._arm,
    Disarm: CoordinatorWindow._disarm,
    RequestLock: lambda window, action: window.ports.locks.request(
        action.name, action.steal, action.if_available, action.shared
    ),
    ReleaseLock: lambda window, action: window.ports.locks.release(action.name),
    QueryLock: lambda window, action: window.ports.locks.query(action.number),
    TakeTerm: lambda window, action: window.ports.terms.take(action.number, action.after),
    ReadTerm: lambda window, action: window.ports.terms.read(action.number),
    WriteLease: CoordinatorWindow._write_lease,
    MintToken: lambda window, action: window.ports.tokens.mint(action.epoch, action.channel),
    OpenRoom: CoordinatorWindow._open_room,
    CloseRoom: CoordinatorWindow._close_room,
    Publish: lambda window, action: window.ports.room.publish(
        action.epoch, action.source, action.muted
    ),
    Unpublish: lambda window, action: window.ports.room.unpublish(action.epoch, action.source),
    SetMuted: lambda window, action: window.ports.room.set_muted(action.epoch, action.muted),
    Became: CoordinatorWindow._became,
    CommandIssued: CoordinatorWindow._command_issued,
    CommandApplied: CoordinatorWindow._command_applied,
    CommandResolved: CoordinatorWindow._command_resolved,
    Rendered: CoordinatorWindow._rendered,
    UserNotice: CoordinatorWindow._user_notified,
}
