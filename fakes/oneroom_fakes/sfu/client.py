"""The Rooms of one window: `oneroom.ports.room.Room`, and the events of the window's life.

Rules: one SDK client (`oneroom_fakes.sfu.rtc_engine`) per epoch, because a window may open a Room
while an older one is still closing. This file finds the client of a call; the client does the rest.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.core.state import Source
from oneroom.ports.devices import Devices
from oneroom.ports.observer import Observer
from oneroom.ports.page import SocketPage
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.network import NetworkPath
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.rtc_engine import RTCEngine
from oneroom_fakes.sfu.sdk import Sdk
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.tokens import parse


class Rooms:
    """The SDK in one window. Calls for an epoch that is unknown or has ended are ignored: a closed
    SDK object does nothing.

    `observer` is told of tokens that have expired before they are tried; all else that the world
    can see of a client happens at the server or at the devices.
    """

    def __init__(
        self,
        page: SocketPage,
        path: NetworkPath,
        sfu: Sfu,
        scheduler: Scheduler,
        choices: Choices,
        observer: Observer,
        devices: Devices,
        sdk: Sdk,
    ) -> None:
        self._sfu = sfu
        self._observer = observer
        self._devices = devices
        self._context = ClientContext(page, path, scheduler, choices, sdk)
        self._engines: dict[int, RTCEngine] = {}
        self._stops = 0  # reasons for which the process is stopped; they may overlap

    def open(self, epoch: int, channel: str, token: str) -> None:
        """See `oneroom.ports.room.Room`. `channel` is ignored: `connect(url, token)` joins the room
        that the token names.
        """
        self._engines = {
            number: engine for number, engine in self._engines.items() if not engine.is_closed()
        }
        if parse(token).expires_us <= self._context.scheduler.now_us:
            self._observer.expired_token_tried(self._context.page.name, epoch)
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
        """Play one of LiveKit's own faults, by the name of its `SimulateScenarioKind`."""
        engine = self._engines.get(epoch)
        if engine is not None:
            engine.simulate(scenario)

    def restarts(self, epoch: int) -> bool:
        """Tell a Room that is being joined anew from one that is resumed, as the SDK does."""
        engine = self._engines.get(epoch)
        return engine is not None and engine.restarts()

    def capture_ended(self, source: Source) -> None:
        """The browser, the user or the system ended a capture of this window."""
        for engine in self._engines.values():
            engine.capture_ended(source)

    def set_online(self, online: bool) -> None:
        """The page got the event `online` or `offline`."""
        for engine in self._engines.values():
            engine.set_online(online)

    # The window's life. There is no method for a freeze or a stall: they hold back the page's
    # tasks, and media goes on.

    def page_left(self) -> None:
        """`beforeunload` or `pagehide`: the SDK closes its Rooms, whatever the page does
        (`disconnectOnPageLeave`, on by default).
        """
        for engine in self._engines.values():
            engine.disconnect()

    def died(self) -> None:
        """The process ended without a Leave (crash, kill): sockets close, media stops, devices are
        released.
        """
        for engine in self._engines.values():
            engine.died()
        self._engines.clear()

    def stopped(self) -> None:
        """The process was stopped (SIGSTOP, machine asleep), and its media with it."""
        self._stops += 1
        self._run_media()

    def continued(self) -> None:
        """One reason for a stop is over; the process continues when none is left."""
        self._stops -= 1
        self._run_media()

    def end(self) -> None:
        """The run is over: drop all references."""
        for engine in self._engines.values():
            engine.let_go()
        self._engines.clear()

    def _run_media(self) -> None:
        for engine in self._engines.values():
            engine.run_media(self._stops == 0)
