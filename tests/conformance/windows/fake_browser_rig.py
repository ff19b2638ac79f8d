"""The fakes as the arm of the kit: virtual time, one seed."""

from __future__ import annotations

from typing import Literal

from oneroom.choices.seeded import Seeded
from oneroom.core.events import Received
from oneroom.driver.page import INTENSIVE_AFTER_US
from oneroom.ports.page_event import PageEvent
from oneroom_fakes.broadcast_channel import DELAYS_US, BroadcastChannel, ChannelEndpoint
from oneroom_fakes.devices import Devices
from oneroom_fakes.link import Link
from oneroom_fakes.local_storage import RendererProcess, StorageService
from oneroom_fakes.page_events import PAGEHIDE_LIMIT_US, UnloadCause, unload_events
from oneroom_fakes.web_locks import LockManager
from tests.conformance.windows.browser_rig import Entry
from tests.conformance.windows.browser_rig import Window as AnyWindow
from tests.conformance.windows.fake_page import FakePage
from tests.conformance.windows.steps import Step, spin
from tests.fakes.doubles import ObserverDouble
from tests.units import MILLISECOND
from tests.virtual_time import VirtualTime

_LINK = Link(DELAYS_US, 0.0, 0.0)


class FakeBrowser:
    """What the windows of one user share."""

    def __init__(self, seed: int) -> None:
        self.choices = Seeded(seed)
        self.kernel = VirtualTime(self.choices)
        self.locks = LockManager(self.kernel, self.choices)
        self.storage = StorageService(self.kernel, self.choices)
        self.windows: dict[str, FakeWindow] = {}
        self.shared: FakeWindow | None = None
        self._observer = ObserverDouble(self.kernel)
        self.devices = Devices(self.kernel, self.choices, self._observer, "prompt")
        self.devices.answer = "denied"
        self._channels: dict[str, BroadcastChannel] = {}
        self._values: list[object] = []
        self._closed: set[ChannelEndpoint] = set()

    def join(self, page: FakePage, name: str, of: str) -> ChannelEndpoint:
        """`new BroadcastChannel(of)`, called `name` in the case."""
        if of not in self._channels:
            self._channels[of] = BroadcastChannel(
                self.kernel, self.choices, self._observer, _LINK, total_order=True
            )
        port = self._channels[of].join(page.name, lambda received: page.hear(name, received))
        if page.window.stranger:
            port.partition()
        return port

    def leave(self, port: ChannelEndpoint) -> None:
        """`close()`, or the end of the page."""
        if port not in self._closed:
            self._closed.add(port)
            port.close()

    def closed(self, port: ChannelEndpoint) -> bool:
        return port in self._closed

    def pages_of(self, process: RendererProcess) -> list[FakePage]:
        """The pages of one process, which has one main thread."""
        pages = [window.page for window in self.windows.values()]
        return [page for page in pages if page.local.process is process]

    def said(self, value: object) -> int:
        """The number that stands for a value on the bus."""
        self._values.append(value)
        return len(self._values) - 1

    def value(self, received: Received) -> object:
        """The value that a message stands for."""
        return self._values[received.message.number]

    def open(self, name: str, opener: FakeWindow | None = None, features: str = "") -> FakeWindow:
        """A window; with an opener that is not cut off, in its process and with a copy of its
        session.
        """
        beside = opener is not None and features != "noopener"
        window = self.windows[name] = FakeWindow(self, name, opener if beside else None)
        return window


