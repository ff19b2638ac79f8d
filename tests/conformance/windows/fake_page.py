"""A page on the fakes: it performs the steps of a case in virtual time and tells what happens to
it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from oneroom.core.events import Event, Received
from oneroom.core.messages import Probe
from oneroom.core.state import Source
from oneroom.driver.page import EventLoop
from oneroom.ports.page import TaskSource
from oneroom_fakes.broadcast_channel import ChannelEndpoint
from oneroom_fakes.local_storage import QuotaExceededError, StorageEvent
from oneroom_fakes.page_events import RESTORE_EVENTS
from oneroom_fakes.structured_clone import DataCloneError, broadcast
from oneroom_fakes.web_locks import LockMode, LockRequest, LockSnapshot, NotSupportedError
from tests.conformance.windows.browser_rig import Entry
from tests.conformance.windows.steps import Step
from tests.conformance.windows.values import CLONABLE, UNCLONABLE, described
from tests.units import MILLISECOND

if TYPE_CHECKING:
    from tests.conformance.windows.fake_browser_rig import FakeBrowser, FakeWindow


_SOURCES = {"microphone": Source.MICROPHONE, "camera": Source.CAMERA, "screen": Source.SCREEN_SHARE}


class Request(LockRequest):
    """One `navigator.locks.request` of a page: it tells what becomes of it."""

    def __init__(self, page: FakePage, label: str, of: str, mode: LockMode) -> None:
        super().__init__(page.locks, of, mode)
        self._page = page
        self._label = label

    def granted(self) -> None:
        self._page.tell(f"{self._label} granted")

    def refused(self) -> None:
        self._page.tell(f"{self._label} refused")
        self._page.tell(f"{self._label} ended")

    def stolen(self) -> None:
        self._page.tell(f"{self._label} failed with AbortError")


class FakePage(EventLoop):
    """One document of a window."""

    def __init__(self, browser: FakeBrowser, window: FakeWindow) -> None:
        kernel = browser.kernel
        super().__init__(kernel, kernel.trace, kernel.grid, window.name, bus_runs_frozen=True)
        self.browser = browser
        self.window = window
        self.told: list[Entry] = []
        self.ports: dict[str, ChannelEndpoint] = {}
        self.requests: dict[str, Request] = {}
        self.locks = browser.locks.client(self)
        self.local = browser.storage.area(self, window.process)
        self.local.listeners.append(self._stored)
        browser.devices.attach(self, self._captured_no_more)
        self._reactions: list[tuple[str, list[Step]]] = []
        self._microtasks: list[tuple[Callable[[Any], None], Any]] = []
        self._performing = 0
        self._later: list[Step] = []
        self._peers = ""
        self._began_us = kernel.now_us

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

    def deliver(self, source: TaskSource, event: Event) -> None:
        raise AssertionError("only locks deliver events here, and those to their request")

    def unplug(self) -> None:
        """The document is gone, whichever way."""
        if self.gone:
            return
        self.die()
        for port in self.ports.values():
            self.browser.leave(port)
        self.locks.gone()
        self.browser.storage.forget(self.local)
        self.browser.devices.gone(self.name)

    def put_away(self) -> None:
        """Into the back/forward cache."""
        self.hide()
        self.cache(self.unplug)
        self.locks.cache(self.unplug)

    def restore(self) -> None:
        """Out of it again."""
        self.uncache()
        self.locks.uncache()
        for event in RESTORE_EVENTS:
            self.tell(event.value)
        self.show()
        self.catch_up(after_freeze=True)

    # -- the steps --------------------------------------------------------------------------------

    def _note(self, text: str) -> None:
        self.tell(text)

    def _react(self, start: str, steps: list[Step]) -> None:
        self._reactions.append((start, steps))

    def _channel(self, name: str, of: str) -> None:
        self.ports[name] = self.browser.join(self, name, of)

    def hear(self, name: str, received: Received) -> None:
        """A message arrived at a channel."""
        self.run(TaskSource.BUS, self._hear, (name, received))

    def _hear(self, heard: tuple[str, Received]) -> None:
        name, received = heard
        if not self.browser.closed(self.ports[name]):
            value = self.browser.value(received)
            self.tell(f"{name} hears {described(value)}")

    def _post(self, name: str, value: object) -> None:
        if self.browser.closed(self.ports[name]):
            self.tell("threw InvalidStateError")
            return
        try:
            number = self.browser.said(broadcast(value))
        except DataCloneError:
            self.tell("threw DataCloneError")
        else:
            self.ports[name].post(Probe(self.name, 0, 0, number, False))

    def _post_unclonable(self, name: str, kind: str) -> None:
        self._post(name, UNCLONABLE[kind])

    def _post_clonable(self, name: str, kind: str) -> None:
        self._post(name, CLONABLE[kind])

    def _shut(self, name: str) -> None:
        self.browser.leave(self.ports[name])

    def _put(self, key: str, value: str) -> None:
        try:
            self.local.set_item(key, value)
        except QuotaExceededError:
            self.tell("threw QuotaExceededError")

    def _fill(self, key: str, units: int, letter: str) -> None:
        self._put(key, letter * units)

    def _read(self, key: str) -> None:
        self.tell(f"{key} is {shortened(self.local.get_item(key))}")

    def _remove(self, key: str) -> None:
        self.local.remove_item(key)

    def _clear(self) -> None:
        self.local.clear()

    def _stored(self, event: StorageEvent) -> None:
        key = "null" if event.key is None else event.key
        self.tell(f"storage {key}: {shortened(event.old_value)} to {shortened(event.new_value)}")

    def _put_session(self, key: str, value: str) -> None:
        self.window.session[key] = value

    def _read_session(self, key: str) -> None:
        self.tell(f"{key} is {self.window.session.get(key, 'null')} in the session")

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
        self.locks.query(partial(self._counted, of))

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
        self.browser.kernel.at(self.scheduler.now_us + MILLISECOND, self._arrive, f"fetch {name}")

    def _arrive(self, what: str) -> None:
        self.run(TaskSource.NETWORK, self.tell, what)

    def _spin(self, delay_ms: int) -> None:
        held_up = [page for page in self.browser.pages_of(self.local.process) if page.alive()]
        for page in held_up:
            page.stall()
        self.browser.kernel.after(delay_ms * MILLISECOND, self._spun, held_up)

    def _spun(self, held_up: list[FakePage]) -> None:
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
        self.browser.kernel.at(
            self.scheduler.now_us + 100 * MILLISECOND, self._arrive, "peer connected"
        )

    def in_call(self) -> bool:
        return bool(self._peers)

    def _capture(self, name: str) -> None:
        source = _SOURCES[name]

        def answered(granted: bool) -> None:
            self.tell(f"{name} captured" if granted else f"{name} failed with NotAllowedError")

        self.browser.devices.capture(self.name, source, answered)

    def _captured_no_more(self, source: Source) -> None:
        [name] = [name for name, one in _SOURCES.items() if one is source]
        self.tell(f"{name} ended")

    def _stop_capture(self, name: str) -> None:
        self.browser.devices.release(self.name, _SOURCES[name])

    def _captured(self, name: str) -> None:
        is_live = (self.name, _SOURCES[name]) in self.browser.devices.capturing
        self.tell(f"{name} is {'live' if is_live else 'ended'}")

    def _permission(self, name: str) -> None:
        self._arrive(f"{name} is {self.browser.devices.permission}")

    def _open(self, other: str, features: str) -> None:
        self.browser.open(other, self.window, features)

    def _close_itself(self) -> None:
        self.window.close_itself()

    def _state(self) -> None:
        discarded = ", was discarded" if self.window.was_discarded else ""
        self.tell(f"is {'hidden' if self.hidden else 'visible'}{discarded}")


def shortened(text: str | None) -> str:
    """As JavaScript would print it."""
    if text is None:
        return "null"
    return f"{len(text)} units" if len(text) > 40 else text
