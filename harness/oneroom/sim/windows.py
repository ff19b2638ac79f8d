"""The lives of windows: how they begin, stand still and end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from oneroom.choices.labels import Label
from oneroom.core.bus_kind import BusKind
from oneroom.driver.bus_steps import BusEndpoint
from oneroom.driver.faults import Fault
from oneroom.driver.script import draw_time
from oneroom.driver.window import Window
from oneroom.ports.page_event import LEAVES, PageEvent
from oneroom.scenario.duration import Range
from oneroom.sim.browser import Browser, WindowHandle
from oneroom.sim.environment import Environment
from oneroom.sim.machine import Machine
from oneroom.sim.runtimes import Opening, Runtimes
from oneroom.trace.records import Life
from oneroom_fakes.latency import drawn
from oneroom_fakes.page_events import PAGEHIDE_LIMIT_US, UNLOAD_US, UnloadCause, unload_events


class Windows:
    """See `oneroom.scenario.stage.WindowSteps`. `handles` are the open windows by name, `sessions`
    the content of each one's sessionStorage. `runtimes` says what runs in them.
    """

    def __init__(
        self, environment: Environment, browser: Browser, machine: Machine, runtimes: Runtimes
    ) -> None:
        self.handles: dict[str, WindowHandle] = {}
        self.sessions: dict[str, dict[str, str]] = {}
        self._environment = environment
        self._browser = browser
        self._machine = machine
        self._runtimes = runtimes
        self.tab_closed: Callable[[str], None] | None = None
        self._faults = environment.faults
        self._focused = ""
        self._gone: list[WindowHandle] = []
        self._documents: dict[str, int] = {}  # how many have begun in each window
        self._discarded: set[str] = set()
        # What waits for the end of each document that has been told `beforeunload`.
        self._leaving: dict[str, list[Callable[[str], None]]] = {}

    def open(self, window: str) -> None:
        """See the stage. On a machine that sleeps nothing opens before it wakes."""
        if self._machine.waits_for_wake(self.open, window):
            return
        if self.waits_for_unload(self.open, window) or window in self.handles:
            return
        number = self._documents[window] = self._documents.get(window, 0) + 1
        session = self._session(window)
        page = self._runtimes.make(Opening(window, number, session, window in self._discarded))
        self._discarded.discard(window)
        page.set_wall_clock(self._machine.wall_us)
        beside = self.process_of(window)
        handle = self._browser.connect(page, beside[0] if beside else None, session)
        self.handles[window] = handle
        self._runtimes.plug_in(handle)
        self._browser.attach(handle)
        self.record_life(page, Life.OPENED)
        self._record_shared(page)
        if self._environment.scenario.windows[window].hidden:
            page.hide(never_shown=True)
            self.record_life(page, Life.HIDDEN)
            self._suspend_later(handle)
        page.begin()
        if handle.chat is not None:
            handle.chat.begin()
        page.fire(PageEvent.PAGESHOW)

    def _session(self, window: str) -> dict[str, str]:
        """The window's sessionStorage; one that was opened by another begins with a copy."""
        if window not in self.sessions:
            opener = self._environment.scenario.process_of(window)
            self.sessions[window] = dict(self.sessions.get(opener, {}))
        return self.sessions[window]

    def process_of(self, window: str) -> list[WindowHandle]:
        """The open windows of a window's process, itself first."""
        process = self._environment.scenario.process_of(window)
        found = [
            handle
            for name, handle in self.handles.items()
            if self._environment.scenario.process_of(name) == process
        ]
        return sorted(found, key=lambda handle: handle.window.name != window)

    def focus(self, window: str) -> None:
        """See the stage."""
        if handle := self.handles.get(window):
            before, self._focused = self._focused, window
            self._browser.devices.focused = window
            self.record_life(handle.window, Life.FOCUSED)
            if before in self.handles:
                self._attention(self.handles[before].window)
            self._attention(handle.window)

    def hide(self, window: str) -> None:
        """See the stage."""
        if handle := self.handles.get(window):
            handle.window.hide()
            self.record_life(handle.window, Life.HIDDEN)
            self._blurred(window)
            self._attention(handle.window)
            self._suspend_later(handle)

    def show(self, window: str) -> None:
        """See the stage. A page that is shown is frozen no more."""
        if handle := self.handles.get(window):
            page, frozen = handle.window, handle.window.frozen
            if frozen:
                self._thaw(handle)
            page.show()
            self.record_life(page, Life.SHOWN)
            self._attention(page)
            if frozen:
                page.catch_up(after_freeze=True)

    def _blurred(self, window: str) -> None:
        if self._focused == window:
            self._focused = ""
        if self._browser.devices.focused == window:
            self._browser.devices.focused = ""

    def _attention(self, page: Window) -> None:
        """The page is told; whether that is worth anything is its policy's business."""
        page.attend(focused=self._focused == page.name)

    def close(self, window: str, by: str = "user") -> None:
        """See the stage. A window that its own script closes hears no `pagehide` (enough for the
        SDK), unless it shares a process with its opener. `by` may be the shell as well, which asks
        nobody.
        """
        if handle := self.handles.get(window):
            cause = UnloadCause.CLOSED if by == "user" else UnloadCause.CLOSED_UNASKED
            if by == "script":
                beside = self._environment.scenario.windows[window].opener is not None
                cause = UnloadCause.CLOSED_BESIDE_OPENER if beside else UnloadCause.CLOSED_ITSELF
            self.leave(handle, cause, partial(self._close, cause))

    def _close(self, cause: UnloadCause, handle: WindowHandle) -> None:
        window = handle.window.name
        self.unload(handle, cause, Life.CLOSED)
        self.sessions.pop(window, None)
        if self.tab_closed is not None:
            self.tab_closed(window)

    def leave(
        self, handle: WindowHandle, cause: UnloadCause, unload: Callable[[WindowHandle], None]
    ) -> None:
        """Tell the document `beforeunload` if its user would be asked, and `unload` it some time
        later. Until then it runs on, and lives to no other end than that of its process.
        """
        page, delays_us = handle.window, UNLOAD_US.get(cause)
        if page.name in self._leaving:
            return
        if delays_us is None or page.busy() or page.frozen:
            unload(handle)
            return
        self._leaving[page.name] = []
        page.leave((PageEvent.BEFOREUNLOAD,))
        handle.rooms.page_left()
        delay_us = drawn(self._environment.choices, Label.UNLOAD_TIME, delays_us)
        self._environment.busy.extend(delay_us)
        self._environment.kernel.after(delay_us, self._left, (handle, unload))

    def _left(self, leaving: tuple[WindowHandle, Callable[[WindowHandle], None]]) -> None:
        handle, unload = leaving
        window = handle.window.name
        unload(handle)
        for step in self._leaving.pop(window):
            step(window)

    def waits_for_unload(self, step: Callable[[str], None], window: str) -> bool:
        """In a window whose document is about to go, `step` is taken when it has gone."""
        if window not in self._leaving:
            return False
        self._leaving[window].append(step)
        return True

    def unload(self, handle: WindowHandle, cause: UnloadCause, life: Life) -> None:
        """The document goes, if it is still there: it gets its last events, and what it does in
        them has its time.
        """
        if self.handles.get(handle.window.name) is not handle:
            return
        if self.farewell(handle, cause):
            self.end_runtime(handle, life)
        else:
            self.handles.pop(handle.window.name)
            self.leave_document(handle)
            self._environment.kernel.after(PAGEHIDE_LIMIT_US, self._cut_short, (handle, life))

    def farewell(self, handle: WindowHandle, cause: UnloadCause) -> bool:
        """Dispatch the last events of a document, in a frozen page too; one that stands still is
        killed without them. Return False if their listeners have begun a long task.
        """
        page = handle.window
        if page.busy():
            return True
        page.thaw()
        asked = page.name in self._leaving
        events = unload_events(cause, asked=asked, hidden=page.hidden)
        page.leave(events)
        if handle.chat is not None and not LEAVES.isdisjoint(events):
            handle.chat.leave()
        handle.rooms.page_left()
        return not page.busy()

    def _cut_short(self, ends: tuple[WindowHandle, Life]) -> None:
        handle, life = ends
        if handle.window.alive():
            self._end(handle, life)

    def crash(self, window: str) -> None:
        """See the stage. A process takes all its windows along."""
        if window in self.handles:
            for handle in self.process_of(window):
                self.end_runtime(handle, Life.CRASHED)

    def end_runtime(self, handle: WindowHandle, life: Life) -> None:
        """The runtime of the window ends."""
        self.handles.pop(handle.window.name)
        if life is Life.DISCARDED:
            self._discarded.add(handle.window.name)
        self._end(handle, life)
        self.leave_document(handle)

    def _end(self, handle: WindowHandle, life: Life) -> None:
        handle.window.die()
        self.record_life(handle.window, life)
        self.forget(handle, discarded=life is Life.DISCARDED)

    def leave_document(self, handle: WindowHandle) -> None:
        """The window shows this document no more."""
        name = handle.window.name
        self._blurred(name)
        self._browser.devices.gone(name)
        self._faults.clear_runtime(name)

    def forget(self, handle: WindowHandle, *, discarded: bool = False) -> None:
        """Free what the runtime had in browser and network."""
        self._gone.append(handle)
        self._browser.release(handle, discarded=discarded)

    def freeze(self, window: str) -> None:
        """See the stage. Only Chromium tells the page."""
        handle = self.handles.get(window)
        if handle is None or self._faults.count("freeze", window):
            return
        step = self._environment.trace.cause
        if not handle.window.hidden:
            self.hide(window)
        self._environment.trace.cause = step  # of the freeze as well
        if not handle.window.frozen:
            self._freeze(handle.window)
        self._faults.begin(Fault("freeze", window, partial(self.resume, window)))

    def resume(self, window: str) -> None:
        """See the stage."""
        handle = self.handles.get(window)
        if handle is not None and self._faults.count("freeze", window):
            self._thaw(handle)
            handle.window.catch_up(after_freeze=True)

    def _freeze(self, page: Window) -> None:
        if self._browser.bus_runs_frozen:
            page.fire(PageEvent.FREEZE)
        page.freeze()
        self.record_life(page, Life.FROZEN)

    def _thaw(self, handle: WindowHandle) -> None:
        """The page is told; its caller lets it catch up."""
        page = handle.window
        handle.suspended = False
        page.thaw()
        self.record_life(page, Life.RESUMED)
        if self._faults.count("freeze", page.name):
            self._faults.end("freeze", page.name)
        if self._browser.bus_runs_frozen:
            page.fire(PageEvent.RESUME)

    def _suspend_later(self, handle: WindowHandle) -> None:
        """Its WebView suspends a window that has been hidden for so long."""
        after = self._environment.scenario.windows[handle.window.name].suspends
        if after is not None:
            after_us = draw_time(self._environment.choices, Label.SUSPEND_TIME, after)
            hidden = (handle, handle.window.hidden_since_us)
            self._environment.kernel.after(after_us, self._suspend, hidden)

    def _suspend(self, hidden: tuple[WindowHandle, int]) -> None:
        """Suspend a window that is still hidden; one in a call is looked at again later."""
        handle, since_us = hidden
        page = handle.window
        if not page.alive() or not page.hidden or page.hidden_since_us != since_us or page.frozen:
            return
        if page.in_call():
            self._suspend_later(handle)
        else:
            handle.suspended = True
            self._freeze(page)

    def stall(self, window: str, lasts: Range) -> None:
        """See the stage."""
        for handle in self._standing_still(window, lasts, "stall", self._unstall):
            handle.window.stall()
            self.record_life(handle.window, Life.STALLED)

    def stop(self, window: str, lasts: Range) -> None:
        """See the stage."""
        for handle in self._standing_still(window, lasts, "stop", self._unstop):
            self._stop(handle)

    def stop_process(self, window: str) -> None:
        """SIGSTOP, until `continue_process`."""
        for handle in self.process_of(window):
            self._stop(handle)
            self._faults.begin(Fault("stop", handle.window.name))

    def continue_process(self, window: str) -> None:
        """SIGCONT."""
        for handle in self.process_of(window):
            self._unstop(handle)

    def _standing_still(
        self, window: str, lasts: Range, fault: str, ends: Callable[[WindowHandle], None]
    ) -> Iterator[WindowHandle]:
        """The windows of the process, for a fault that ends by itself, for all of them at once."""
        if window not in self.handles:
            return
        beside = self.process_of(window)
        yield from beside
        lasts_us = self._environment.busy.draw(lasts)
        for handle in beside:
            self._faults.begin(Fault(fault, handle.window.name))
            self._environment.kernel.after(lasts_us, ends, handle)

    def _unstall(self, handle: WindowHandle) -> None:
        page = handle.window
        if page.alive():
            self._faults.end("stall", page.name)
            self.record_life(page, Life.UNSTALLED)
            page.unstall()

    def _stop(self, handle: WindowHandle) -> None:
        handle.window.stop()
        handle.rooms.stopped()
        self.record_life(handle.window, Life.STOPPED)

    def _unstop(self, handle: WindowHandle) -> None:
        page = handle.window
        if page.alive():
            self._faults.end("stop", page.name)
            self.record_life(page, Life.CONTINUED)
            page.unstop()
            handle.rooms.continued()

    def record_life(self, page: Window, life: Life) -> None:
        """Something happened to a window."""
        main = self._environment.scenario.windows[page.name].kind == "main"
        self._environment.recorder.record_life(page.name, life, main=main)

    def _record_shared(self, page: Window) -> None:
        """Record that another open window has the instance id of `page`, if one does."""
        if page.instance_id:
            for name, handle in self.handles.items():
                if name != page.name and handle.window.instance_id == page.instance_id:
                    self._environment.recorder.record_shared(page.name, page.instance_id, name)
                    return

    def endpoints(self, window: str) -> Mapping[BusKind, BusEndpoint] | None:
        """The window's ends of its buses, by kind; None if it is not open."""
        handle = self.handles.get(window)
        return None if handle is None else handle.ends

    def slow_timers(self, until_us: int) -> bool:
        """True if an open window's timers may wake only once a minute before `until_us`."""
        return any(handle.window.slow_timers(until_us) for handle in self.handles.values())

    def end(self, cached: Iterable[WindowHandle]) -> None:
        """The run is over: let go of every runtime, of those `cached` as well."""
        there = (*self.handles.values(), *cached)
        for handle in there:
            self._browser.disconnect(handle)
        for handle in (*there, *self._gone):
            handle.rooms.end()
            handle.window.unplug()
        self.handles.clear()
