"""The world of one run in virtual time: the parts of its stage, and the schedule that it plays."""

from __future__ import annotations

from functools import partial

from oneroom.choices.choices import Choices
from oneroom.core.policy import Policy
from oneroom.driver.bus_steps import BusSteps
from oneroom.driver.network_steps import NetworkSteps
from oneroom.driver.script import Schedule, Script
from oneroom.driver.token_steps import TokenSteps
from oneroom.scenario.fields import USER
from oneroom.scenario.model import Scenario
from oneroom.sim.browser import Browser
from oneroom.sim.chat import Chats, has_chat
from oneroom.sim.chat_steps import ChatSteps
from oneroom.sim.coordinators import Coordinators, CoordinatorsFactory
from oneroom.sim.devices import DeviceSteps
from oneroom.sim.environment import Environment
from oneroom.sim.kernel import Steps
from oneroom.sim.machine import Machine
from oneroom.sim.machine_steps import MachineSteps
from oneroom.sim.online_events import tell_online
from oneroom.sim.remote_participants import RemoteParticipantSteps
from oneroom.sim.runtimes import RuntimesFactory
from oneroom.sim.server_steps import ServerSteps
from oneroom.sim.tabs import Tabs
from oneroom.sim.user import UserSteps
from oneroom.sim.windows import Windows
from oneroom.trace.records import StepTaken
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace
from oneroom_fakes.network import Network
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.tokens import TokenService


class World:
    """Implements `oneroom.scenario.stage.SimulatorStage`. A part knows the parts that it needs, and
    none knows the world. `runtimes` makes what runs in the windows; by default it is the owner
    machine, as `coordinators` makes it.
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: type[Policy],
        choices: Choices,
        trace: Trace,
        runtimes: RuntimesFactory | None = None,
        coordinators: CoordinatorsFactory = Coordinators,
    ) -> None:
        environment = Environment(scenario, policy, choices, trace)
        kernel, recorder = environment.kernel, environment.recorder
        delay, mint = scenario.network.delay, scenario.tokens.mint
        self.scenario = scenario
        self.policy = policy
        self.trace = trace
        self.kernel = kernel
        self.faults = faults = environment.faults
        self.busy = environment.busy
        self.sfu = Sfu(kernel, choices, recorder, SfuTimers())
        self.sfu_network = Network(kernel, choices, delay.low_us, delay.high_us)
        self.app_network = Network(kernel, choices, delay.low_us, delay.high_us)
        minting = TokenService(mint.low_us, mint.high_us, scenario.tokens.ttl_us)
        self.browser = Browser(environment, self.sfu, self.sfu_network, minting, self.app_network)
        self.chats = (
            Chats(kernel, choices, recorder, self.app_network, USER) if has_chat(scenario) else None
        )
        machine = Machine(kernel)
        # The parts of the stage.
        runs = (
            coordinators(environment, self.browser, self.chats)
            if runtimes is None
            else runtimes(environment, self.browser)
        )
        self.windows = Windows(environment, self.browser, machine, runs)
        self.tabs = Tabs(environment, self.browser, machine, self.windows)
        self.machine = MachineSteps(environment, machine, self.windows, self.tabs)
        self.user = UserSteps(self.windows, self.browser.devices, recorder)
        self.devices = DeviceSteps(self.browser.devices, self.windows, faults, recorder)
        self.buses = BusSteps(faults, self.windows.endpoints, self.busy.extend)
        self.network = NetworkSteps(
            faults, self.sfu_network, self.app_network, partial(tell_online, self.windows)
        )
        self.server = ServerSteps(environment, self.sfu, self.windows)
        self.tokens = TokenSteps(faults, minting, mint)
        self.remote_participants = RemoteParticipantSteps(scenario, self.sfu, self.busy)
        self.chat = ChatSteps(environment, self.chats, self.windows)
        self._choices = choices
        self._script: Script | None = None
        self._opening_us: dict[str, int] = {}

    def begin(self, script: Script | None = None) -> None:
        """Let SimPy open the windows and take the steps: those of the scenario, at drawn times, or
        those of a `script`.
        """
        self._script = script = script or Schedule(self.scenario, self._choices)
        self._opening_us = {name: at_us for at_us, name in script.openings}
        for at_us, name in script.openings:
            self.kernel.process(self._open_at(at_us, name))
        self.kernel.process(self._play(script))

    @property
    def last_step_us(self) -> int:
        """The time of the last step or opening, as far as it is decided."""
        return 0 if self._script is None else self._script.last_us

    def _open_at(self, at_us: int, name: str) -> Steps:
        yield self.kernel.sleep(at_us)
        self._open_once(name)

    def _open_once(self, name: str) -> None:
        if self._opening_us.pop(name, None) is not None:
            self.windows.open(name)

    def _play(self, script: Script) -> Steps:
        for at_us, step_now in script.coming():
            if at_us > self.kernel.now_us:
                yield self.kernel.sleep(at_us - self.kernel.now_us)
            trace = self.trace
            for name in [
                name for name, opening_us in self._opening_us.items() if opening_us <= trace.now_us
            ]:
                self._open_once(name)  # windows open before the steps of the same instant
            # a step is a cause of its own, whatever happened in the same instant before it
            trace.cause = NO_CAUSE
            step = step_now()
            verb = trace.intern(step.name)
            trace.act_on(StepTaken(trace.n, trace.now_us, WORLD, trace.cause, verb, step.line))
            step.verb.play(self)

    def heal(self) -> None:
        """See the stage."""
        self.faults.heal()

    def end(self) -> None:
        """Take the world apart, so that a finished run is freed without the garbage collector."""
        self.kernel.clear()
        self.windows.end(self.tabs.end())
        self.sfu_network.end()
        self.app_network.end()
        self.sfu.end()
        if self.chats is not None:
            self.chats.end()
        self.browser.end()
        self.faults.forget()
