"""A page on the fakes: a runtime of the simulator that performs the steps of a case, and tells what
happens to it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from oneroom.core.events import Received
from oneroom.core.state import Source
from oneroom.driver.window import Window
from oneroom.ports.page import TaskSource
from oneroom.ports.page_event import PageEvent
from oneroom.sim.browser import WindowHandle
from oneroom.sim.runtimes import Opening
from oneroom_fakes.broadcast_channel import ChannelEndpoint
from oneroom_fakes.local_storage import QuotaExceededError, StorageEvent
from oneroom_fakes.structured_clone import DataCloneError, broadcast
from oneroom_fakes.user_buses import UserBuses
from oneroom_fakes.web_locks import LockMode, LockRequest, LockSnapshot, NotSupportedError
from tests.conformance.windows.browser_rig import Entry
from tests.conformance.windows.steps import Step
from tests.conformance.windows.values import CLONABLE, UNCLONABLE, described
from tests.units import MILLISECOND

if TYPE_CHECKING:
    from tests.conformance.windows.fake_browser_rig import FakeBrowser


_SOURCES = {"microphone": Source.MICROPHONE, "camera": Source.CAMERA, "screen": Source.SCREEN_SHARE}


class Request(LockRequest):
    """One `navigator.locks.request` of a page: it tells what becomes of it."""

    def __init__(self, page: FakePage, label: str, of: str, mode: LockMode) -> None:
        super().__init__(page.handle.locks, of, mode)
        self._page = page
        self._label = label

    def granted(self) -> None:
        self._page.tell(f"{self._label} granted")

    def refused(self) -> None:
        self._page.tell(f"{self._label} refused")
        self._page.tell(f"{self._label} ended")

    def stolen(self) -> None:
        self._page.tell(f"{self._label} failed with AbortError")


class FakePage(Window):
    """One document of a window. `connect` is called once, right after construction."""

    handle: WindowHandle
    channels: UserBuses

    def __init__(self, kit: FakeBrowser, opening: Opening) -> None:
        kernel = kit.kernel
        super().__init__(
            kernel, kernel.trace, kit.world.browser.grid, opening.window, bus_runs_frozen=True
        )
        self.kit = kit
        self.told: list[Entry] = []
        self.ports: dict[str, ChannelEndpoint] = {}
        self.requests: dict[str, Request] = {}
        self.may_be_cached = opening.window not in kit.listen_to_unload
        self._was_discarded = opening.was_discarded
        self._closed: set[str] = set()
        self._reactions: list[tuple[str, list[Step]]] = []
        self._microtasks: list[tuple[Callable[[Any], None], Any]] = []
        self._performing = 0
        self._later: list[Step] = []
        self._peers = ""
        self._began_us = kernel.now_us

    def connect(self, handle: WindowHandle, channels: UserBuses) -> None:
        """Give it what its page has of the browser."""
        self.handle = handle
        self.channels = channels
        handle.area.listeners.append(self._stored)
        handle.capture_ended = self._captured_no_more

    # -- what the world tells ---------------------------------------------------------------------

    def begin(self) -> None:
        self.tell("began")

    def dispatch(self, event: PageEvent) -> None:
        if event is not PageEvent.UNLOAD or not self.may_be_cached:
            self.tell(event.value)

    def die(self) -> None:
        super().die()
        for name in list(self.ports):
            self._shut(name)
        self.kit.gone(self)

    # -- what is told -----------------------------------------------------------------------------

    def tell(self, what: str) -> None:
        """Something happened; the steps that wait for it are performed at once."""
        self.told.append(Entry(self.scheduler.now_us, what))
        for start, steps in list(self._reactions):
            if what.startswith(start):
                self.perform(steps)

    def perform(self, steps: list[Step]) -> None:
        """Part of a task; what comes after a long part waits for its end."""
        self._performing += 1
        for place, (verb, *rest) in enumerate(steps):
            getattr(self, f"_{verb}")(*rest)
            if verb == "spin":
                self._later = steps[place + 1 :]
                return
        self._performing -= 1
        if not self._performing:
            self._end_script()

    def microtask(self, callback: Callable[[Any], None], argument: Any) -> None:
        self._microtasks.append((callback, argument))
        if not self._performing:
            self._end_script()

    def _end_script(self) -> None:
        while self._microtasks:
            callback, argument = self._microtasks.pop(0)
            callback(argument)

    # -- the steps --------------------------------------------------------------------------------

    def _note(self, text: str) -> None:
        self.tell(text)

    def _react(self, start: str, steps: list[Step]) -> None:
        self._reactions.append((start, steps))

    def _channel(self, name: str, of: str) -> None:
        self._closed.discard(name)
        hear = partial(self.hear, name)
        self.ports[name] = self.channels.channel(of).join(self.name, hear)

    def hear(self, name: str, received: Received) -> None:
        """A message arrived at a channel."""
        self.run(TaskSource.BUS, self._hear, (name, received))

    def _hear(self, heard: tuple[str, Received]) -> None:
        name, received = heard
        if name not in self._closed:
            self.tell(f"{name} hears {described(received.message)}")

    def _post(self, name: str, value: object) -> None:
        if name in self._closed:
            self.tell("threw InvalidStateError")
            return
        try:
            self.ports[name].post(broadcast(value))
        except DataCloneError:
            self.tell("threw DataCloneError")

    def _post_unclonable(self, name: str, kind: str) -> None:
        self._post(name, UNCLONABLE[kind])

    def _post_clonable(self, name: str, kind: str) -> None:
        self._post(name, CLONABLE[kind])

    def _shut(self, name: str) -> None:
        if name not in self._closed:
            self._closed.add(name)
            self.ports[name].close()

    def _put(self, key: str, value: str) -> None:
        try:
            self.handle.area.set_item(key, value)
        except QuotaExceededError:
            self.tell("threw QuotaExceededError")

    def _fill(self, key: str, units: int, letter: str) -> None:
        self._put(key, letter * units)

    def _read(self, key: str) -> None:
        self.tell(f"{key} is {shortened(self.handle.area.get_item(key))}")

    def _remove(self, key: str) -> None:
        self.handle.area.remove_item(key)

    def _clear(self) -> None:
        self.handle.area.clear()

    def _stored(self, event: StorageEvent) -> None:
        key = "null" if event.key is None else event.key
        self.tell(f"storage {key}: {shortened(event.old_value)} to {shortened(event.new_value)}")

    def _put_session(self, key: str, value: str) -> None:
        self.handle.session[key] = value

    def _read_session(self, key: str) -> None:
        self.tell(f"{key} is {self.handle.session.get(key, 'null')} in the session")

    def _lock(self, name: str, of: str, how: str, mode: str) -> None:
        options = set(how.split(" and "))
        request = self.requests[name] = Request(self, name, of, LockMode(mode))
        try:
            request.send(
                steal="steal" in options,
                if_available="ifAvailable" in options,
                signal="signal" in options,
            )
        except NotSupportedError:
            self._tell_soon(f"{name} failed with NotSupportedError")

    def _release(self, name: str) -> None:
        self.requests[name].release()
        self._tell_soon(f"{name} ended")

    def _abort(self, name: str) -> None:
        if not self.requests[name].held:
            self.requests[name].abort()
            self._tell_soon(f"{name} failed with AbortError")

    def _query(self, of: str) -> None:
        self.handle.locks.query(partial(self._counted, of))

    def _counted(self, of: str, snapshot: LockSnapshot) -> None:
        held, pending = ([one for one in part if one.name == of] for part in snapshot)
        self.tell(f"{of} has {len(held)} held, {len(pending)} pending")

    def _tell_soon(self, what: str) -> None:
        self.microtask(self.tell, what)

    def _timer(self, delay_ms: int, name: str) -> None:
        self.after(delay_ms * MILLISECOND, self.tell, f"timer {name}")

    def _every(self, delay_ms: int, name: str) -> None:
        self.every(delay_ms * MILLISECOND, self.tell, f"tick {name}")

    def _chain(self, delay_ms: int, count: int, name: str) -> None:
        if count:
            self.after(delay_ms * MILLISECOND, self._link, (delay_ms, count - 1, name))

    def _link(self, link: tuple[int, int, str]) -> None:
        self.tell(f"link {link[2]}")
        self._chain(*link)

    def _microtask(self, name: str) -> None:
        self._tell_soon(f"microtask {name}")

    def _port(self, name: str) -> None:
        self.soon(TaskSource.NETWORK, self.tell, f"port {name}")

    def _fetch(self, name: str) -> None:
        self.kit.kernel.at(self.scheduler.now_us + MILLISECOND, self._arrive, f"fetch {name}")

    def _arrive(self, what: str) -> None:
        self.run(TaskSource.NETWORK, self.tell, what)

    def _spin(self, delay_ms: int) -> None:
        held_up = [handle.window for handle in self.kit.world.windows.process_of(self.name)]
        for page in held_up:
            page.stall()
        self.kit.kernel.after(delay_ms * MILLISECOND, self._spun, held_up)

    def _spun(self, held_up: list[Window]) -> None:
        if self.alive():
            later, self._later = self._later, []
            self._performing -= 1
            self.perform(later)
        for page in held_up:
            page.unstall()

    def _elapsed(self) -> None:
        elapsed_ms = (self.scheduler.now_us - self._began_us) / MILLISECOND
        self.tell(f"elapsed {elapsed_ms} {elapsed_ms}")

    def _connect(self, kind: str) -> None:
        self._peers = kind
        self.kit.kernel.at(
            self.scheduler.now_us + 100 * MILLISECOND, self._arrive, "peer connected"
        )

    def in_call(self) -> bool:
        return bool(self._peers)

    def _capture(self, name: str) -> None:
        source = _SOURCES[name]

        def answered(granted: bool) -> None:
            self.tell(f"{name} captured" if granted else f"{name} failed with NotAllowedError")

        self.kit.world.browser.devices.capture(self.name, source, answered)

    def _captured_no_more(self, source: Source) -> None:
        [name] = [name for name, one in _SOURCES.items() if one is source]
        self.tell(f"{name} ended")

    def _stop_capture(self, name: str) -> None:
        self.kit.world.browser.devices.release(self.name, _SOURCES[name])

    def _captured(self, name: str) -> None:
        is_live = (self.name, _SOURCES[name]) in self.kit.world.browser.devices.capturing
        self.tell(f"{name} is {'live' if is_live else 'ended'}")

    def _permission(self, name: str) -> None:
        self._arrive(f"{name} is {self.kit.world.browser.devices.permission}")

    def _open(self, other: str, features: str) -> None:
        self.kit.open(other, opener=None if features == "noopener" else self.name)

    def _close_itself(self) -> None:
        self.kit.world.windows.close(self.name, by="script")

    def _state(self) -> None:
        discarded = ", was discarded" if self._was_discarded else ""
        self.tell(f"is {'hidden' if self.hidden else 'visible'}{discarded}")


def shortened(text: str | None) -> str:
    """As JavaScript would print it."""
    if text is None:
        return "null"
    return f"{len(text)} units" if len(text) > 40 else text
