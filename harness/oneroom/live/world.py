"""The world of one live run: the stage on which the steps of a scenario are played in real time.

Rules: what a step means is what it means in `oneroom.sim`; here it is done to processes, paths and
a server. Steps come at their drawn times, whatever the machine is doing. What takes a while (a
stop, a kick) is under way when the method returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.driver.script import Schedule, config, draw_time, identity
from oneroom.live.clock import LiveClock
from oneroom.live.errors import Unavailable
from oneroom.live.evidence.merge import FIRST_N, ProcessRecords
from oneroom.live.evidence.session_log import Gone
from oneroom.live.network.run_network import RunNetwork
from oneroom.live.process.child import Child
from oneroom.live.server_steps import Administrator, ServerSteps
from oneroom.live.window.handle import WindowHandle
from oneroom.live.window.hub import Hub
from oneroom.live.window.process import WindowSetup
from oneroom.policies.registry import load
from oneroom.scenario.duration import Range
from oneroom.scenario.model import Scenario, Step
from oneroom.trace.records import FaultChanged, Life, LifeChanged, StepTaken
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace
from oneroom_fakes.link import BusEndpoint, Link

# Faults that end by themselves.
_PASSING = ("stall", "stop", "pause_server", "unplug_server")

if TYPE_CHECKING:
    from oneroom.scenario.stage import Stage


class LiveWorld(ServerSteps):
    """Implements what verbs that play live (`Verb.plays_live`) ask of a
    `oneroom.scenario.stage.Stage`, in real time.

    Scenarios with other verbs are left out before anything runs (`oneroom.cli.selection`): a window
    is a process and no tab of a browser, media is made up, the witness is the only other
    participant, and there is no chat server. `spares` are processes that wait for their window.
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
        self.scenario = scenario
        self.policy = policy
        self.choices = choices
        self.clock = clock
        self.trace = trace
        self.hub = hub
        self.network = network
        self.parts: list[ProcessRecords] = []
        self.faults: dict[tuple[str, str], int] = {}
        self.kills_us: list[int] = []
        self.gone: list[Gone] = []
        self.busy_until_us = 0
        self._focused = ""
        self._draining = False
        self._administrator = administrator
        self._spares = spares
        self._failed = failed
        self._open: dict[str, WindowHandle] = {}
        self._runtimes: list[WindowHandle] = []
        self._started: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.schedule = Schedule(scenario, choices)
        for name in scenario.windows:
            trace.intern(name)

    def begin(self) -> None:
        """Set everything that the schedule says on the clock."""
        for at_us, name in self.schedule.openings:
            self.clock.at(at_us, self.open, name)
        for at_us, step in self.schedule.steps:
            self.clock.at(at_us, self._take, step)

    def _take(self, step: Step) -> None:
        trace = self.trace
        trace.cause = NO_CAUSE
        verb = trace.intern(step.name)
        trace.act_on(StepTaken(trace.n, trace.now_us, WORLD, trace.cause, verb, step.line))
        if not step.verb.plays_live:
            raise Unavailable(f"`{step.name}` has no live arm")
        step.verb.play(cast("Stage", self))

    # What the user does.

    def act(self, window: str, action: str, channel: str = "") -> None:
        """See the stage."""
        self._say(window, "act", action, channel)

    # The lives of windows.

    def open(self, window: str) -> None:
        """See the stage."""
        if window in self._open:
            return
        number = self._started[window] = self._started.get(window, 0) + 1
        child = self._spares.pop(0)
        part = ProcessRecords(len(self.parts) + 1)
        self.parts.append(part)
        name = identity(self.scenario, window)
        runtime = WindowHandle(self.hub, self.clock, window, name, child, self.network)
        self._open[window] = runtime
        self._runtimes.append(runtime)
        runtime.begin(
            WindowSetup(
                name=window,
                config=config(self.scenario, load(self.policy), window, number, self.choices),
                policy=self.policy,
                without=self.scenario.without,
                buses=self.scenario.buses_of(window),
                bus_runs_frozen=self.scenario.engine == "chromium",
                epoch_us=self.clock.epoch_us,
                first_n=part.place * FIRST_N,
                seed=self.choices.draw(Label.PHASE, FIRST_N),
                items=dict(self.hub.storage.items),
            )
        )
        self._start(runtime.listen(part, lambda: self._over(runtime, None), self._failed))

    def focus(self, window: str) -> None:
        """See the stage."""
        if window in self._open:
            before, self._focused = self._focused, window
            self._say(window, "focus")
            self._say(before, "attention", False)
            self._say(window, "attention", True)

    def hide(self, window: str) -> None:
        """See the stage."""
        self._blurred(window)
        self._say(window, "hide")
        self._say(window, "attention", False)

    def show(self, window: str) -> None:
        """See the stage."""
        self._say(window, "show")
        self._say(window, "attention", self._focused == window)

    def _blurred(self, window: str) -> None:
        if self._focused == window:
            self._focused = ""

    def close(self, window: str, by: str = "user") -> None:
        """See the stage. One that stands still, or closes itself, goes without its `pagehide`."""
        runtime = self._open.get(window)
        if runtime is None:
            return
        if runtime.stalls or runtime.stops or by == "script":
            self._start(self._kill(runtime, Life.CLOSED, self.trace.cause))
        else:
            runtime.expected_end = True
            runtime.say("close")

    def crash(self, window: str) -> None:
        """See the stage."""
        if runtime := self._open.get(window):
            self._start(self._kill(runtime, Life.CRASHED, self.trace.cause))

    async def _kill(self, runtime: WindowHandle, life: Life, cause: int) -> None:
        await runtime.kill()
        self.clock.turn(cause, self._over, runtime, life)

    def _over(self, runtime: WindowHandle, life: Life | None) -> None:
        """The runtime is gone; `life` unless its own process has told."""
        if not runtime.alive:
            return
        runtime.alive = False
        self._open.pop(runtime.name, None)
        self._blurred(runtime.name)
        if life is not None:
            self._lived(runtime.name, life)
        self.gone.append(Gone(self.clock.now_us, runtime.name))
        runtime.seat.leave()
        for window, fault in [entry for entry in self.faults if entry[0] == runtime.name]:
            if fault != "drop_network":  # all others were faults of the runtime that has ended
                self._fault_over(window, fault)

    def freeze(self, window: str) -> None:
        """See the stage."""
        runtime = self._open.get(window)
        if runtime is not None and not runtime.frozen:
            runtime.frozen = True
            runtime.say("freeze")
            self._fault(window, "freeze", on=True)

    def resume(self, window: str) -> None:
        """See the stage."""
        runtime = self._open.get(window)
        if runtime is not None and runtime.frozen:
            runtime.frozen = False
            self._fault(window, "freeze", on=False)
            runtime.say("resume")

    def stall(self, window: str, lasts: Range) -> None:
        """See the stage."""
        if runtime := self._open.get(window):
            runtime.stalls += 1
            runtime.say("stall")
            self.clock.after(self._until(window, "stall", lasts), self._unstall, runtime)

    def _unstall(self, runtime: WindowHandle) -> None:
        if runtime.alive:
            runtime.stalls -= 1
            self._fault(runtime.name, "stall", on=False)
            runtime.say("unstall")

    def stop(self, window: str, lasts: Range) -> None:
        """See the stage."""
        if runtime := self._open.get(window):
            runtime.stops += 1
            until_us = self.clock.now_us + self._until(window, "stop", lasts)
            self._start(self._stop(runtime, until_us, self.trace.cause))

    async def _stop(self, runtime: WindowHandle, until_us: int, cause: int) -> None:
        if runtime.stops == 1:
            await runtime.stop()
        self.clock.turn(cause, self._stopped, runtime, until_us)

    def _stopped(self, runtime: WindowHandle, until_us: int) -> None:
        if runtime.alive:
            self._lived(runtime.name, Life.STOPPED)
            self.clock.at(until_us, self._unstop, runtime)

    def _unstop(self, runtime: WindowHandle) -> None:
        if not runtime.alive:
            return
        runtime.stops -= 1
        self._fault(runtime.name, "stop", on=False)
        self._lived(runtime.name, Life.CONTINUED)
        if not runtime.stops:
            runtime.go_on()

    def _until(self, window: str, fault: str, lasts: Range) -> int:
        """A fault that ends by itself; how long it lasts."""
        lasts_us = draw_time(self.choices, Label.STALL_TIME, lasts)
        self.busy_until_us = max(self.busy_until_us, self.clock.now_us + lasts_us)
        self._fault(window, fault, on=True)
        return lasts_us

    # Links.

    def delay_bus(self, window: str, delay: Range, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "delay_bus", bus):
            rule = end.rule or self.hub.link
            end.disturb(
                rule=Link(delay.low_us, delay.high_us, rule.loss_ratio, rule.duplicate_ratio)
            )

    def lose_bus(self, window: str, loss_ratio: float, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "lose_bus", bus):
            rule = end.rule or self.hub.link
            end.disturb(
                rule=Link(rule.delay_low_us, rule.delay_high_us, loss_ratio, rule.duplicate_ratio)
            )

    def partition(self, window: str, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "partition", bus):
            end.disturb(partitioned=True)

    def deafen(self, window: str, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "deafen", bus):
            end.disturb(deaf=True)

    def _disturbed(self, window: str, fault: str, bus: str) -> list[BusEndpoint]:
        """The ends of the window that are meant: all, or that of one bus."""
        runtime = self._open.get(window)
        if runtime is None:
            return []
        self._fault(window, fault, on=True)
        return [end for kind, end in runtime.seat.ends.items() if not bus or kind == bus]

    def drop_network(self, window: str, path: str) -> None:
        """See the stage."""
        if path != "app":
            self.network.drop(window, path)
        if path in ("both", "app"):
            self.hub.app_path(window).drop("both")
        self._fault(window, "drop_network", on=True)

    def heal_network(self, window: str) -> None:
        """See the stage."""
        if (window, "drop_network") in self.faults:
            self._fault_over(window, "drop_network")
            self.network.heal(window)
            self.hub.app_path(window).heal()

    def break_signal(self, window: str) -> None:
        """See the stage."""
        self.network.break_signal(window)

    def heal(self) -> None:
        """See the stage."""
        for window, fault in list(self.faults):
            if fault == "drop_network":
                self.heal_network(window)
            elif fault == "freeze":
                self.resume(window)
            elif fault in ("fail_tokens", "slow_tokens"):
                self.heal_tokens()
            elif fault == "stop_server":
                self.start_server()
            elif fault not in _PASSING:  # those end by themselves
                if runtime := self._open.get(window):
                    for end in runtime.seat.ends.values():
                        end.heal()
                self._fault_over(window, fault)

    # Inside.

    def stands_still(self) -> bool:
        """True if a fault that ends by itself has not ended yet."""
        return any(fault in _PASSING for _, fault in self.faults)

    def may_be_serverless(self) -> bool:
        """True if a step has ended the server, or lets it end."""
        return self._draining or ("world", "stop_server") in self.faults

    async def all_answer(self) -> None:
        """Return if every process of a window still obeys. Raises Unavailable."""
        await asyncio.gather(*[runtime.is_there() for runtime in self._open.values()])

    async def end(self) -> None:
        """End the run; nothing is left."""
        for runtime in self._runtimes:
            runtime.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _say(self, window: str, verb: str, *arguments: Any) -> None:
        if runtime := self._open.get(window):
            runtime.say(verb, *arguments)

    def _lived(self, window: str, life: Life) -> None:
        trace = self.trace
        main = self.scenario.windows[window].kind == "main"
        trace.act_on(
            LifeChanged(trace.n, trace.now_us, trace.intern(window), trace.cause, life, main)
        )

    def _fault_over(self, window: str, fault: str) -> None:
        while (window, fault) in self.faults:
            self._fault(window, fault, on=False)

    def _fault(self, window: str, fault: str, *, on: bool) -> None:
        count = self.faults.pop((window, fault), 0) + (1 if on else -1)
        if count > 0:
            self.faults[window, fault] = count
        trace = self.trace
        place = trace.intern(window)
        trace.act_on(
            FaultChanged(trace.n, trace.now_us, place, trace.cause, trace.intern(fault), on)
        )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Unavailable):
            self._failed(str(error))
        elif error is not None:
            self._failed(f"{type(error).__name__}: {error}")
