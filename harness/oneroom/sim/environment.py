"""The ground of one run: the browser, the network and the SFU that its windows stand on, and the
books of the world.

Rules: what all parts of the world share, and no step of a scenario. The parts are `user`, `lives`,
`links`, `servers` and `talk`; `world` puts them together.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.bus_kind import BusKind
from oneroom.core.policy import Policy
from oneroom.driver.page import TimerGrid
from oneroom.driver.recorder import Recorder
from oneroom.driver.script import draw_time
from oneroom.driver.window import Window
from oneroom.scenario.duration import Range
from oneroom.scenario.fields import USER
from oneroom.scenario.model import Scenario
from oneroom.sim.chat import ChatGround, has_chat
from oneroom.sim.kernel import Kernel
from oneroom.trace.records import FaultChanged, Life, LifeChanged
from oneroom.trace.trace import Trace
from oneroom_fakes.buses import UserBuses
from oneroom_fakes.devices import Devices
from oneroom_fakes.lease_record import LeaseHandle, LeaseStorage
from oneroom_fakes.link import BusEndpoint, Link
from oneroom_fakes.local_storage import StorageService
from oneroom_fakes.network import NetworkPath
from oneroom_fakes.sfu.client import Rooms
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.terms import TermCounter
from oneroom_fakes.tokens import TokenService
from oneroom_fakes.web_locks import LockHandle, WebLocks


class WindowHandle:
    """The world's handle of an open window, for acting on it."""

    def __init__(
        self,
        window: Window,
        ends: dict[BusKind, BusEndpoint],
        rooms: Rooms,
        lock: LockHandle,
        lease: LeaseHandle,
    ) -> None:
        self.window = window
        self.ends = ends
        self.rooms = rooms
        self.lock = lock
        self.lease = lease

    def leave_buses(self) -> None:
        """The window is gone from every bus."""
        for end in self.ends.values():
            end.close()


class Environment:
    """Everything that is there before the first window opens."""

    def __init__(
        self, scenario: Scenario, policy: type[Policy], choices: Choices, trace: Trace
    ) -> None:
        self.scenario = scenario
        self.policy = policy
        self.choices = choices
        self.trace = trace
        self.kernel = Kernel(trace, choices)
        self.recorder = Recorder(trace)
        self.grid = TimerGrid(choices)
        chromium = scenario.engine == "chromium"
        self.bus_runs_frozen = chromium
        delay = scenario.bus.delay
        self.link = link = Link(
            delay.low_us, delay.high_us, scenario.bus.loss_ratio, scenario.bus.duplicate_ratio
        )
        self.buses = UserBuses(self.kernel, choices, self.recorder, link, total_order=chromium)
        self.locks = WebLocks(self.kernel, choices, self.recorder)
        self.storage = StorageService(self.kernel, choices, snapshots=scenario.engine == "firefox")
        self.leases = LeaseStorage()
        self.terms = TermCounter(self.kernel, choices)
        self.devices = Devices(
            self.kernel,
            choices,
            self.recorder,
            scenario.microphone,
            strict=scenario.picker == "strict",
        )
        self.sfu = Sfu(self.kernel, choices, self.recorder, SfuTimers())
        network = scenario.network.delay
        self.paths: dict[str, NetworkPath] = {}
        self.app_paths: dict[str, NetworkPath] = {}
        mint = scenario.tokens.mint
        self.minting = TokenService(mint.low_us, mint.high_us, scenario.tokens.ttl_us)
        self.chat: ChatGround | None = None
        if has_chat(scenario):
            self.chat = ChatGround(self.kernel, choices, self.recorder, self.app_paths, USER)
        self.plugs: dict[str, WindowHandle] = {}
        self.gone: list[WindowHandle] = []
        self.faults: dict[tuple[str, str], int] = {}
        self.runtimes: dict[str, int] = {}
        self.sessions: dict[str, str] = {}
        self.cached: dict[str, WindowHandle] = {}
        self.wall_us = 0
        self.focused = ""
        self.opening_us: dict[str, int] = {}
        self.draining = False
        self.busy_until_us = 0
        self.asleep_until_us = 0
        self.last_step_us = 0
        for name in scenario.windows:
            trace.intern(name)
            self.paths[name] = NetworkPath(self.kernel, choices, network.low_us, network.high_us)
            self.app_paths[name] = NetworkPath(
                self.kernel, choices, network.low_us, network.high_us
            )

    def lived(self, page: Window, life: Life) -> None:
        """Something happened to a window."""
        trace = self.trace
        main = self.scenario.windows[page.name].kind == "main"
        trace.act_on(LifeChanged(trace.n, trace.now_us, page.place, trace.cause, life, main))

    def busy_for(self, span: Range) -> int:
        """The length in microseconds of an action that ends by itself; the run settles after it."""
        lasts_us = draw_time(self.choices, Label.STALL_TIME, span)
        self.busy_until_us = max(self.busy_until_us, self.kernel.now_us + lasts_us)
        return lasts_us

    def over(self, window: str, fault: str) -> None:
        """However often the fault was put on, nothing is left of it."""
        while (window, fault) in self.faults:
            self.fault(window, fault, on=False)

    def fault(self, window: str, fault: str, *, on: bool) -> None:
        """Keep count of what is broken: liveness is judged only when nothing is."""
        count = self.faults.pop((window, fault), 0) + (1 if on else -1)
        if count > 0:
            self.faults[window, fault] = count
        trace = self.trace
        place = trace.intern(window)
        trace.act_on(
            FaultChanged(trace.n, trace.now_us, place, trace.cause, trace.intern(fault), on)
        )