class FakeWindow:
    """`tests.conformance.windows.browser_rig.Window`."""

    def __init__(self, browser: FakeBrowser, name: str, beside: FakeWindow | None = None) -> None:
        self.name = name
        self.stranger = False
        self.unload = False
        self.was_discarded = False
        self.beside = beside
        self.process: RendererProcess | None = None if beside is None else beside.page.local.process
        self.session: dict[str, str] = {} if beside is None else dict(beside.session)
        self._browser = browser
        self._documents: list[FakePage] = []
        self._history: list[FakePage] = []
        self._started_us = -1
        self.page: FakePage = self._load()

    def _load(self) -> FakePage:
        page = FakePage(self._browser, self)
        self._documents.append(page)
        page.tell("began")
        page.tell("pageshow")
        return page

    def do(self, *steps: Step, gesture: bool = False) -> None:
        self.page.perform(list(steps))

    def start(self, *steps: Step) -> None:
        # What begins in one instant in several windows races; in one window it keeps its order.
        self._started_us = max(self._browser.kernel.now_us, self._started_us + 1)
        self._browser.kernel.at(self._started_us, self.page.perform, list(steps))

    def entries(self) -> list[list[Entry]]:
        return [document.told for document in self._documents]

    # -- lives ------------------------------------------------------------------------------------

    def hide(self) -> None:
        self.page.hide()
        self.page.tell("visibilitychange to hidden")

    def show(self) -> None:
        if self.page.frozen:
            self.resume(shown=True)
        else:
            self.page.tell("visibilitychange to visible")
            self.page.show()

    def freeze(self) -> None:
        if not self.page.hidden:
            self.hide()
        self.page.tell("freeze")
        self.page.freeze()

    def resume(self, *, shown: bool = False) -> None:
        page = self.page
        page.thaw()
        page.tell("resume")
        if shown:
            page.tell("visibilitychange to visible")
            page.show()
        page.catch_up(after_freeze=True)

    def stall(self, duration_us: int) -> None:
        self.do(spin(duration_us // MILLISECOND))

    def stop(self) -> None:
        self.page.stop()

    def go_on(self) -> None:
        self.page.unstop()

    def crash(self) -> None:
        self.page.unplug()

    def close(self) -> None:
        self._go(UnloadCause.CLOSED)

    def close_unasked(self) -> None:
        self._go(UnloadCause.CLOSED_UNASKED)

    def close_itself(self) -> None:
        self._go(
            UnloadCause.CLOSED_ITSELF if self.beside is None else UnloadCause.CLOSED_BESIDE_OPENER
        )

    def navigate(self) -> None:
        self._cache()
        self._history.append(self.page)
        self.page = self._load()

    def back(self) -> None:
        self._cache()
        last = self._history.pop()
        if last.alive():
            self.page = last
            last.restore()
        else:
            self.page = self._load()

    def _cache(self) -> None:
        if self.unload or self._has_related():
            self._go(UnloadCause.REPLACED)
            return
        for event in unload_events(UnloadCause.CACHED, hidden=self.page.hidden):
            self.page.tell(event.value)
        self.page.put_away()

    def _has_related(self) -> bool:
        """An opener, or a window that it has opened: either may reach into the other's page."""
        return self.beside is not None or any(
            other.beside is self and other.page.alive() for other in self._browser.windows.values()
        )

    def reload(self) -> None:
        self._go(UnloadCause.REPLACED)
        self.page = self._load()

    def discard(self) -> None:
        if not self.page.hidden:
            self.hide()
        self.page.unplug()

    def revive(self) -> None:
        self.was_discarded = True
        self.page = self._load()

    def _go(self, way: UnloadCause) -> None:
        page = self.page
        if not page.busy():
            page.thaw()
            for event in unload_events(way, hidden=page.hidden):
                if not page.busy() and (event is not PageEvent.UNLOAD or self.unload):
                    page.tell(event.value)
            if page.busy():
                self._browser.kernel.after(PAGEHIDE_LIMIT_US, lambda _: page.unplug(), None)
                return
        page.unplug()
        if self is self._browser.shared:
            for window in self._browser.windows:
                self._browser.devices.stop_sharing(window)


class FakeRig:
    """`tests.conformance.windows.browser_rig.Rig`."""

    slack_us = 100 * MILLISECOND
    intensive_after_us = INTENSIVE_AFTER_US

    def __init__(self, seed: int) -> None:
        self.browser = FakeBrowser(seed)

    @property
    def now_us(self) -> int:
        return self.browser.kernel.now_us

    def window(
        self, name: str, *, unload: bool = False, background: bool = False, isolated: bool = False
    ) -> AnyWindow:
        window = self.browser.open(name)
        window.unload = unload
        if background:
            window.page.hide(never_shown=True)
        return window

    def opened(self, name: str, by: AnyWindow) -> AnyWindow:
        return self.browser.windows[name]

    def stranger(self, name: str) -> AnyWindow:
        window = self.browser.open(name)
        window.stranger = True
        return window

    def run_for(self, duration_us: int) -> None:
        self.browser.kernel.run_for(duration_us)

    def decide(self, permission: Literal["granted", "denied"]) -> None:
        self.browser.devices.decide(permission)

    def shared(self) -> AnyWindow:
        window = self.browser.shared = self.browser.open("shared")
        return window

    def end(self) -> None:
        self.browser.kernel.clear()
