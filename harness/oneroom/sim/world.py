"""The world of one run: the stage on which the steps of a scenario are played.

What can be done on it stands in its parts: `user`, `lives`, `tabs`, `machine`, `hardware`, `links`,
`people`, `servers`, `talk`, all on one `ground`.
"""

from __future__ import annotations

from oneroom.driver.script import Schedule
from oneroom.scenario.duration import Range
from oneroom.scenario.model import Step
from oneroom.sim.chat_steps import ChatSteps
from oneroom.sim.devices import DeviceSteps
from oneroom.sim.kernel import Steps
from oneroom.sim.links import Links
from oneroom.sim.machine import MachineSteps
from oneroom.sim.remote_participants import RemoteParticipants
from oneroom.sim.servers import Servers
from oneroom.sim.tabs import Tabs
from oneroom.sim.user import User
from oneroom.trace.records import StepTaken
from oneroom.trace.trace import NO_CAUSE, WORLD


class World(User, Tabs, MachineSteps, DeviceSteps, Links, RemoteParticipants, Servers, ChatSteps):
    """Implements `oneroom.scenario.stage.Stage` in virtual time."""

    def begin(self) -> None:
        """Draw when windows open and steps are taken, and let SimPy do it."""
        schedule = Schedule(self.scenario, self.choices)
        self.opening_us = {name: at_us for at_us, name in schedule.openings}
        for at_us, name in schedule.openings:
            self.kernel.process(self._open_at(at_us, name))
        self.last_step_us = schedule.last_us
        self.kernel.process(self._play(schedule.steps))

    def _open_at(self, at_us: int, name: str) -> Steps:
        yield self.kernel.sleep(at_us)
        self._open_once(name)

    def _open_once(self, name: str) -> None:
        if self.opening_us.pop(name, None) is not None:
            self.open(name)

    def _play(self, steps: list[tuple[int, Step]]) -> Steps:
        for at_us, step in steps:
            if at_us > self.kernel.now_us:
                yield self.kernel.sleep(at_us - self.kernel.now_us)
            trace = self.trace
            for name in [
                name for name, opening_us in self.opening_us.items() if opening_us <= trace.now_us
            ]:
                self._open_once(name)  # windows open before the steps of the same instant
            # a step is a cause of its own, whatever happened in the same instant before it
            trace.cause = NO_CAUSE
            verb = trace.intern(step.name)
            trace.act_on(StepTaken(trace.n, trace.now_us, WORLD, trace.cause, verb, step.line))
            step.verb.play(self)

    def heal(self) -> None:
        """See the stage."""
        for window, fault in list(self.faults):
            if fault == "drop_network":
                self.heal_network(window)
            elif fault == "freeze":
                self.resume(window)
            elif fault == "lose_chat":
                self.lose_chat(0)
            elif fault == "slow_chat":
                self.slow_chat(Range(0, 0))
            elif fault == "stop_server":
                self.start_server()
            elif fault.startswith("unplug "):
                self.plug_all_in()
            elif fault in ("fail_tokens", "slow_tokens"):
                self.heal_tokens()
            # those end by themselves
            elif fault not in ("stall", "stop", "sleep", "pause_server", "unplug_server"):
                self.heal_bus(window, fault)

    def slow_timers(self, until_us: int) -> bool:
        """True if an open window's timers may wake only once a minute before `until_us`."""
        return any(plugs.window.slow_timers(until_us) for plugs in self.plugs.values())

    def end(self) -> None:
        """Take the world apart, so that a finished run is freed without the garbage collector."""
        self.kernel.clear()
        for plugs in self.cached.values():
            plugs.window.uncache()
            plugs.lock.uncache()
        there = (*self.plugs.values(), *self.cached.values())
        for plugs in there:
            plugs.leave_buses()
            self.storage.forget(plugs.lease.area)
        for plugs in (*there, *self.gone):
            plugs.rooms.end()
            plugs.window.unplug()
        for path in (*self.paths.values(), *self.app_paths.values()):
            path.end()
        self.sfu.end()
        if self.chat is not None:
            self.chat.end()
        self.locks.end()
        self.devices.end()
        self.plugs.clear()
        self.cached.clear()
