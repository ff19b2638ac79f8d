"""A page on the fakes: the kit's own `page.js`, unmodified, in a JavaScript engine, as a runtime of
the simulator.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from oneroom.core.events import Received
from oneroom.core.state import Source
from oneroom.driver.window import Window
from oneroom.ports.page import TaskSource
from oneroom.ports.page_event import PageEvent
from oneroom.sim.browser import WindowHandle
from oneroom.sim.runtimes import Opening
from oneroom_fakes.broadcast_channel import ChannelEndpoint
from oneroom_fakes.local_storage import StorageEvent
from oneroom_fakes.user_buses import UserBuses
from oneroom_fakes.web_locks import LockInfo, LockMode, LockRequest, LockSnapshot
from tests.conformance.windows.browser_rig import Entry
from tests.conformance.windows.steps import Step
from tests.javascript.page_rig import Op, Page
from tests.units import MILLISECOND

if TYPE_CHECKING:
    from tests.conformance.windows.fake_browser_rig import FakeBrowser

_FOLDER = Path(__file__).parent
_SCRIPTS = [
    (_FOLDER / name).read_text(encoding="utf-8") for name in ("peer_connection.js", "page.js")
]
# `perform` is the page's own; the rig calls it as a task.
_START = "globalThis[Symbol.for('oneroom')].actions.set('perform', (steps) => perform(steps));"

_SOURCES = {
    "microphone": Source.MICROPHONE,
    "camera": Source.CAMERA,
    "screen_share": Source.SCREEN_SHARE,
}
# The name of an event as the page's turn has it, and whether its page is persisted.
_LIFECYCLE = {
    PageEvent.VISIBLE: ("visible", None),
    PageEvent.HIDDEN: ("hidden", None),
    PageEvent.PAGESHOW_PERSISTED: ("pageshow", True),
    PageEvent.PAGEHIDE_PERSISTED: ("pagehide", True),
}


class Request(LockRequest):
    """One `navigator.locks.request` of a page, by its number."""

    def __init__(self, page: FakePage, number: int, of: str, mode: LockMode) -> None:
        super().__init__(page.handle.locks, of, mode)
        self._page = page
        self._number = number

    def granted(self) -> None:
        self._page.turn("lock", self._number, "granted")

    def refused(self) -> None:
        self._page.turn("lock", self._number, "refused")

    def stolen(self) -> None:
        self._page.turn("lock", self._number, "stolen")


class FakePage(Window):
    """One document of a window. `connect` is called once, right after construction."""

    handle: WindowHandle
    channels: UserBuses
    script: Page

    def __init__(self, kit: FakeBrowser, opening: Opening) -> None:
        kernel = kit.kernel
        super().__init__(
            kernel, kernel.trace, kit.world.browser.grid, opening.window, bus_runs_frozen=True
        )
        self.kit = kit
        self.told: list[Entry] = []
        self.ports: dict[int, ChannelEndpoint] = {}
        self.requests: dict[int, Request] = {}
        self.sockets: set[int] = set()
        self._said_us = 0
        self.may_be_cached = opening.window not in kit.listen_to_unload
        self._was_discarded = opening.was_discarded
        self._in_call = False
        self._later: list[Op] = []  # ops of a busy task, from where it was busy
        self._items: dict[str, str] = {}  # localStorage, as the script has it

    def connect(self, handle: WindowHandle, channels: UserBuses) -> None:
        """Give it what its page has of the browser."""
        self.handle = handle
        self.channels = channels
        handle.area.listeners.append(self._stored)
        handle.capture_ended = self._captured_no_more

    # -- what the world tells ---------------------------------------------------------------------

    def begin(self) -> None:
        self._items = dict(self.handle.area.process.load())
        unload = "" if self.may_be_cached else "&unload"
        self.script = Page(
            self.scheduler.now_us,
            says=False,
            url=f"https://app.example/page.html?window={self.name}{unload}",
            visible=not self.hidden,
            discarded=self._was_discarded,
            local=self._items,
            session=self.handle.session,
        )
        for script in (*_SCRIPTS, _START):
            self._perform(self.script.run(script))

    def dispatch(self, event: PageEvent) -> None:
        self.turn("lifecycle", *_LIFECYCLE.get(event, (event.value, None)))

    def die(self) -> None:
        super().die()
        for port in self.ports.values():
            port.close()
        self.ports.clear()
        self.sockets.clear()
        self.kit.gone(self)

    def in_call(self) -> bool:
        return self._in_call

    # -- turns ------------------------------------------------------------------------------------

    def perform(self, steps: list[Step]) -> None:
        """A task of the page."""
        self.turn("action", "perform", json.dumps(steps))

    def turn(self, kind: str, *arguments: int | str | bool | None) -> None:
        """One event for the script, and what it wants done about it."""
        items = self.handle.area.process.load()
        if items != self._items:
            changes = [[key, items.get(key)] for key in {**self._items, **items}]
            self.script.turn("replica", json.dumps(changes))
            self._items = dict(items)
        self._perform(self.script.turn(kind, *arguments, at_us=self.scheduler.now_us))

    def _perform(self, ops: list[Op]) -> None:
        for place, (name, *arguments) in enumerate(ops):
            if self.gone:
                return
            if name == "busy":
                self._later = ops[place + 1 :]
                self._be_busy(arguments[0])
                return
            _PERFORMERS[name](self, *arguments)

    def _be_busy(self, duration_ms: int) -> None:
        held_up = [handle.window for handle in self.kit.world.windows.process_of(self.name)]
        for page in held_up:
            page.stall()
        self.kit.kernel.after(duration_ms * MILLISECOND, self._no_longer_busy, held_up)

    def _no_longer_busy(self, held_up: list[Window]) -> None:
        later, self._later = self._later, []
        self._perform(later)
        for page in held_up:
            page.unstall()

    # -- ops: what is told ------------------------------------------------------------------------

    def _do_beacon(self, url: str, body: str) -> None:
        self.told.append(Entry(self.scheduler.now_us, json.loads(body)[-1]))

    def _do_error(self, what: str, text: str, stack: str) -> None:
        raise AssertionError(f"{what}: {text}\n{stack}")

    # -- ops: time --------------------------------------------------------------------------------

    def _do_set_timer(self, number: int, delay_ms: int) -> None:
        self.after(delay_ms * MILLISECOND, self._fire_timer, number)

    def _do_set_interval(self, number: int, delay_ms: int) -> None:
        self.every(delay_ms * MILLISECOND, self._fire_timer, number)

    def _fire_timer(self, number: int) -> None:
        self.turn("timer", number)

    def _do_post_task(self, number: int) -> None:
        self.soon(TaskSource.NETWORK, partial(self.turn, "task"), number)

    # -- ops: channels ----------------------------------------------------------------------------

    def _do_open_channel(self, number: int, name: str) -> None:
        self.ports[number] = self.channels.channel(name).join(self.name, partial(self.hear, number))

    def _do_close_channel(self, number: int) -> None:
        self.ports.pop(number).close()

    def _do_post(self, number: int, text: str) -> None:
        self.ports[number].post(text)

    def hear(self, number: int, received: Received) -> None:
        """A message arrived at a channel."""
        self.run(TaskSource.BUS, partial(self.turn, "message", number), received.message)

    # -- ops: locks -------------------------------------------------------------------------------

    def _do_request_lock(
        self, number: int, name: str, mode: str, if_available: bool, steal: bool
    ) -> None:
        request = self.requests[number] = Request(self, number, name, LockMode(mode))
        request.send(steal=steal, if_available=if_available, signal=False)

    def _do_release_lock(self, number: int) -> None:
        self.requests[number].release()

    def _do_abort_lock(self, number: int) -> None:
        self.requests[number].abort()

    def _do_query_locks(self, number: int) -> None:
        self.handle.locks.query(partial(self._locks_queried, number))

    def _locks_queried(self, number: int, snapshot: LockSnapshot) -> None:
        held, pending = ([_described(one) for one in part] for part in snapshot)
        self.turn("lockSnapshot", number, json.dumps({"held": held, "pending": pending}))

    # -- ops: storage -----------------------------------------------------------------------------

    def _do_set_item(self, key: str | None, value: str | None) -> None:
        area = self.handle.area
        if key is None:
            area.clear()
        elif value is None:
            area.remove_item(key)
        else:
            area.set_item(key, value)
        self._items = dict(area.process.load())

    def _stored(self, event: StorageEvent) -> None:
        self.turn("storage", event.key, event.old_value, event.new_value)

    def _do_set_session_item(self, key: str, value: str) -> None:
        self.handle.session[key] = value

    # -- ops: network and devices -----------------------------------------------------------------

    def _do_fetch(self, number: int, url: str, *_: object) -> None:
        takes_ms = int(parse_qs(urlsplit(url).query).get("takes_ms", ["0"])[0])
        self.run(TaskSource.FETCH, self._request, (number, takes_ms))

    def _request(self, asked: tuple[int, int]) -> None:
        number, takes_ms = asked
        self.kit.kernel.after((takes_ms + 1) * MILLISECOND, self._answered, number)

    def _answered(self, number: int) -> None:
        self.run(TaskSource.FETCH, partial(self.turn, "response", number, 200), "{}")

    def _do_open_socket(self, number: int, *_: object) -> None:
        self.sockets.add(number)
        self.open_socket(self._socket_closed, number)
        self.socket_tells(number, "open")

    def _do_send_socket(self, number: int, text: str) -> None:
        self.kit.relay(self, number, text)

    def socket_tells(self, number: int, what: str, detail: str = "") -> None:
        """The server has said something, which is here in a moment."""
        self._said_us = max(self.scheduler.now_us + MILLISECOND, self._said_us + 1)
        task = partial(self.turn, "socket", number, what)
        self.kit.kernel.at(self._said_us, lambda _: self.run(TaskSource.SOCKET, task, detail), None)

    def _socket_closed(self, number: int) -> None:
        self.sockets.discard(number)
        self.turn("socket", number, "close", "{}")

    def _do_call(self) -> None:
        self._in_call = True
        self._arrive_after(100 * MILLISECOND, "action", "peer connected")

    def _arrive_after(self, delay_us: int, kind: str, *arguments: int | str) -> None:
        at_us = self.scheduler.now_us + delay_us
        self.kit.kernel.at(at_us, lambda _: self._arrive(kind, *arguments), None)

    def _arrive(self, kind: str, *arguments: int | str) -> None:
        self.run(TaskSource.NETWORK, lambda _: self.turn(kind, *arguments), None)

    def _do_capture(self, number: int, sources: list[str]) -> None:
        [source] = sources
        answered = partial(self._capture_answered, number, _SOURCES[source])
        self.kit.world.browser.devices.capture(self.name, _SOURCES[source], answered)

    def _capture_answered(self, number: int, source: Source, granted: bool) -> None:
        kind = "audio" if source is Source.MICROPHONE else "video"
        answer = {"tracks": [{"id": int(source), "kind": kind}]}
        self.turn(
            "capture", number, json.dumps(answer if granted else {"error": "NotAllowedError"})
        )

    def _captured_no_more(self, source: Source) -> None:
        self.turn("captureEnded", int(source))

    def _do_stop_capture(self, track: int) -> None:
        self.kit.world.browser.devices.release(self.name, Source(track))

    def _do_query_permission(self, number: int, name: str) -> None:
        self._arrive("permission", number, self.kit.world.browser.devices.permission)

    # -- ops: windows -----------------------------------------------------------------------------

    def _do_open_window(self, number: int, url: str, target: str, features: str) -> None:
        [name] = parse_qs(urlsplit(url).query)["window"]
        self.kit.open(name, opener=None if features == "noopener" else self.name)

    def _do_close_window(self, number: int | None) -> None:
        self.kit.world.windows.close(self.name, by="script")


def _described(info: LockInfo) -> dict[str, str]:
    return {"name": info.name, "mode": info.mode.value}


_PERFORMERS: dict[str, Callable[..., None]] = {
    "abortLock": FakePage._do_abort_lock,
    "beacon": FakePage._do_beacon,
    "call": FakePage._do_call,
    "capture": FakePage._do_capture,
    "closeChannel": FakePage._do_close_channel,
    "closeWindow": FakePage._do_close_window,
    "error": FakePage._do_error,
    "fetch": FakePage._do_fetch,
    "openChannel": FakePage._do_open_channel,
    "openSocket": FakePage._do_open_socket,
    "openWindow": FakePage._do_open_window,
    "post": FakePage._do_post,
    "postTask": FakePage._do_post_task,
    "queryLocks": FakePage._do_query_locks,
    "queryPermission": FakePage._do_query_permission,
    "releaseLock": FakePage._do_release_lock,
    "requestLock": FakePage._do_request_lock,
    "sendSocket": FakePage._do_send_socket,
    "setInterval": FakePage._do_set_interval,
    "setItem": FakePage._do_set_item,
    "setSessionItem": FakePage._do_set_session_item,
    "setTimer": FakePage._do_set_timer,
    "stopCapture": FakePage._do_stop_capture,
}
