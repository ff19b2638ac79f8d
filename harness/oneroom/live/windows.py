"""The lives of windows in the live arm: their processes begin, stand still and end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.bus_kind import BusKind
from oneroom.core.events import Offline, Online
from oneroom.driver.busy import Busy
from oneroom.driver.faults import Fault, Faults
from oneroom.driver.script import config, identity
from oneroom.live.clock import LiveClock
from oneroom.live.evidence.merge import FIRST_N, ProcessRecords
from oneroom.live.evidence.session_log import ClientEnd
from oneroom.live.network.run_network import RunNetwork
from oneroom.live.process.child import Child
from oneroom.live.tasks import Tasks
from oneroom.live.window.handle import WindowHandle
from oneroom.live.window.hub import Hub
from oneroom.live.window.process import WindowSetup
from oneroom.policies.registry import load
from oneroom.ports.page import TaskSource
from oneroom.scenario.duration import Range
from oneroom.scenario.model import Scenario
from oneroom.trace.records import Life
from oneroom_fakes.link import BusEndpoint


class Windows:
    """See `oneroom.scenario.stage.WindowSteps`. `spares` are processes that wait for their window,
    `parts` is what each runtime records, `gone` when each one ended.
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: str,
        choices: Choices,
        clock: LiveClock,
        hub: Hub,
        network: RunNetwork,
        faults: Faults,
        busy: Busy,
        tasks: Tasks,
        spares: list[Child],
        failed: Callable[[str], None],
    ) -> None:
        self.parts: list[ProcessRecords] = []
        self.gone: list[ClientEnd] = []
        self._scenario = scenario
        self._policy = policy
        self._choices = choices
        self._clock = clock
        self._hub = hub
        self._network = network
        self._faults = faults
        self._busy = busy
        self._tasks = tasks
        self._spares = spares
        self._failed = failed
        self._focused = ""
        self._open: dict[str, WindowHandle] = {}
        self._runtimes: list[WindowHandle] = []
        self._started: dict[str, int] = {}

    def open(self, window: str) -> None:
        """See the stage."""
        if window in self._open:
            return
        number = self._started[window] = self._started.get(window, 0) + 1
        child = self._spares.pop(0)
        part = ProcessRecords(len(self.parts) + 1)
        self.parts.append(part)
        name = identity(self._scenario, window)
        runtime = WindowHandle(self._hub, self._clock, window, name, child, self._network)
        self._open[window] = runtime
        self._runtimes.append(runtime)
        runtime.begin(
            WindowSetup(
                name=window,
                config=config(self._scenario, load(self._policy), window, number, self._choices),
                policy=self._policy,
                without=self._scenario.without,
                buses=self._scenario.buses_of(window),
                bus_runs_frozen=self._scenario.engine == "chromium",
                epoch_us=self._clock.epoch_us,
                first_n=part.place * FIRST_N,
                seed=self._choices.draw(Label.PHASE, FIRST_N),
                items=dict(self._hub.storage.items),
            )
        )
        self._tasks.start(runtime.listen(part, lambda: self._over(runtime, None), self._failed))

    def focus(self, window: str) -> None:
        """See the stage."""
        if window in self._open:
            before, self._focused = self._focused, window
            self.say(window, "focus")
            self.say(before, "attention", False)
            self.say(window, "attention", True)

    def hide(self, window: str) -> None:
        """See the stage."""
        self._blurred(window)
        self.say(window, "hide")
        self.say(window, "attention", False)

    def show(self, window: str) -> None:
        """See the stage. A page that is shown is frozen no more."""
        self.resume(window)
        self.say(window, "show")
        self.say(window, "attention", self._focused == window)

    def _blurred(self, window: str) -> None:
        if self._focused == window:
            self._focused = ""

    def close(self, window: str, by: str = "user") -> None:
        """See the stage. One that stands still, or closes itself, goes without its `pagehide`."""
        runtime = self._open.get(window)
        if runtime is None:
            return
        stands_still = self._faults.count("stall", window) or self._faults.count("stop", window)
        if stands_still or by == "script":
            self._tasks.start(self._kill(runtime, Life.CLOSED, self._clock.trace.cause))
        else:
            runtime.expected_end = True
            runtime.say("close")

    def crash(self, window: str) -> None:
        """See the stage."""
        if runtime := self._open.get(window):
            self._tasks.start(self._kill(runtime, Life.CRASHED, self._clock.trace.cause))

    async def _kill(self, runtime: WindowHandle, life: Life, cause: int) -> None:
        await runtime.kill()
        self._clock.turn(cause, self._over, runtime, life)

    def _over(self, runtime: WindowHandle, life: Life | None) -> None:
        """The runtime is gone; `life` unless its own process has told."""
        if not runtime.alive:
            return
        runtime.alive = False
        self._open.pop(runtime.name, None)
        self._blurred(runtime.name)
        if life is not None:
            self._record_life(runtime.name, life)
        self.gone.append(ClientEnd(self._clock.now_us, runtime.name))
        runtime.seat.leave()
        self._faults.clear_runtime(runtime.name)

    def freeze(self, window: str) -> None:
        """See the stage."""
        runtime = self._open.get(window)
        if runtime is not None and not self._faults.count("freeze", window):
            self._blurred(window)
            runtime.say("freeze")
            self._faults.begin(Fault("freeze", window, partial(self.resume, window)))

    def resume(self, window: str) -> None:
        """See the stage."""
        runtime = self._open.get(window)
        if runtime is not None and self._faults.count("freeze", window):
            self._faults.end("freeze", window)
            runtime.say("resume")

    def stall(self, window: str, lasts: Range) -> None:
        """See the stage."""
        if runtime := self._open.get(window):
            runtime.say("stall")
            lasts_us = self._busy.draw(lasts)
            self._faults.begin(Fault("stall", window))
            self._clock.after(lasts_us, self._unstall, runtime)

    def _unstall(self, runtime: WindowHandle) -> None:
        if runtime.alive:
            self._faults.end("stall", runtime.name)
            runtime.say("unstall")

    def stop(self, window: str, lasts: Range) -> None:
        """See the stage."""
        if runtime := self._open.get(window):
            until_us = self._clock.now_us + self._busy.draw(lasts)
            self._faults.begin(Fault("stop", window))
            self._tasks.start(self._stop(runtime, until_us, self._clock.trace.cause))

    async def _stop(self, runtime: WindowHandle, until_us: int, cause: int) -> None:
        if self._faults.count("stop", runtime.name) == 1:
            await runtime.stop()
        self._clock.turn(cause, self._stopped, runtime, until_us)

    def _stopped(self, runtime: WindowHandle, until_us: int) -> None:
        if runtime.alive:
            self._record_life(runtime.name, Life.STOPPED)
            self._clock.at(until_us, self._unstop, runtime)

    def _unstop(self, runtime: WindowHandle) -> None:
        if not runtime.alive:
            return
        self._faults.end("stop", runtime.name)
        self._record_life(runtime.name, Life.CONTINUED)
        if not self._faults.count("stop", runtime.name):
            runtime.go_on()

    def say(self, window: str, verb: str, *arguments: Any) -> None:
        """Tell the process of a window, if it is open."""
        if runtime := self._open.get(window):
            runtime.say(verb, *arguments)

    def tell_online(self, online: bool) -> None:
        """Fire the event `online` or `offline` in every page; the Python SDK knows none."""
        for runtime in self._open.values():
            runtime.seat.deliver(TaskSource.NETWORK, Online() if online else Offline())

    def endpoints(self, window: str) -> Mapping[BusKind, BusEndpoint] | None:
        """The window's ends of its buses, by kind; None if it is not open."""
        runtime = self._open.get(window)
        return None if runtime is None else runtime.seat.ends

    async def all_answer(self) -> None:
        """Return if every process of a window still obeys. Raises Unavailable."""
        running = [
            runtime
            for runtime in self._open.values()
            if not self._faults.count("stop", runtime.name)
        ]
        await asyncio.gather(*[runtime.is_there() for runtime in running])

    def raised(self) -> str:
        """The error of the user's own policy that ended a window, with its place; "" for none."""
        return next((runtime.raised for runtime in self._runtimes if runtime.raised), "")

    def end(self) -> None:
        """End the run; nothing is left."""
        for runtime in self._runtimes:
            runtime.end()

    def _record_life(self, window: str, life: Life) -> None:
        main = self._scenario.windows[window].kind == "main"
        self._hub.recorder.record_life(window, life, main=main)
