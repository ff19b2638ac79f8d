"""The world of one run: it builds windows and fakes from a scenario, and is the stage on which its steps are played."""

from __future__ import annotations

from fakes.broadcast_channel import BroadcastChannel, Link, Port
from fakes.devices import Devices
from fakes.network import NetworkPath
from fakes.sfu.client import Rooms
from fakes.sfu.server import Sfu
from fakes.sfu.timers import SfuTimers
from fakes.storage import Replica, StorageService
from fakes.terms import TermCounter
from fakes.tokens import Tokens
from fakes.web_locks import Handle, WebLocks
from harness.choices.choices import Choices
from harness.choices.labels import Label
from harness.core.coordinator import Coordinator
from harness.core.events import Acted, Froze, Gestured, Hidden, Resumed, Started
from harness.core.policy import Policy
from harness.driver.page import TimerGrid
from harness.driver.recorder import Recorder
from harness.driver.script import VERBS, Schedule, config, draw_time, identity
from harness.driver.window import Ports, Window
from harness.ports.page import TaskSource
from harness.scenario.duration import Range
from harness.scenario.model import Scenario, Step
from harness.sim.kernel import Kernel, Steps
from harness.trace.records import FaultChanged, Life, LifeChanged, StepTaken, UserActed
from harness.trace.trace import NO_CAUSE, WORLD, Trace


class Plugs:
    """What the world keeps of an open window in order to do things to it."""

    def __init__(self, window: Window, port: Port, rooms: Rooms, lock: Handle, replica: Replica) -> None:
        self.window = window
        self.port = port
        self.rooms = rooms
        self.lock = lock
        self.replica = replica


