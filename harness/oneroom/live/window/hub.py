"""The hub: bus, lock, storage, terms, tokens and devices that the windows of one user share.

Rules: these are the simulator's own fakes on a real clock; a `WindowProxy` stands for each window
and forwards the fakes' calls to its process. A window's request takes effect at the time at which
the window made it, so the delay of the pipe is not part of the run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.core.bus_kind import BusKind
from oneroom.core.events import Event, Received
from oneroom.core.state import Source
from oneroom.driver.recorder import Recorder
from oneroom.live.clock import LiveClock
from oneroom.live.process import pipe
from oneroom.live.process.pipe import Frame
from oneroom.ports.observer import Loss, Observer
from oneroom.ports.page import TaskSource
from oneroom.scenario.model import Scenario
from oneroom_fakes import storage_bus
from oneroom_fakes.devices import Devices
from oneroom_fakes.link import BusEndpoint
from oneroom_fakes.local_storage import RendererProcess, StorageNotice, StorageService, Write
from oneroom_fakes.network import Network
from oneroom_fakes.terms import TermCounter
from oneroom_fakes.tokens import Claims, Tokens, TokenService
from oneroom_fakes.user_buses import UserBuses
from oneroom_fakes.web_locks import LockManager, LockSnapshot
from oneroom_fakes.window_locks import WindowRequest, queried


class Hub:
    """The hub of one run. `sign` signs the tokens for the real server."""

    def __init__(
        self,
        scenario: Scenario,
        clock: LiveClock,
        choices: Choices,
        recorder: Recorder,
        sign: Callable[[Claims], str],
    ) -> None:
        self.scenario = scenario
        self.clock = clock
        self.choices = choices
        self.recorder = recorder
        self.sign = sign
        bus = scenario.bus
        self.buses = UserBuses(
            clock,
            choices,
            recorder,
            bus.delays_us,
            bus.loss_ratio,
            bus.duplicate_ratio,
            total_order=scenario.engine == "chromium",
        )
        self.locks = LockManager(clock, choices)
        self.storage = StorageService(clock, choices)
        self.terms = TermCounter(clock, choices)
        mint = scenario.tokens.mint
        self.minting = TokenService(mint.low_us, mint.high_us, scenario.tokens.ttl_us)
        self.app_network = Network(clock, choices, 0, 0)
        self.devices = Devices(clock, choices, recorder, scenario.microphone)


class WindowProxy:
    """One runtime of a window as the fakes see it: a `Page` whose tasks run in another process.

    Methods whose name begins with `on_` handle the frames that its process sends for the fakes.
    """

    def __init__(self, hub: Hub, name: str, identity: str, send: Callable[[Frame], None]) -> None:
        self.name = name
        self.gone = False
        self._hub = hub
        self._send = send
        recorder = hub.recorder
        hub.devices.attach(self)
        # Bus messages over storage are written by the hub: the window's process does not see
        # them.
        self._bus_area = hub.storage.area(self)
        kinds = hub.scenario.buses_of(name)
        self.ends: dict[BusKind, BusEndpoint] = {
            kind: self._join(kind, number) for number, kind in enumerate(kinds)
        }
        self.locks = hub.locks.client(self)
        self._requests: list[_ProxyRequest] = []
        self._area = hub.storage.area(self, _process(hub.storage, self))
        self._terms = hub.terms.connection(self)
        self._tokens = Tokens(
            self,
            hub.app_network.path(name),
            hub.clock,
            hub.choices,
            recorder,
            identity,
            hub.minting,
            hub.sign,
        )

    # The Page port.

    def deliver(self, source: TaskSource, event: Event) -> None:
        """Queue the event in the process."""
        self.say("deliver", source, *pipe.encode(event))

    def run(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> None:
        """Call `callback` at once: every callback here sends a frame, whose task the process
        queues.
        """
        callback(argument)

    def after(self, delay_us: int, callback: Callable[[Any], None], argument: Any) -> None:
        """Never called: timers of a page are in its process."""
        raise AssertionError("no fake of the hub sets timers of a page")

    def microtask(self, callback: Callable[[Any], None], argument: Any) -> None:
        """Never called: scripts of a page run in its process."""
        raise AssertionError("no script runs in the hub")

    def alive(self) -> bool:
        return not self.gone

    def busy(self) -> bool:
        return False

    def stopped(self) -> bool:
        return False

    # To the process.

    def say(self, verb: str, *arguments: Any) -> None:
        """Send a frame with the current time and cause."""
        if not self.gone:
            clock = self._hub.clock
            self._send(Frame(clock.now_us, clock.trace.cause, verb, arguments))

    def _join(self, kind: BusKind, number: int) -> BusEndpoint:
        """Join a bus; `number` is its index among the window's buses."""
        hub = self._hub

        def hear(received: Received) -> None:
            if self.gone:
                hub.recorder.message_lost(self.name, Loss.GONE)
            else:
                self.say("hear", number, *pipe.encode(received.message))

        return hub.buses.join(kind, self, self._bus_area, hear)

    def leave(self) -> None:
        """Free what the window held, as the browser does after an unload or a crash."""
        self.gone = True
        for end in self.ends.values():
            end.close()
        self._hub.storage.forget(self._bus_area)
        self.locks.gone()
        self._hub.storage.forget(self._area)
        self._hub.devices.gone(self.name)

    # From the process.

    def on_post(self, number: int, name: str, content: Any) -> None:
        tuple(self.ends.values())[number].post(pipe.decode_message((name, content)))

    def on_lock_enqueue(self, number: int, name: str, shared: bool) -> None:
        self._hub.locks.enqueue(self._request(number, name, shared=shared))

    def on_lock_offer(self, number: int, name: str, shared: bool) -> None:
        self._hub.locks.offer(self._request(number, name, shared=shared))

    def on_lock_steal(self, number: int, name: str, shared: bool) -> None:
        self._hub.locks.steal(self._request(number, name, shared=shared))

    def on_lock_release(self, number: int) -> None:
        self._hub.locks.free(self._requests[number])

    def on_lock_query(self, number: int) -> None:
        self._hub.locks.answer((self.locks, partial(self._answered, number)))

    def _request(self, number: int, name: str, *, shared: bool) -> _ProxyRequest:
        request = _ProxyRequest(self, self._hub.recorder, number, name, shared=shared)
        self._requests.append(request)
        return request

    def _answered(self, number: int, snapshot: LockSnapshot) -> None:
        answer = queried(number, self.locks, snapshot)
        self.say("lock_answered", number, answer.mine, answer.rank)

    def on_storage_put(self, key: str | None, value: str | None) -> None:
        self._hub.storage.put(Write(self._area, key, value))

    def on_take_term(self, number: int, after: int) -> None:
        self._terms.take(number, after)

    def on_read_term(self, number: int) -> None:
        self._terms.read(number)

    def on_mint(self, epoch: int, channel: str) -> None:
        self._tokens.mint(epoch, channel)

    def on_capture(self, source: int) -> None:
        asked = Source(source)
        self._hub.devices.capture(
            self.name, asked, lambda granted: self.say("captured", asked, granted)
        )

    def on_release(self, source: int) -> None:
        self._hub.devices.release(self.name, Source(source))


