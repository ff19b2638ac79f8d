"""The world of one live run: the parts of its stage, and the schedule that it plays in real time.

Rules: what a step means is what it means in `oneroom.sim`; here it is done to processes, paths and
a server. Steps come at their drawn times, whatever the machine is doing. What takes a while (a
stop, a kick) is under way when the method returns.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.choices.choices import Choices
from oneroom.driver.bus_steps import BusSteps
from oneroom.driver.busy import Busy
from oneroom.driver.faults import Faults
from oneroom.driver.network_steps import NetworkSteps
from oneroom.driver.script import Schedule
from oneroom.driver.token_steps import TokenSteps
from oneroom.live.clock import LiveClock
from oneroom.live.errors import Unavailable
from oneroom.live.network.run_network import RunNetwork
from oneroom.live.process.child import Child
from oneroom.live.server_steps import Administrator, ServerSteps
from oneroom.live.tasks import Tasks
from oneroom.live.user import UserSteps
from oneroom.live.window.hub import Hub
from oneroom.live.windows import Windows
from oneroom.scenario.model import Scenario, Step
from oneroom.scenario.verb import LiveVerb
from oneroom.trace.records import StepTaken
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace


class LiveWorld:
    """Implements `oneroom.scenario.stage.Stage` in real time. A part knows the parts that it needs,
    and none knows the world.

    Scenarios with verbs that only the simulator plays are left out before anything runs
    (`oneroom.cli.selection`): a window is a process and no tab of a browser, media is made up, the
    witness is the only other participant, and there is no chat server. `spares` are processes that
    wait for their window.
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: str,
        choices: Choices,
        clock: LiveClock,
        trace: Trace,
        hub: Hub,
        network: RunNetwork,
        administrator: Administrator,
        spares: list[Child],
        failed: Callable[[str], None],
    ) -> None:
        self.schedule = Schedule(scenario, choices)
        for name in scenario.windows:
            trace.intern(name)
        self.faults = faults = Faults(trace)
        self.busy = busy = Busy(clock, choices)
        self._clock = clock
        self._trace = trace
        self._tasks = tasks = Tasks(failed)
        # The parts of the stage.
        self.windows = Windows(
            scenario,
            policy,
            choices,
            clock,
            hub,
            network,
            faults,
            busy,
            tasks,
            spares,
            failed,
        )
        self.user = UserSteps(self.windows)
        self.buses = BusSteps(faults, self.windows.endpoints)
        self.network = NetworkSteps(faults, network, hub.app_network, self.windows.tell_online)
        self.server = ServerSteps(scenario, clock, administrator, self.windows, faults, busy, tasks)
        self.tokens = TokenSteps(faults, hub.minting, scenario.tokens.mint)

    def begin(self) -> None:
        """Set everything that the schedule says on the clock."""
        for at_us, name in self.schedule.openings:
            self._clock.at(at_us, self.windows.open, name)
        for at_us, step in self.schedule.steps:
            self._clock.at(at_us, self._take, step)

    def _take(self, step: Step) -> None:
        trace = self._trace
        trace.cause = NO_CAUSE
        verb = trace.intern(step.name)
        trace.act_on(StepTaken(trace.n, trace.now_us, WORLD, trace.cause, verb, step.line))
        if not isinstance(step.verb, LiveVerb):
            raise Unavailable(f"`{step.name}` has no live arm")
        step.verb.play(self)

    def heal(self) -> None:
        """See the stage."""
        self.faults.heal()

    async def end(self) -> None:
        """End the run; nothing is left."""
        self.windows.end()
        await self._tasks.end()