class World:
    """Implements `harness.scenario.stage.Stage` in virtual time."""

    def __init__(self, scenario: Scenario, policy: type[Policy], choices: Choices, trace: Trace) -> None:
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
        link = Link(delay.low_us, delay.high_us, scenario.bus.loss_ratio, scenario.bus.duplicate_ratio)
        self.channel = BroadcastChannel(self.kernel, choices, self.recorder, link, total_order=chromium)
        self.locks = WebLocks(self.kernel, choices, self.recorder)
        self.storage = StorageService(self.kernel, choices, self.recorder)
        self.terms = TermCounter(self.kernel, choices)
        self.devices = Devices(self.kernel, choices, self.recorder, scenario.microphone)
        self.sfu_timers = SfuTimers()
        self.sfu = Sfu(self.kernel, choices, self.recorder, self.sfu_timers)
        self.paths: dict[str, NetworkPath] = {}
        self.plugs: dict[str, Plugs] = {}
        self.gone: list[Plugs] = []
        self.faults: dict[tuple[str, str], int] = {}
        self.runtimes: dict[str, int] = {}
        self.busy_until_us = 0
        self.last_step_us = 0
        for name in scenario.windows:
            trace.intern(name)
            network = scenario.network.delay
            self.paths[name] = NetworkPath(self.kernel, choices, network.low_us, network.high_us)

    # -- the slow world ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Draw when windows open and steps are taken, and let SimPy do it."""
        schedule = Schedule(self.scenario, self.choices)
        for at_us, name in schedule.openings:
            self.kernel.process(self._open_at(at_us, name))
        self.last_step_us = schedule.last_us
        self.kernel.process(self._play(schedule.steps))

    def _open_at(self, at_us: int, name: str) -> Steps:
        yield self.kernel.sleep(at_us)
        self.open(name)

    def _play(self, steps: list[tuple[int, Step]]) -> Steps:
        for at_us, step in steps:
            if at_us > self.kernel.now_us:
                yield self.kernel.sleep(at_us - self.kernel.now_us)
            trace = self.trace
            trace.cause = NO_CAUSE  # a step is a cause of its own, whatever happened in the same instant before it
            verb = trace.intern(step.name)
            trace.act_on(StepTaken(trace.n, trace.now_us, WORLD, trace.cause, verb, step.line))
            step.verb.play(self)

    # -- what the user does --------------------------------------------------------------------------------------------

    def act(self, window: str, action: str, channel: str = "") -> None:
        """See the stage. Every click is also fresh user activation."""
        plugs = self.plugs.get(window)
        if plugs is None:
            return
        trace, page = self.trace, plugs.window
        what = (trace.intern(action), trace.intern(channel))
        trace.act_on(UserActed(trace.n, trace.now_us, page.place, trace.cause, *what))
        if action == "navigate":
            self._lived(page, Life.NAVIGATED)
            return
        page.deliver(TaskSource.INPUT, Gestured())
        verb = VERBS.get(action)
        if verb is not None:
            page.deliver(TaskSource.INPUT, Acted(verb, channel))

    # -- the lives of windows ------------------------------------------------------------------------------------------

    def open(self, window: str) -> None:
        """See the stage."""
        if window in self.plugs:
            return
        runtime = self.runtimes[window] = self.runtimes.get(window, 0) + 1
        coordinator = Coordinator(config(self.scenario, window, runtime, self.choices), self.policy)
        page = Window(self.kernel, self.trace, self.grid, window, coordinator, bus_runs_frozen=self.bus_runs_frozen)
        self._plug_in(page)
        self._lived(page, Life.OPENED)
        page.turn(Started())

    def _plug_in(self, page: Window) -> None:
        name, kernel, choices, recorder = page.name, self.kernel, self.choices, self.recorder
        mint, ttl_us = self.scenario.tokens.mint, self.scenario.tokens.ttl_us
        self.devices.attach(page)
        port = self.channel.join(name, page.hear)
        lock = self.locks.handle(page)
        replica = self.storage.replica(page)
        rooms = Rooms(page, self.paths[name], self.sfu, kernel, choices, recorder, self.devices)
        ports = Ports(
            bus=port,
            locks=lock,
            storage=replica,
            terms=self.terms.connection(page),
            tokens=Tokens(
                page, kernel, choices, recorder, identity(self.scenario, name), mint.low_us, mint.high_us, ttl_us
            ),
            room=rooms,
        )
        page.plug_in(ports)
        self.plugs[name] = Plugs(page, port, rooms, lock, replica)

    def focus(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            self._lived(plugs.window, Life.FOCUSED)

    def hide(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.window.hide()
            self._lived(plugs.window, Life.HIDDEN)

    def show(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.window.show()
            self._lived(plugs.window, Life.SHOWN)

    def close(self, window: str) -> None:
        """See the stage. A frozen page still runs its `pagehide`; one that stands still is killed without it."""
        plugs = self.plugs.get(window)
        if plugs is None:
            return
        page = plugs.window
        if not page.busy():
            page.thaw()
            page.turn(Hidden())
            plugs.rooms.page_left()
        self._gone(plugs, Life.CLOSED)

    def crash(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            self._gone(plugs, Life.CRASHED)

    def _gone(self, plugs: Plugs, life: Life) -> None:
        page = plugs.window
        page.die()
        self.gone.append(self.plugs.pop(page.name))
        self._lived(page, life)
        plugs.port.close()
        plugs.lock.gone()
        self.storage.forget(plugs.replica)
        plugs.rooms.died()
        self.devices.gone(page.name)
        for window, fault in [entry for entry in self.faults if entry[0] == page.name]:
            if fault != "drop_network":  # all others were faults of the runtime that has ended
                self._over(window, fault)

    def freeze(self, window: str) -> None:
        """See the stage. Only Chromium tells the page."""
        plugs = self.plugs.get(window)
        if plugs is None or plugs.window.frozen:
            return
        if self.bus_runs_frozen:
            plugs.window.deliver(TaskSource.INPUT, Froze())
        plugs.window.freeze()
        self._lived(plugs.window, Life.FROZEN)
        self._fault(window, "freeze", on=True)

    def resume(self, window: str) -> None:
        """See the stage."""
        plugs = self.plugs.get(window)
        if plugs is None or not plugs.window.frozen:
            return
        page = plugs.window
        page.thaw()
        self._lived(page, Life.RESUMED)
        self._fault(window, "freeze", on=False)
        if self.bus_runs_frozen:
            page.deliver(TaskSource.INPUT, Resumed())
        page.catch_up(after_freeze=True)

    def stall(self, window: str, lasts: Range) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.window.stall()
            self._lived(plugs.window, Life.STALLED)
            self._until(window, "stall", lasts, plugs)

    def stop(self, window: str, lasts: Range) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.window.stop()
            plugs.rooms.stopped()
            self._lived(plugs.window, Life.STOPPED)
            self._until(window, "stop", lasts, plugs)

    def _until(self, window: str, fault: str, lasts: Range, plugs: Plugs) -> None:
        """A fault that ends by itself."""
        lasts_us = draw_time(self.choices, Label.STALL_TIME, lasts)
        self.busy_until_us = max(self.busy_until_us, self.kernel.now_us + lasts_us)
        self._fault(window, fault, on=True)
        self.kernel.after(lasts_us, self._unstall if fault == "stall" else self._unstop, plugs)

    def _unstall(self, plugs: Plugs) -> None:
        page = plugs.window
        if page.alive():
            self._fault(page.name, "stall", on=False)
            self._lived(page, Life.UNSTALLED)
            page.unstall()

    def _unstop(self, plugs: Plugs) -> None:
        page = plugs.window
        if page.alive():
            self._fault(page.name, "stop", on=False)
            self._lived(page, Life.CONTINUED)
            page.unstop()
            plugs.rooms.continued()

    # -- links ---------------------------------------------------------------------------------------------------------

    def delay_bus(self, window: str, delay: Range) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            rule = plugs.port.rule or self.channel.link
            self._rule(plugs, "delay_bus", Link(delay.low_us, delay.high_us, rule.loss_ratio, rule.duplicate_ratio))

    def lose_bus(self, window: str, loss_ratio: float) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            rule = plugs.port.rule or self.channel.link
            changed = Link(rule.delay_low_us, rule.delay_high_us, loss_ratio, rule.duplicate_ratio)
            self._rule(plugs, "lose_bus", changed)

    def _rule(self, plugs: Plugs, fault: str, rule: Link) -> None:
        plugs.port.disturb(rule=rule)
        self._fault(plugs.window.name, fault, on=True)

    def partition(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.port.disturb(partitioned=True)
            self._fault(window, "partition", on=True)

    def deafen(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.port.disturb(deaf=True)
            self._fault(window, "deafen", on=True)

    def drop_network(self, window: str, path: str) -> None:
        """See the stage."""
        self.paths[window].drop(path)
        self._fault(window, "drop_network", on=True)

    def heal_network(self, window: str) -> None:
        """See the stage."""
        if (window, "drop_network") in self.faults:
            self._over(window, "drop_network")
            self.paths[window].heal()

    def heal(self) -> None:
        """See the stage."""
        for window, fault in list(self.faults):
            if fault == "drop_network":
                self.heal_network(window)
            elif fault == "freeze":
                self.resume(window)
            elif fault not in ("stall", "stop"):  # those end by themselves
                self._heal_bus(window, fault)

    def _heal_bus(self, window: str, fault: str) -> None:
        if plugs := self.plugs.get(window):
            plugs.port.heal()
        self._over(window, fault)

    # -- the SFU -------------------------------------------------------------------------------------------------------

    def kick(self, window: str) -> None:
        """See the stage."""
        self.sfu.remove_participant(identity(self.scenario, window))

    def delete_room(self) -> None:
        """See the stage."""
        self.sfu.delete_room()

    def restart_server(self) -> None:
        """See the stage."""
        self.sfu.restart()

    # -- inside --------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Take the world apart, so that a finished run is freed without the garbage collector."""
        self.kernel.clear()
        for plugs in self.plugs.values():
            plugs.port.close()
            self.storage.forget(plugs.replica)
        for plugs in (*self.plugs.values(), *self.gone):
            plugs.rooms.end()
            plugs.window.unplug()
        for path in self.paths.values():
            path.end()
        self.sfu.end()
        self.locks.end()
        self.plugs.clear()

    def _lived(self, page: Window, life: Life) -> None:
        trace = self.trace
        main = self.scenario.windows[page.name].kind == "main"
        trace.act_on(LifeChanged(trace.n, trace.now_us, page.place, trace.cause, life, main))

    def _over(self, window: str, fault: str) -> None:
        """However often the fault was put on, nothing is left of it."""
        while (window, fault) in self.faults:
            self._fault(window, fault, on=False)

    def _fault(self, window: str, fault: str, *, on: bool) -> None:
        """Keep count of what is broken: liveness is judged only when nothing is."""
        count = self.faults.pop((window, fault), 0) + (1 if on else -1)
        if count > 0:
            self.faults[window, fault] = count
        trace = self.trace
        place = trace.intern(window)
        trace.act_on(FaultChanged(trace.n, trace.now_us, place, trace.cause, trace.intern(fault), on))