class _ProxyRequest(WindowRequest):
    """The lock manager's side of a window's request: callbacks become frames."""

    def __init__(
        self, window: WindowProxy, observer: Observer, number: int, name: str, *, shared: bool
    ) -> None:
        super().__init__(window.locks, observer, name, shared=shared)
        self._window = window
        self._number = number

    def granted(self) -> None:
        self._window.say("lock_granted", self._number)

    def refused(self) -> None:
        self._window.say("lock_refused", self._number)

    def stolen(self) -> None:
        self._window.say("lock_stolen", self._number)


class _Process(RendererProcess):
    """The storage service's side of a window's process: notifications become frames."""

    def __init__(self, service: StorageService, seat: WindowProxy) -> None:
        super().__init__(service)
        self._seat = seat

    def told(self, told: StorageNotice) -> None:
        write, event = told.write, told.event
        if write.key == storage_bus.KEY:
            return
        news = None if event is None else (event.old_value,)
        self._seat.say("storage_told", write.writer.process is self, write.key, write.value, news)

    def refused(self, write: Write) -> None:
        present = None if write.key is None else self.service.items.get(write.key)
        self._seat.say("storage_refused", write.key, write.value, present)


def _process(service: StorageService, seat: WindowProxy) -> RendererProcess:
    process = _Process(service, seat)
    service.processes.append(process)
    return process
