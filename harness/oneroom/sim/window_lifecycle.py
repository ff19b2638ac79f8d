"""The lives of windows: how they begin, stand still and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oneroom.ablation.without import without
from oneroom.core.bus_kind import BusKind
from oneroom.core.chat import Chat
from oneroom.core.coordinator import Coordinator
from oneroom.core.events import AttentionChanged, Froze, PageHide, Resumed, Started
from oneroom.driver.buses import Buses
from oneroom.driver.script import config, identity
from oneroom.driver.window import Window, WindowPorts
from oneroom.ports.bus import Bus
from oneroom.ports.page import TaskSource
from oneroom.scenario.duration import Range
from oneroom.sim.environment import Environment, WindowHandle
from oneroom.trace.records import Life
from oneroom_fakes.lease_record import LeaseHandle
from oneroom_fakes.link import BusEndpoint
from oneroom_fakes.sfu.client import Rooms
from oneroom_fakes.tokens import Tokens


class WindowLifecycle(Environment):
    """The part of the stage on which windows live."""

    def open(self, window: str) -> None:
        """See the stage. On a machine that sleeps nothing opens before it wakes."""
        if self.waits_for_wake(self.open, window) or window in self.plugs:
            return
        runtime = self.runtimes[window] = self.runtimes.get(window, 0) + 1
        own = window if runtime == 1 else f"{window}~{runtime}"
        # an opened window gets a copy
        copied = self.sessions.get(self.scenario.process_of(window), own)
        session = self.sessions.setdefault(window, copied)
        knows = config(self.scenario, self.policy, window, runtime, self.choices, session)
        lacks = self.scenario.without
        coordinator = without(Coordinator, lacks)(knows, without(self.policy, lacks))
        page = without(Window, lacks)(
            self.kernel,
            self.trace,
            self.grid,
            window,
            coordinator,
            bus_runs_frozen=self.bus_runs_frozen,
        )
        if self.wall_us and self.policy.clock == "wall":
            page.shift_clock(self.wall_us)
        self._plug_in(page)
        self.lived(page, Life.OPENED)
        if self.scenario.windows[window].hidden:
            page.hide(never_shown=True)
            self.lived(page, Life.HIDDEN)
        page.turn(Started())
        if self.chat is not None:
            self.chat.opened(page, without(Chat, lacks)(knows))

    def waits_for_wake(self, step: Callable[[str], None], window: str) -> bool:
        """On a machine that sleeps, `step` is taken when it wakes."""
        waits_us = self.asleep_until_us - self.kernel.now_us
        if waits_us > 0:
            self.kernel.after(waits_us, step, window)
        return waits_us > 0

    def _plug_in(self, page: Window) -> None:
        name, kernel, choices, recorder = page.name, self.kernel, self.choices, self.recorder
        lock = self.locks.handle(page)
        beside = self._process(name)
        lease = LeaseHandle(
            self.storage.area(page, beside[0].lease.area.process if beside else None),
            self.leases,
            recorder,
        )
        ends, bus = self._join(page, lease)
        rooms = Rooms(page, self.paths[name], self.sfu, kernel, choices, recorder, self.devices)
        self.devices.attach(page, rooms.capture_ended)
        ports = WindowPorts(
            bus=bus,
            locks=lock,
            storage=lease,
            terms=self.terms.connection(page),
            tokens=Tokens(
                page,
                self.app_paths[name],
                kernel,
                choices,
                recorder,
                identity(self.scenario, name),
                self.minting,
            ),
            room=rooms,
        )
        page.plug_in(ports)
        self.plugs[name] = WindowHandle(page, ends, rooms, lock, lease)

    def _join(self, page: Window, lease: LeaseHandle) -> tuple[dict[BusKind, BusEndpoint], Bus]:
        """The window's ends of the buses that it has, and the one bus that they are to it."""
        kinds = self.scenario.buses_of(page.name)
        if len(kinds) == 1:
            end = self.buses.join(kinds[0], page, lease.area, page.hear)
            return {kinds[0]: end}, end
        buses = without(Buses, self.scenario.without)(len(kinds), page.hear)
        ends = {
            kind: self.buses.join(kind, page, lease.area, buses.ear(number))
            for number, kind in enumerate(kinds)
        }
        buses.plug_in(tuple(ends.values()))
        return ends, buses

    def _process(self, window: str) -> list[WindowHandle]:
        """The open windows of a window's process, itself first."""
        process = self.scenario.process_of(window)
        found = [
            plugs for name, plugs in self.plugs.items() if self.scenario.process_of(name) == process
        ]
        return sorted(found, key=lambda plugs: plugs.window.name != window)

    def focus(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            before, self.focused = self.focused, window
            self.devices.focused = window
            self.lived(plugs.window, Life.FOCUSED)
            if before in self.plugs:
                self._attention(self.plugs[before].window)
            self._attention(plugs.window)

    def hide(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.window.hide()
            self.lived(plugs.window, Life.HIDDEN)
            self._blurred(window)
            self._attention(plugs.window)

    def show(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.window.show()
            self.lived(plugs.window, Life.SHOWN)
            self._attention(plugs.window)

    def _blurred(self, window: str) -> None:
        if self.focused == window:
            self.focused = ""
        if self.devices.focused == window:
            self.devices.focused = ""

    def _attention(self, page: Window) -> None:
        """The page is told; whether that is worth anything is its policy's business."""
        page.deliver(TaskSource.INPUT, AttentionChanged(not page.hidden, self.focused == page.name))

    def close(self, window: str, by: str = "user") -> None:
        """See the stage. A window that its own script closes hears `beforeunload` alone: enough for
        the SDK.
        """
        if plugs := self.plugs.get(window):
            if by == "user" or self.scenario.windows[window].opener is not None:
                self._farewell(plugs)
            else:
                plugs.rooms.page_left()
            self._gone(plugs, Life.CLOSED)
            self.sessions.pop(window, None)

    def _farewell(self, plugs: WindowHandle) -> None:
        """`pagehide`, in a frozen page too; a page that stands still is killed without it."""
        page = plugs.window
        if not page.busy():
            page.thaw()
            page.turn(PageHide())
            if self.chat is not None:
                self.chat.left(page.name)
            plugs.rooms.page_left()

    def crash(self, window: str) -> None:
        """See the stage. A process takes all its windows along."""
        if window in self.plugs:
            for plugs in self._process(window):
                self._gone(plugs, Life.CRASHED)

    def _gone(self, plugs: WindowHandle, life: Life) -> None:
        """The runtime of the window ends."""
        self.plugs.pop(plugs.window.name)
        plugs.window.die()
        self.lived(plugs.window, life)
        self.forget(plugs)
        self._left(plugs)

    def _left(self, plugs: WindowHandle) -> None:
        """The window shows this document no more."""
        name = plugs.window.name
        self._blurred(name)
        if self.chat is not None:
            self.chat.gone(name)
        self.devices.gone(name)
        for window, fault in [entry for entry in self.faults if entry[0] == name]:
            if fault != "drop_network":  # all others were faults of the runtime that has ended
                self.over(window, fault)

    def forget(self, plugs: WindowHandle) -> None:
        """Nothing is left of the runtime in browser and network."""
        self.gone.append(plugs)
        plugs.leave_buses()
        plugs.lock.gone()
        self.storage.forget(plugs.lease.area)
        plugs.rooms.died()

    def freeze(self, window: str) -> None:
        """See the stage. Only Chromium tells the page; windows of one process are frozen
        together.
        """
        for plugs in self._process(window) if window in self.plugs else ():
            if plugs.window.frozen:
                continue
            if self.bus_runs_frozen:
                plugs.window.deliver(TaskSource.INPUT, Froze())
            plugs.window.freeze()
            self.lived(plugs.window, Life.FROZEN)
            self.fault(plugs.window.name, "freeze", on=True)

    def resume(self, window: str) -> None:
        """See the stage."""
        for plugs in self._process(window) if window in self.plugs else ():
            page = plugs.window
            if not page.frozen:
                continue
            page.thaw()
            self.lived(page, Life.RESUMED)
            self.fault(page.name, "freeze", on=False)
            if self.bus_runs_frozen:
                page.deliver(TaskSource.INPUT, Resumed())
            page.catch_up(after_freeze=True)

    def stall(self, window: str, lasts: Range) -> None:
        """See the stage."""
        for plugs in self._standing_still(window, lasts, "stall", self._unstall):
            plugs.window.stall()
            self.lived(plugs.window, Life.STALLED)

    def stop(self, window: str, lasts: Range) -> None:
        """See the stage."""
        for plugs in self._standing_still(window, lasts, "stop", self._unstop):
            plugs.window.stop()
            plugs.rooms.stopped()
            self.lived(plugs.window, Life.STOPPED)

    def _standing_still(
        self, window: str, lasts: Range, fault: str, ends: Callable[[WindowHandle], None]
    ) -> Iterator[WindowHandle]:
        """The windows of the process, for a fault that ends by itself, for all of them at once."""
        if window not in self.plugs:
            return
        beside = self._process(window)
        yield from beside
        lasts_us = self.busy_for(lasts)
        for plugs in beside:
            self.fault(plugs.window.name, fault, on=True)
            self.kernel.after(lasts_us, ends, plugs)

    def _unstall(self, plugs: WindowHandle) -> None:
        page = plugs.window
        if page.alive():
            self.fault(page.name, "stall", on=False)
            self.lived(page, Life.UNSTALLED)
            page.unstall()

    def _unstop(self, plugs: WindowHandle) -> None:
        page = plugs.window
        if page.alive():
            self.fault(page.name, "stop", on=False)
            self.lived(page, Life.CONTINUED)
            page.unstop()
            plugs.rooms.continued()
