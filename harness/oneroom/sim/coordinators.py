"""The owner machine as what runs in the windows of a run."""

from __future__ import annotations

from collections.abc import Callable

from oneroom.ablation.without import without
from oneroom.core.bus_kind import BusKind
from oneroom.core.chat import Chat
from oneroom.core.config import Config
from oneroom.core.coordinator import Coordinator
from oneroom.core.platform import MemoryStorage, Platform
from oneroom.driver.coordinator_window import CoordinatorWindow, WindowPorts
from oneroom.driver.joined_buses import Buses
from oneroom.driver.machines import ChatMachine, OwnerMachine
from oneroom.driver.policy_draws import PolicyDraws
from oneroom.driver.policy_notes import PolicyNotes
from oneroom.driver.recorded_storage import RecordedStorage
from oneroom.driver.script import INSTANCE, config, instance_id
from oneroom.ports.bus import Bus
from oneroom.sim.browser import Browser, WindowHandle
from oneroom.sim.chat import Chats
from oneroom.sim.environment import Environment
from oneroom.sim.runtimes import Opening
from oneroom_fakes.lease_record import LeaseHandle
from oneroom_fakes.link import BusEndpoint
from oneroom_fakes.policy_items import PolicyItems
from oneroom_fakes.window_locks import WindowLocks


class Coordinators:
    """See `oneroom.sim.runtimes.Runtimes`. With `chats` every window has a chat."""

    def __init__(self, environment: Environment, browser: Browser, chats: Chats | None) -> None:
        self._environment = environment
        self._browser = browser
        self._chats = chats

    def make(self, opening: Opening) -> CoordinatorWindow:
        """See the seam. The id of `instance: session` is kept in the session."""
        environment, browser = self._environment, self._browser
        scenario = environment.scenario
        name, number, session = opening.window, opening.number, opening.session
        session.setdefault(INSTANCE, instance_id(name, number))
        knows = config(
            scenario, environment.policy, name, number, environment.choices, session[INSTANCE]
        )
        return without(CoordinatorWindow, scenario.without)(
            environment.kernel,
            environment.trace,
            browser.grid,
            name,
            self._coordinator(knows),
            bus_runs_frozen=browser.bus_runs_frozen,
        )

    def plug_in(self, handle: WindowHandle) -> None:
        """See the seam."""
        window, area, environment = handle.window, handle.area, self._environment
        assert isinstance(window, CoordinatorWindow), "made by this factory"
        trace, recorder = environment.trace, environment.recorder
        partition = self._browser.partition(window.name)
        lease = LeaseHandle(area, partition.leases, recorder)
        bus = self._join(handle, window)
        window.plug_in(
            WindowPorts(
                bus=bus,
                locks=WindowLocks(handle.locks, recorder),
                storage=lease,
                terms=partition.terms.connection(window),
                tokens=self._browser.tokens(window),
                room=handle.rooms,
                platform=Platform(
                    RecordedStorage(PolicyItems(area), trace, window.place),
                    MemoryStorage(handle.session),
                    PolicyDraws(environment.choices, trace, window.place),
                    PolicyNotes(trace, window.place),
                ),
            )
        )
        if self._chats is not None:
            handle.chat = self._chats.connect(window, self._chat(window.coordinator.config))

    def _coordinator(self, knows: Config) -> OwnerMachine:
        lacks = self._environment.scenario.without
        return without(Coordinator, lacks)(knows, without(self._environment.policy, lacks))

    def _chat(self, knows: Config) -> ChatMachine:
        return without(Chat, self._environment.scenario.without)(knows)

    def _join(self, handle: WindowHandle, window: CoordinatorWindow) -> Bus:
        """The window's ends of the buses that it has, as one bus."""
        scenario = self._environment.scenario
        shared = self._browser.partition(window.name).buses
        kinds = scenario.buses_of(window.name)
        if len(kinds) == 1:
            end = handle.ends[kinds[0]] = shared.join(kinds[0], window, handle.area, window.hear)
            return end
        buses = without(Buses, scenario.without)(len(kinds), window.hear)
        ends: dict[BusKind, BusEndpoint] = {
            kind: shared.join(kind, window, handle.area, buses.receiver(number))
            for number, kind in enumerate(kinds)
        }
        buses.plug_in(tuple(ends.values()))
        handle.ends.update(ends)
        return buses


# Makes the owner machines of a run, from the parts of its world.
CoordinatorsFactory = Callable[[Environment, Browser, Chats | None], Coordinators]
