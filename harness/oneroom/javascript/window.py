"""A window in which the app's own JavaScript runs: the driver of one `Runtime`.

The driver's duties: hand over what happens as turns, with localStorage as it is by then; perform
the ops of a turn in order, after it; keep back what the world reports while they are performed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from oneroom.core.events import Event, RoomConnected, RoomEvent, RoomLost
from oneroom.core.state import Source
from oneroom.driver.page import TimerGrid
from oneroom.driver.page_timer import PageTimer
from oneroom.driver.script import VERBS
from oneroom.driver.window import Window
from oneroom.javascript import protocol
from oneroom.javascript.annotations import COMMANDS, Annotations
from oneroom.javascript.inferred_commands import InferredCommands
from oneroom.javascript.protocol import Op, Ops
from oneroom.javascript.room_turns import room_turn
from oneroom.javascript.runtime import Runtime
from oneroom.javascript.script_error import RuntimeLost, ScriptError
from oneroom.javascript.window_ports import JavaScriptPorts
from oneroom.ports.observer import Loss
from oneroom.ports.page import TaskSource
from oneroom.ports.page_event import PageEvent
from oneroom.ports.scheduler import Scheduler
from oneroom.trace.app_records import (
    TASK,
    TEXT_CHARACTERS,
    ActionCalled,
    AppFailed,
    AppTimerRan,
    ConsoleWritten,
)
from oneroom.trace.records import MessageDelivered, MessageKind, MessageLost, MessagePosted
from oneroom.trace.trace import Trace

_MILLISECOND_US = 1_000
# What page/actions.js says of a click that the app does not know.
NO_ACTION = "the app has registered no such action"

_APP = MessageKind.APP
# What the surface is told of the events of a page, and whether the page is persisted.
_LIFECYCLE: dict[PageEvent, tuple[str, bool]] = {
    **{event: (event.value, False) for event in PageEvent},
    PageEvent.VISIBLE: ("visible", False),
    PageEvent.HIDDEN: ("hidden", False),
    PageEvent.PAGESHOW_PERSISTED: ("pageshow", True),
    PageEvent.PAGEHIDE_PERSISTED: ("pagehide", True),
}

# Opens the runtime of a document, at that time and with that boot.
OpenRuntime = Callable[[int, str], Runtime]
_Turn = tuple[str, float | str | None, float | str | None, float | str | None]


class JavaScriptWindow(Window):
    """One window of the app. Whoever makes it calls `plug_in` once, right after construction.

    `boot` is what its document knows from the start, but for what `begin` adds; `end_process` is
    called with the reason when its process cannot go on.
    """

    ports: JavaScriptPorts

    def __init__(
        self,
        scheduler: Scheduler,
        trace: Trace,
        grid: TimerGrid,
        name: str,
        open_runtime: OpenRuntime,
        boot: dict[str, object],
        end_process: Callable[[], None],
        commands: InferredCommands,
        *,
        bus_runs_frozen: bool,
    ) -> None:
        super().__init__(scheduler, trace, grid, name, bus_runs_frozen=bus_runs_frozen)
        self.annotations = Annotations(trace, self.place, self.drawing)
        self._open_runtime = open_runtime
        self._boot = boot
        self._end_process = end_process
        self._commands = commands
        self._click = ("", "")  # the action and channel of a click whose turn is under way
        self._runtime: Runtime | None = None
        self._wall_us = 0
        self._performing = False
        self._deferred: list[_Turn] = []
        self._changed_items: list[tuple[str | None, str | None]] = []
        self._alarms: dict[int, PageTimer] = {}
        self._later: Ops = []  # ops of a busy task, from where it was busy

    def plug_in(self, ports: JavaScriptPorts) -> None:
        """Connect the window with the world."""
        self.ports = ports

    def unplug(self) -> None:
        """See the window."""
        super().unplug()
        self._close()
        del self.ports

    def die(self) -> None:
        """See the page."""
        super().die()
        self.ports.databases.gone()
        self.ports.tauri.gone()
        self.ports.sockets.gone()
        self.ports.relatives.gone()
        self._close()

    def _close(self) -> None:
        self._alarms.clear()
        if self._runtime is not None:
            self._runtime.close()
            self._runtime = None

    # -- what happens to it -----------------------------------------------------------------------

    def begin(self) -> None:
        """See the window."""
        boot = {
            **self._boot,
            "wallMs": (self.monotonic_us + self._wall_us) / _MILLISECOND_US,
            "visible": not self.hidden,
            "local": self.ports.storage.items(),
            "session": self.ports.session,
        }
        try:
            self._runtime = self._open_runtime(self.monotonic_us, json_text(boot))
        except RuntimeLost as lost:
            self._lost(lost)
            return
        self._perform(self._runtime.opening)

    def dispatch(self, event: PageEvent) -> None:
        """See the window."""
        name, persisted = _LIFECYCLE[event]
        if event is PageEvent.DEVICECHANGE:
            self.turn(protocol.DEVICE_CHANGE)
        else:
            self.turn(protocol.LIFECYCLE, name, persisted)

    def act(self, action: str, channel: str) -> None:
        """See the window."""
        self.run(TaskSource.INPUT, self._acted, (action, channel))

    def _acted(self, acted: tuple[str, str]) -> None:
        action, channel = self._click = acted
        self.turn(protocol.ACTION, action, json_text(channel) if channel else None)

    def do(self, action: str, argument: object) -> None:
        """See the window."""
        called = action, None if argument is None else json_text(argument)
        self.run(TaskSource.INPUT, self._did, called)

    def _did(self, called: tuple[str, str | None]) -> None:
        t = self.trace
        action, argument = called
        what = t.intern(action), t.intern(recorded(argument or ""))
        t.act_on(ActionCalled(t.n, t.now_us, self.place, t.cause, *what))
        self.turn(protocol.DO, action, argument)

    def set_wall_clock(self, wall_us: int) -> None:
        """See the window."""
        self._wall_us = wall_us

    def step_wall_clock(self, by_us: int) -> None:
        """See the window."""
        self.turn(protocol.WALL, by_us / _MILLISECOND_US)

    def lose_time(self, lost_us: int) -> None:
        """See the page: `performance.now()` stood still, the wall clock did not."""
        super().lose_time(lost_us)
        self.turn(protocol.WALL, lost_us / _MILLISECOND_US)

    def deliver(self, source: TaskSource, event: Event) -> None:
        """See the port: reports of the SDK."""
        # whether all is begun anew is known now, and perhaps no more when the page hears of it
        restarts = isinstance(event, RoomLost) and self.ports.rooms.restarts(event.epoch)
        self.run(source, self._delivered, (event, restarts))

    def _delivered(self, delivered: tuple[Event, bool]) -> None:
        event, restarts = delivered
        if not isinstance(event, RoomEvent):
            return
        self.room_reported(event)
        if isinstance(event, RoomConnected):
            self._commands.connected(self.place)
        what, detail = room_turn(event, self.ports.rooms.claims(event.epoch), restarts)
        self.turn(protocol.ROOM, float(event.epoch), what, json_text(detail))

    def message_came(self, channel: int, text: str) -> None:
        """A message for a BroadcastChannel has arrived."""
        t = self.trace
        if self.plain or self.admit(TaskSource.BUS, self._hear, (channel, text)):
            self._hear((channel, text))
        elif self.gone:
            t.append(MessageLost(t.n, t.now_us, self.place, t.cause, Loss.GONE))

    def _hear(self, heard: tuple[int, str]) -> None:
        t = self.trace
        t.act_on(MessageDelivered(t.n, t.now_us, self.place, t.cause, _APP))
        self.turn(protocol.MESSAGE, float(heard[0]), heard[1])

    def lock_reported(self, number: int, what: str) -> None:
        """A request for a lock was granted, refused, or its lock was stolen."""
        self.turn(protocol.LOCK, float(number), what)

    def locks_queried(self, number: int, snapshot: dict[str, object]) -> None:
        """The answer of `locks.query()`."""
        self.turn(protocol.LOCK_SNAPSHOT, float(number), json_text(snapshot))

    def item_changed(self, key: str | None, value: str | None) -> None:
        """The page's replica of localStorage has changed; the next turn shows it."""
        self._changed_items.append((key, value))

    def storage_event(self, key: str | None, old: str | None, new: str | None) -> None:
        """The `storage` event of somebody else's write."""
        self.turn(protocol.STORAGE, key, old, new)

    def responded(self, number: int, status: int, answer: Mapping[str, object]) -> None:
        """The answer to a fetch; status -1 for a network error."""
        self.turn(protocol.RESPONSE, float(number), float(status), json_text(answer))

    # -- turns ------------------------------------------------------------------------------------

    def turn(
        self,
        kind: str,
        a: float | str | None = None,
        b: float | str | None = None,
        c: float | str | None = None,
    ) -> None:
        """Tell the script, and do what it wants. What comes meanwhile waits for the end of that."""
        if self._performing:
            self._deferred.append((kind, a, b, c))
            return
        self._turn(kind, a, b, c)
        while self._deferred:
            self._turn(*self._deferred.pop(0))

    def _turn(
        self,
        kind: str,
        a: float | str | None = None,
        b: float | str | None = None,
        c: float | str | None = None,
    ) -> None:
        if self._runtime is None:
            return
        try:
            if self._changed_items:
                changes, self._changed_items = self._changed_items, []
                self._runtime.turn(protocol.REPLICA, self.monotonic_us, json_text(changes))
            ops = self._runtime.turn(kind, self.monotonic_us, a, b, c)
        except RuntimeLost as lost:
            self._lost(lost)
            return
        if kind == protocol.ACTION:
            self._infer_command(ops)
        if ops:
            self._perform(ops)

    def _infer_command(self, ops: Ops) -> None:
        """The click is a command, if the app knows of it and does not tell of it itself."""
        action, channel = self._click
        told = any(isinstance(op, protocol.Annotate) and op.what in COMMANDS for op in ops)
        unknown = any(isinstance(op, protocol.Error) and NO_ACTION in op.text for op in ops)
        if action in VERBS and not told and not unknown:
            self._commands.clicked(self.place, VERBS[action], channel)

    def _perform(self, ops: Ops) -> None:
        self._performing = True
        for place, op in enumerate(ops):
            if isinstance(op, protocol.Busy):
                self._be_busy(op.duration_ms, ops[place + 1 :])
                break
            _PERFORMERS.get(type(op), _NOT_MODELLED)(self, op)
        self._performing = False

    def _be_busy(self, duration_ms: float, later: Ops) -> None:
        """The rest of a task that waits for a clock comes when it has waited."""
        self._later += later
        held_up = [self, *self.ports.beside()]
        for window in held_up:
            window.stall()
        self.scheduler.after(int(duration_ms * _MILLISECOND_US), self._no_longer_busy, held_up)

    def _no_longer_busy(self, held_up: list[Window]) -> None:
        if not self.gone:
            later, self._later = self._later, []
            self._perform(later)
        for window in (one for one in held_up if not one.gone):
            window.unstall()

    def _lost(self, lost: RuntimeLost) -> None:
        """The engine cannot go on: it is the app's error, and its process ends.

        In an engine that it shares the other windows are lost too: the run is made once more.
        """
        if lost.is_shared:
            raise lost
        self._record_failure(TASK, lost.error)
        self._end_process()

    def _failed(self, op: protocol.Error) -> None:
        assert self._runtime is not None, "it is performed right after its turn"
        try:
            self._record_failure(op.what, self._runtime.located(op))
        except RuntimeLost as lost:
            self._lost(lost)

    def _record_failure(self, during: str, error: ScriptError) -> None:
        t = self.trace
        where = f" ({error.stack[0].file}:{error.stack[0].line})" if error.stack else ""
        what = t.intern(during), t.intern(recorded(error.message) + where)
        t.append(AppFailed(t.n, t.now_us, self.place, t.cause, *what))

    def _write_console(self, op: protocol.Console) -> None:
        t = self.trace
        what = t.intern(op.level), t.intern(recorded(op.text))
        t.append(ConsoleWritten(t.n, t.now_us, self.place, t.cause, *what))

    # -- timers -----------------------------------------------------------------------------------

    def _set_timer(self, op: protocol.SetTimer) -> None:
        self._alarms[op.number] = self.after(
            int(op.delay_ms * _MILLISECOND_US), self._ring_timer, op.number
        )

    def _set_interval(self, op: protocol.SetInterval) -> None:
        interval_us = max(1, int(op.delay_ms)) * _MILLISECOND_US
        self._alarms[op.number] = self.every(interval_us, self._ring_timer, op.number)

    def _clear_timer(self, op: protocol.ClearTimer) -> None:
        alarm = self._alarms.pop(op.number, None)
        if alarm is not None:
            self.clear(alarm)

    def _ring_timer(self, number: int) -> None:
        alarm = self._alarms.get(number)
        if alarm is not None and not alarm.interval_us:
            del self._alarms[number]
        t = self.trace
        t.act_on(AppTimerRan(t.n, t.now_us, self.place, t.cause, number))
        self.turn(protocol.TIMER, float(number))

    def _post_task(self, op: protocol.PostTask) -> None:
        self.soon(TaskSource.TIMER, self._run_task, op.number)

    def _run_task(self, number: int) -> None:
        self.turn(protocol.TASK, float(number))

    # -- channels, storage, Rooms -----------------------------------------------------------------

    def _post(self, op: protocol.Post) -> None:
        t = self.trace
        n, cause = t.n, t.cause
        t.append(MessagePosted(n, t.now_us, self.place, cause, _APP, 0, 0, 0))
        t.cause = n
        self.ports.channels.post(op.number, op.text)
        t.cause = cause

    def _set_session_item(self, op: protocol.SetSessionItem) -> None:
        session = self.ports.session
        if op.key is None:
            session.clear()
        elif op.value is None:
            session.pop(op.key, None)
        else:
            session[op.key] = op.value

    def _open_room(self, op: protocol.OpenRoom) -> None:
        self.room_opens(op.epoch, self.annotations.term)
        self.ports.rooms.open(op.epoch, op.url, op.token)
        self._commands.opened(self.place, op.epoch, self.ports.rooms.claims(op.epoch).room)

    def _close_room(self, op: protocol.CloseRoom) -> None:
        self._commands.closes(self.place)
        self.room_closes(op.epoch)
        self.ports.rooms.close(op.epoch)

    def _publish(self, op: protocol.Publish) -> None:
        if op.captured:
            self.ports.devices.hand_over(Source(op.source))
        if op.source == Source.MICROPHONE:
            self._commands.muted(self.place, op.muted)
        self.ports.rooms.publish(op.epoch, Source(op.source), op.muted)

    def _unpublish(self, op: protocol.Unpublish) -> None:
        if op.source == Source.MICROPHONE:
            self._commands.muted(self.place, True)
        self.ports.rooms.unpublish(op.epoch, Source(op.source))

    def _set_muted(self, op: protocol.SetMuted) -> None:
        self._commands.muted(self.place, op.muted)
        self.ports.rooms.set_muted(op.epoch, op.muted)

    def _annotate(self, op: protocol.Annotate) -> None:
        if op.what in COMMANDS:
            self._commands.told()
        if wrong := self.annotations.tell(op.what, op.arguments):
            self._record_failure(f"oneroom.{op.what}", ScriptError(wrong))

    def _send_beacon(self, op: protocol.Beacon) -> None:
        """Drop the request: a beacon has no answer."""

    def _not_modelled(self, op: Op) -> None:
        what = type(op).__name__
        self._record_failure("page", ScriptError(f"{what} is not modelled: docs/own-windows.md"))

    def _listen_tauri(self, op: protocol.ListenTauri) -> None:
        self.ports.tauri.listen()

    def _open_window(self, op: protocol.OpenWindow) -> None:
        if not self.ports.relatives.open(op):
            what = f"the scenario has no window `{op.target}` with `opener: {self.name}`"
            self._record_failure("window.open", ScriptError(what))

    def _focus_window(self, op: protocol.FocusWindow) -> None:
        """Focus a window that this one has opened: it may not take the focus for itself."""
        if op.number is not None:
            self.ports.relatives.focus(op.number)

    def _close_window(self, op: protocol.CloseWindow) -> None:
        if op.number is None:
            self.ports.close()
        else:
            self.ports.relatives.close_window(op.number)

    def _navigate(self, op: protocol.Navigate) -> None:
        self.ports.navigate(op.to)


