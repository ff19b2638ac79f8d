"""The steps of the machine that all windows run on: its sleep, its wall clock."""

from __future__ import annotations

from oneroom.choices.labels import Label
from oneroom.driver.faults import Fault
from oneroom.driver.script import draw_time
from oneroom.scenario.duration import Range
from oneroom.sim.browser import WindowHandle
from oneroom.sim.environment import Environment
from oneroom.sim.machine import Machine
from oneroom.sim.tabs import Tabs
from oneroom.sim.windows import Windows
from oneroom.trace.records import Life


class MachineSteps:
    """See `oneroom.scenario.stage.MachineSteps`."""

    def __init__(
        self,
        environment: Environment,
        machine: Machine,
        windows: Windows,
        tabs: Tabs,
    ) -> None:
        self._environment = environment
        self._machine = machine
        self._windows = windows
        self._tabs = tabs

    def sleep(self, lasts: Range, clock: str) -> None:
        """See the stage. All windows wake in the same instant, in an order that is drawn. A machine
        that sleeps is not put to sleep.
        """
        environment, windows = self._environment, self._windows
        lasts_us = draw_time(environment.choices, Label.STALL_TIME, lasts)
        if self._machine.asleep():
            return
        self._machine.sleep(lasts_us)
        environment.busy.extend(lasts_us)
        for handle in list(windows.handles.values()):
            handle.window.stop()
            handle.rooms.stopped()
            windows.record_life(handle.window, Life.SLEPT)
            environment.faults.begin(Fault("sleep", handle.window.name))
            environment.kernel.after(
                lasts_us, self._wake, (handle, lasts_us if clock == "stops" else 0)
            )

    def _wake(self, slept: tuple[WindowHandle, int]) -> None:
        handle, lost_us = slept
        if handle.window.alive():
            self._environment.faults.end("sleep", handle.window.name)
            self._windows.record_life(handle.window, Life.WOKE)
            if lost_us:
                handle.window.lose_time(lost_us)
                self._jump(handle, lost_us)
            handle.window.unstop()
            handle.rooms.continued()

    def step_clock(self, by: Range, direction: str) -> None:
        """See the stage."""
        by_us = draw_time(self._environment.choices, Label.STALL_TIME, by)
        by_us *= 1 if direction == "ahead" else -1
        self._machine.wall_us += by_us
        for handle in (*self._windows.handles.values(), *self._tabs.cached):
            handle.window.step_wall_clock(by_us)
            self._jump(handle, by_us)

    def _jump(self, handle: WindowHandle, by_us: int) -> None:
        """The wall clock went further than the monotonic one, by which the chat measures."""
        if handle.chat is not None:
            handle.chat.jump_wall_clock(by_us)
