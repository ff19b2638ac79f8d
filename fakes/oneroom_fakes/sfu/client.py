"""The Rooms of one window: `oneroom.ports.room.Room`, and what the window's life does to them.

Rules: one SDK client (`oneroom_fakes.sfu.rtc_engine`) per epoch, because a window may open a Room
while an older one still says goodbye. What a client does is decided there; here it is looked up.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.core.state import Source
from oneroom.ports.devices import Devices
from oneroom.ports.observer import Observer
from oneroom.ports.page import Page
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.network import NetworkPath
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.rtc_engine import RTCEngine
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.sfu.timers import ClientTimers


class Rooms:
    """The SDK in one window. An epoch that is unknown or has ended is ignored: a closed SDK object
    does nothing.

    `observer` is taken as by every fake and not used: all that the world can see of a client
    happens at the server or at the devices.
    """

    def __init__(
        self,
        page: Page,
        path: NetworkPath,
        sfu: Sfu,
        scheduler: Scheduler,
        choices: Choices,
        observer: Observer,
        devices: Devices,
        timers: ClientTimers | None = None,
    ) -> None:
        self._sfu = sfu
        self._devices = devices
        self._context = ClientContext(page, path, scheduler, choices, timers or ClientTimers())
        self._engines: dict[int, RTCEngine] = {}
        self._stops = 0  # reasons for which the process stands still; they may overlap

    def open(self, epoch: int, channel: str, token: str) -> None:
        """See `oneroom.ports.room.Room`. `channel` is ignored: `connect(url, token)` joins what the
        token names.
        """
        self._engines = {
            number: engine for number, engine in self._engines.items() if not engine.is_closed()
        }
        self._engines[epoch] = RTCEngine(self._context, self._sfu, self._devices, epoch, token)
        self._engines[epoch].connect()

    def close(self, epoch: int) -> None:
        """See `oneroom.ports.room.Room`."""
        engine = self._engines.get(epoch)
        if engine is not None:
            engine.disconnect()

    def publish(self, epoch: int, source: Source, muted: bool) -> None:
        """See `oneroom.ports.room.Room`."""
        engine = self._engines.get(epoch)
        if engine is not None:
            engine.publish(source, muted)

    def unpublish(self, epoch: int, source: Source) -> None:
        """See `oneroom.ports.room.Room`."""
        engine = self._engines.get(epoch)
        if engine is not None:
            engine.unpublish(source)

    def set_muted(self, epoch: int, muted: bool) -> None:
        """See `oneroom.ports.room.Room`."""
        engine = self._engines.get(epoch)
        if engine is not None:
            engine.set_muted(muted)

    def simulate(self, epoch: int, scenario: str) -> None:
        """One of LiveKit's own faults, by the name of its `SimulateScenarioKind`."""
        engine = self._engines.get(epoch)
        if engine is not None:
            engine.simulate(scenario)

    def capture_ended(self, source: Source) -> None:
        """The browser, the user or the system ended a capture of this window."""
        for engine in self._engines.values():
            engine.capture_ended(source)

    # The window's life. Freezing and stalling need no word: they hold the page's tasks back, and
    # media goes on.

    def page_left(self) -> None:
        """`pagehide`: the SDK closes its Rooms, whatever the page does (`disconnectOnPageLeave`, on
        by default).
        """
        for engine in self._engines.values():
            engine.disconnect()

    def died(self) -> None:
        """The process is gone without a goodbye (crash, kill): sockets close, media stops, devices
        are freed.
        """
        for engine in self._engines.values():
            engine.died()
        self._engines.clear()

    def stopped(self) -> None:
        """The process stands still (SIGSTOP, machine asleep): its media too."""
        self._stops += 1
        self._run_media()

    def continued(self) -> None:
        """The process goes on, unless it is stopped for another reason still."""
        self._stops -= 1
        self._run_media()

    def end(self) -> None:
        """The run is over: let go of everything."""
        for engine in self._engines.values():
            engine.let_go()
        self._engines.clear()

    def _run_media(self) -> None:
        for engine in self._engines.values():
            engine.run_media(self._stops == 0)