def json_text(value: object) -> str:
    """JSON of a value, in ASCII: text of an app may have lone surrogates."""
    return json.dumps(value, separators=(",", ":"))


def recorded(text: str) -> str:
    """The text as a record keeps it: cut, and fit for UTF-8."""
    return text[:TEXT_CHARACTERS].encode(errors="replace").decode()


# Unbound on purpose, as in `oneroom.driver.coordinator_window`.
_PERFORMERS: dict[type[Op], Callable[[JavaScriptWindow, Any], None]] = {
    protocol.SetTimer: JavaScriptWindow._set_timer,
    protocol.SetInterval: JavaScriptWindow._set_interval,
    protocol.ClearTimer: JavaScriptWindow._clear_timer,
    protocol.PostTask: JavaScriptWindow._post_task,
    protocol.OpenChannel: lambda window, op: window.ports.channels.open(op.number, op.name),
    protocol.Post: JavaScriptWindow._post,
    protocol.CloseChannel: lambda window, op: window.ports.channels.close_channel(op.number),
    protocol.RequestLock: lambda window, op: window.ports.locks.request(op),
    protocol.ReleaseLock: lambda window, op: window.ports.locks.release(op.number),
    protocol.AbortLock: lambda window, op: window.ports.locks.abort(op.number),
    protocol.QueryLocks: lambda window, op: window.ports.locks.query(op.number),
    protocol.SetItem: lambda window, op: window.ports.storage.write(op.key, op.value),
    protocol.SetSessionItem: JavaScriptWindow._set_session_item,
    protocol.Fetch: lambda window, op: window.ports.server.fetch(op),
    protocol.AbortFetch: lambda window, op: window.ports.server.abort(op.number),
    protocol.OpenSocket: lambda window, op: window.ports.sockets.open(op.number, op.url),
    protocol.SendSocket: lambda window, op: window.ports.sockets.send(op.number, op.text),
    protocol.CloseSocket: lambda window, op: window.ports.sockets.close_socket(
        op.number, op.code, op.reason
    ),
    protocol.Beacon: JavaScriptWindow._send_beacon,
    protocol.OpenRoom: JavaScriptWindow._open_room,
    protocol.CloseRoom: JavaScriptWindow._close_room,
    protocol.Publish: JavaScriptWindow._publish,
    protocol.Unpublish: JavaScriptWindow._unpublish,
    protocol.SetMuted: JavaScriptWindow._set_muted,
    protocol.SimulateScenario: lambda window, op: window.ports.rooms.simulate(op.epoch, op.name),
    protocol.ListenTauri: JavaScriptWindow._listen_tauri,
    protocol.EmitTauri: lambda window, op: window.ports.tauri.emit(op.text),
    protocol.BeginTransaction: lambda window, op: window.ports.databases.begin(op),
    protocol.CommitTransaction: lambda window, op: window.ports.databases.commit(op),
    protocol.AbortTransaction: lambda window, op: window.ports.databases.abort(op.number),
    protocol.Capture: lambda window, op: window.ports.devices.capture(op.number, op.sources),
    protocol.StopCapture: lambda window, op: window.ports.devices.stop(op.track),
    protocol.ListDevices: lambda window, op: window.ports.devices.enumerate(op.number),
    protocol.QueryPermission: lambda window, op: window.ports.devices.permission(
        op.number, op.name
    ),
    protocol.OpenWindow: JavaScriptWindow._open_window,
    protocol.PostToWindow: lambda window, op: window.ports.relatives.post(op.number, op.text),
    protocol.FocusWindow: JavaScriptWindow._focus_window,
    protocol.CloseWindow: JavaScriptWindow._close_window,
    protocol.Navigate: JavaScriptWindow._navigate,
    protocol.Annotate: JavaScriptWindow._annotate,
    protocol.Error: JavaScriptWindow._failed,
    protocol.Console: JavaScriptWindow._write_console,
}
_NOT_MODELLED = JavaScriptWindow._not_modelled
