"""The browser that all windows of a run are in, made of fakes: buses, locks, storage, devices.

Rules: a window is connected once, when its runtime begins. What happens to windows stands in
`windows` and `tabs`.
"""

from __future__ import annotations

from oneroom.ablation.without import without
from oneroom.core.bus_kind import BusKind
from oneroom.core.platform import MemoryStorage, Platform
from oneroom.driver.joined_buses import Buses
from oneroom.driver.page import TimerGrid
from oneroom.driver.policy_draws import PolicyDraws
from oneroom.driver.policy_notes import PolicyNotes
from oneroom.driver.recorded_storage import RecordedStorage
from oneroom.driver.script import identity
from oneroom.driver.window import Window, WindowPorts
from oneroom.ports.bus import Bus
from oneroom.sim.environment import Environment
from oneroom_fakes.devices import Devices
from oneroom_fakes.lease_record import LeaseHandle, LeaseStorage
from oneroom_fakes.link import BusEndpoint
from oneroom_fakes.local_storage import StorageService
from oneroom_fakes.network import Network
from oneroom_fakes.policy_items import PolicyItems
from oneroom_fakes.sfu.client import Rooms
from oneroom_fakes.sfu.sdk import SDKS
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.terms import TermCounter
from oneroom_fakes.tokens import Tokens, TokenService
from oneroom_fakes.user_buses import UserBuses
from oneroom_fakes.web_locks import LockClient, LockManager
from oneroom_fakes.window_locks import WindowLocks


class WindowHandle:
    """A runtime of a window, as the world keeps it in order to do things to it."""

    def __init__(
        self,
        window: Window,
        ends: dict[BusKind, BusEndpoint],
        rooms: Rooms,
        locks: LockClient,
        lease: LeaseHandle,
    ) -> None:
        self.window = window
        self.ends = ends
        self.rooms = rooms
        self.locks = locks
        self.lease = lease
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
        self.locks = LockManager(kernel, choices)
        self.storage = StorageService(kernel, choices, snapshots=scenario.engine == "firefox")
        self.leases = LeaseStorage()
        self.terms = TermCounter(kernel, choices)


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
        self._partitions = {
            profile: StoragePartition(environment)
            for profile in dict.fromkeys(window.profile for window in scenario.windows.values())
        }
        self._environment = environment
        self._sfu = sfu
        self._sfu_network = sfu_network
        self._minting = minting
        self._app_network = app_network

    def connect(
        self, page: Window, beside: WindowHandle | None, session: dict[str, str]
    ) -> WindowHandle:
        """Plug in the runtime of a window; `beside` is one that its process has already, `session`
        the content of its sessionStorage.
        """
        name, choices, recorder = page.name, self._environment.choices, self._environment.recorder
        kernel = self._environment.kernel
        partition = self._partition(name)
        locks = partition.locks.client(page)
        process = None if beside is None else beside.lease.area.process
        lease = LeaseHandle(partition.storage.area(page, process), partition.leases, recorder)
        ends, bus = self._join(page, lease)
        rooms = Rooms(
            page,
            self._sfu_network.path(name),
            self._sfu,
            kernel,
            choices,
            recorder,
            self.devices,
            SDKS[self._environment.scenario.sdk_of(name)],
        )
        self.devices.attach(page, rooms.capture_ended)
        tokens = Tokens(
            page,
            self._app_network.path(name),
            kernel,
            choices,
            recorder,
            identity(self._environment.scenario, name),
            self._minting,
        )
        ports = WindowPorts(
            bus=bus,
            locks=WindowLocks(locks, recorder),
            storage=lease,
            terms=partition.terms.connection(page),
            tokens=tokens,
            room=rooms,
            platform=Platform(
                RecordedStorage(PolicyItems(lease.area), self._environment.trace, page.place),
                MemoryStorage(session),
                PolicyDraws(choices, self._environment.trace, page.place),
                PolicyNotes(self._environment.trace, page.place),
            ),
        )
        page.plug_in(ports)
        return WindowHandle(page, ends, rooms, locks, lease)

    def release(self, handle: WindowHandle, *, discarded: bool) -> None:
        """The runtime has ended, perhaps `discarded`: the browser frees what it held."""
        handle.leave_buses()
        handle.locks.gone(discarded=discarded)
        self._partition(handle.window.name).storage.forget(handle.lease.area)
        handle.rooms.died()

    def disconnect(self, handle: WindowHandle) -> None:
        """The run is over, and the runtime is still there."""
        handle.leave_buses()
        self._partition(handle.window.name).storage.forget(handle.lease.area)

    def end(self) -> None:
        """The run is over: let go of every window."""
        for partition in self._partitions.values():
            partition.locks.end()
        self.devices.end()

    def _partition(self, window: str) -> StoragePartition:
        return self._partitions[self._environment.scenario.windows[window].profile]

    def _join(self, page: Window, lease: LeaseHandle) -> tuple[dict[BusKind, BusEndpoint], Bus]:
        """The window's ends of the buses that it has, and the one bus that they are to it."""
        scenario, shared = self._environment.scenario, self._partition(page.name).buses
        kinds = scenario.buses_of(page.name)
        if len(kinds) == 1:
            end = shared.join(kinds[0], page, lease.area, page.hear)
            return {kinds[0]: end}, end
        buses = without(Buses, scenario.without)(len(kinds), page.hear)
        ends = {
            kind: shared.join(kind, page, lease.area, buses.receiver(number))
            for number, kind in enumerate(kinds)
        }
        buses.plug_in(tuple(ends.values()))
        return ends, buses
