"""The browser that all windows of a run are in, made of fakes: buses, locks, storage, devices.

Rules: a window is connected once, when its runtime begins. What happens to windows stands in
`windows` and `tabs`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oneroom.core.bus_kind import BusKind
from oneroom.core.state import Source
from oneroom.driver.bus_steps import BusEndpoint
from oneroom.driver.page import TimerGrid
from oneroom.driver.script import identity
from oneroom.driver.window import Window
from oneroom.ports.page import Page
from oneroom.sim.chat import WindowChat
from oneroom.sim.environment import Environment
from oneroom_fakes.devices import Devices
from oneroom_fakes.indexed_db import IndexedDB
from oneroom_fakes.lease_record import LeaseStorage
from oneroom_fakes.local_storage import StorageArea, StorageService
from oneroom_fakes.network import Network, NetworkPath
from oneroom_fakes.sfu.client import Rooms
from oneroom_fakes.sfu.sdk import SDKS
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.terms import TermCounter
from oneroom_fakes.tokens import Tokens, TokenService
from oneroom_fakes.user_buses import UserBuses
from oneroom_fakes.web_locks import LockClient, LockManager


class BusEnd(BusEndpoint, Protocol):
    """A window's end of one of its buses."""

    def close(self) -> None:
        """Leave the bus: the window is gone."""


class WindowHandle:
    """A runtime of a window, and what its page has of the browser, as the world keeps it in order
    to do things to it. `ends` are its ends of its buses, `chat` is its chat if it has one, and
    `capture_ended` is called in its page with the source of a capture that ends from outside.
    """

    def __init__(
        self,
        window: Window,
        area: StorageArea,
        locks: LockClient,
        rooms: Rooms,
        session: dict[str, str],
    ) -> None:
        self.window = window
        self.area = area
        self.locks = locks
        self.rooms = rooms
        self.session = session
        self.ends: dict[BusKind, BusEnd] = {}
        self.chat: WindowChat | None = None
        self.capture_ended: Callable[[Source], None] = rooms.capture_ended
        # when it entered the back/forward cache last
        self.cached_us = -1
        # its WebView has suspended it, because it was hidden
        self.suspended = False

    def leave_buses(self) -> None:
        """The window is gone from every bus."""
        for end in self.ends.values():
            end.close()


class StoragePartition:
    """The buses, locks and storage of the windows of one browser profile and one origin; no other
    window has a part in them.
    """

    def __init__(self, environment: Environment) -> None:
        scenario, kernel, choices = environment.scenario, environment.kernel, environment.choices
        bus = scenario.bus
        self.buses = UserBuses(
            kernel,
            choices,
            environment.recorder,
            bus.delays_us,
            bus.loss_ratio,
            bus.duplicate_ratio,
            total_order=scenario.engine == "chromium",
        )
        self.locks = LockManager(kernel, choices, asks_permission=scenario.engine == "chromium")
        self.storage = StorageService(kernel, choices, snapshots=scenario.engine == "firefox")
        self.leases = LeaseStorage()
        self.terms = TermCounter(kernel, choices)
        self.databases = IndexedDB(kernel, choices)


class Browser:
    """The fakes that the windows of one user share, and the servers that they reach from it."""

    def __init__(
        self,
        environment: Environment,
        sfu: Sfu,
        sfu_network: Network,
        minting: TokenService,
        app_network: Network,
    ) -> None:
        scenario, kernel = environment.scenario, environment.kernel
        choices, recorder = environment.choices, environment.recorder
        self.grid = TimerGrid(choices)
        self.bus_runs_frozen = scenario.engine == "chromium"
        self.devices = Devices(
            kernel, choices, recorder, scenario.microphone, strict=scenario.picker == "strict"
        )
        self._partitions: dict[str | None, StoragePartition] = {}
        self._environment = environment
        self._sfu = sfu
        self._sfu_network = sfu_network
        self.minting = minting
        self._app_network = app_network

    def connect(
        self, page: Window, beside: WindowHandle | None, session: dict[str, str]
    ) -> WindowHandle:
        """Give the page of a new runtime what every page has; `beside` is a window that its process
        has already, `session` the content of its sessionStorage.
        """
        name, environment = page.name, self._environment
        partition = self.partition(name)
        locks = partition.locks.client(page)
        area = partition.storage.area(page, None if beside is None else beside.area.process)
        rooms = Rooms(
            page,
            self._sfu_network.path(name),
            self._sfu,
            environment.kernel,
            environment.choices,
            environment.recorder,
            self.devices,
            SDKS[environment.scenario.sdk_of(name)],
        )
        return WindowHandle(page, area, locks, rooms, session)

    def attach(self, handle: WindowHandle) -> None:
        """The document of a window begins or comes back: its captures are its own."""
        self.devices.attach(handle.window, handle.capture_ended)

    def tokens(self, page: Page) -> Tokens:
        """The way of a page to the application's own server, which mints tokens."""
        environment = self._environment
        return Tokens(
            page,
            self._app_network.path(page.name),
            environment.kernel,
            environment.choices,
            environment.recorder,
            identity(environment.scenario, page.name),
            self.minting,
        )

    def app_path(self, window: str) -> NetworkPath:
        """The way of a window to the application's own server."""
        return self._app_network.path(window)

    def partition(self, window: str) -> StoragePartition:
        """The storage partition of the profile of `window`."""
        profile = self._environment.scenario.windows[window].profile
        if profile not in self._partitions:
            self._partitions[profile] = StoragePartition(self._environment)
        return self._partitions[profile]

    def release(self, handle: WindowHandle, *, discarded: bool) -> None:
        """The runtime has ended, perhaps `discarded`: the browser frees what it held."""
        handle.leave_buses()
        handle.locks.gone(discarded=discarded)
        self.partition(handle.window.name).storage.forget(handle.area)
        handle.rooms.died()
        if handle.chat is not None:
            handle.chat.die()

    def disconnect(self, handle: WindowHandle) -> None:
        """The run is over, and the runtime is still there."""
        handle.leave_buses()
        self.partition(handle.window.name).storage.forget(handle.area)
        if handle.chat is not None:
            handle.chat.end()

    def end(self) -> None:
        """The run is over: let go of every window."""
        for partition in self._partitions.values():
            partition.locks.end()
        self.devices.end()
