"""A window, whatever runs in it: what the world may ask of it.

The world (`oneroom.sim`, `oneroom.live`) knows this class alone. What runs in a window is a
subclass: a `Coordinator` (`coordinator_window`), a script of steps, the JavaScript of an app. A
subclass overrides what it listens to; everything else is the page's (`page`), and the same for all.

Rules: an event of the page is a task of it, queued by `fire` and run by `dispatch`; only the events
of its end are dispatched at once, by `leave`. Fakes hand over tasks of their own (`run`) and core's
events (`deliver`), as `oneroom.ports.page` says.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.core.events import (
    Event,
    RoomConnected,
    RoomEnded,
    RoomEvent,
    RoomHealed,
    RoomLost,
)
from oneroom.core.reasons import Reason
from oneroom.driver.moderation import record_moderation
from oneroom.driver.page import EventLoop, TimerGrid
from oneroom.driver.rendering import Drawing
from oneroom.ports.page import TaskSource
from oneroom.ports.page_event import PageEvent
from oneroom.ports.scheduler import Scheduler
from oneroom.trace.records import RoomChanged, RoomState
from oneroom.trace.trace import Trace

_SOURCES = {PageEvent.ONLINE: TaskSource.NETWORK, PageEvent.OFFLINE: TaskSource.NETWORK}


class Window(EventLoop):
    """One document in a window, from `begin` to `die`."""

    # The name of the runtime on the bus, "" if it has none that others could share.
    instance_id = ""
    # Whether its page may enter the back/forward cache: it has no listener of `unload`.
    may_be_cached = True

    def __init__(
        self,
        scheduler: Scheduler,
        trace: Trace,
        grid: TimerGrid,
        name: str,
        *,
        bus_runs_frozen: bool,
    ) -> None:
        super().__init__(scheduler, trace, grid, name, bus_runs_frozen=bus_runs_frozen)
        self._attention = (True, False)  # visible and focused, as it was told last
        self._terms: dict[int, int] = {}  # the term of each Room, by its epoch
        self._rooms_connected = 0
        self.drawing = Drawing(trace, self.place)

    # -- its life ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """Run the first script of the document. It may be hidden by then."""

    def hide(self, *, never_shown: bool = False) -> None:
        """See the page."""
        super().hide(never_shown=never_shown)
        if never_shown:
            self._attention = (False, False)

    def fire(self, event: PageEvent) -> None:
        """Queue the task that dispatches `event`."""
        self.run(_SOURCES.get(event, TaskSource.INPUT), self.dispatch, event)

    def dispatch(self, event: PageEvent) -> None:
        """Run the listeners of `event`, in a task of the page."""

    def attend(self, *, focused: bool) -> None:
        """The page was shown or hidden, or the window got or lost the focus."""
        before, self._attention = self._attention, (not self.hidden, focused)
        if before[0] is self.hidden:
            self.fire(PageEvent.HIDDEN if self.hidden else PageEvent.VISIBLE)
        if before[1] is not focused:
            self.fire(PageEvent.FOCUS if focused else PageEvent.BLUR)

    def leave(self, events: Sequence[PageEvent]) -> None:
        """Dispatch the last events of the document at once; a long task in a listener ends them."""
        for event in events:
            if event is PageEvent.HIDDEN:
                self.hide()
                self._attention = (False, False)
            if not self.busy():
                self.dispatch(event)

    def restore(self, events: Sequence[PageEvent]) -> None:
        """The page comes back out of the back/forward cache: queue its events."""
        self.drawing.forget()
        self.show()
        self._attention = (True, False)
        for event in events:
            self.fire(event)

    def unplug(self) -> None:
        """Drop what it has of the world at the end of the run, so that no reference cycle is
        left.
        """
        self.forget_tasks()

    # -- its user ---------------------------------------------------------------------------------

    def act(self, action: str, channel: str) -> None:
        """The user clicks: `action` is a name of `oneroom.driver.script.VERBS`, or another one that
        only means that he clicked.
        """

    def do(self, action: str, argument: object) -> None:
        """The user calls an action of the app's own; a window without an app has none."""

    # -- its clocks -------------------------------------------------------------------------------

    def set_wall_clock(self, wall_us: int) -> None:
        """Set how far the wall clock (`Date.now`) is ahead of the time of the run."""

    def step_wall_clock(self, by_us: int) -> None:
        """The wall clock was set, by the user or by NTP."""

    # -- its Rooms --------------------------------------------------------------------------------

    def deliver(self, source: TaskSource, event: Event) -> None:
        """See the port."""
        raise NotImplementedError

    def current_epoch(self) -> int:
        """The number of the Room that it has or opens, 0 before the first."""
        return max(self._terms, default=0)

    def in_call(self) -> bool:
        return self._rooms_connected > 0

    def room_opens(self, epoch: int, term: int = 0) -> None:
        """Record that it opens a Room, in `term` if it has terms."""
        self._terms[epoch] = term
        self._record_room(epoch, RoomState.OPENING)

    def room_closes(self, epoch: int) -> None:
        """Record that it closes a Room."""
        self._record_room(epoch, RoomState.CLOSING)

    def room_reported(self, event: RoomEvent) -> None:
        """Record what the SDK reports; a connected Room exempts the page from throttling."""
        match event:
            case RoomConnected():
                self._rooms_connected += 1
                if self.hidden:
                    # exempt from now on, armed timers too (Chromium page_scheduler_impl.cc, read)
                    self.reschedule()
                self._record_room(event.epoch, RoomState.CONNECTED)
            case RoomLost():
                self._record_room(event.epoch, RoomState.RECONNECTING)
            case RoomHealed():
                self._record_room(event.epoch, RoomState.HEALED)
            case RoomEnded(reason=reason):
                self._rooms_connected = 0
                self._record_room(event.epoch, RoomState.ENDED, reason)
            case _:
                record_moderation(self.trace, self.place, event)

    def _record_room(self, epoch: int, state: RoomState, reason: Reason = Reason.UNKNOWN) -> None:
        t, term = self.trace, self._terms.get(epoch, 0)
        t.act_on(RoomChanged(t.n, t.now_us, self.place, t.cause, epoch, term, state, reason))

    # -- the user's own code ----------------------------------------------------------------------

    def wrong_value(self) -> str:
        """Return what is wrong with a value that the user's own code has set, with its place; ""
        if nothing is.
        """
        return ""
