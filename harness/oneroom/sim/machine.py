"""The machine that all windows run on: its sleep, its wall clock."""

from __future__ import annotations

from oneroom.choices.labels import Label
from oneroom.driver.script import draw_time
from oneroom.scenario.duration import Range
from oneroom.sim.environment import WindowHandle
from oneroom.sim.window_lifecycle import WindowLifecycle
from oneroom.trace.records import Life


class MachineSteps(WindowLifecycle):
    """The part of the stage on which the machine acts."""

    def sleep(self, lasts: Range, clock: str) -> None:
        """See the stage. All windows wake in the same instant, in an order that is drawn. A machine
        that sleeps is not put to sleep.
        """
        lasts_us = draw_time(self.choices, Label.STALL_TIME, lasts)
        if self.kernel.now_us < self.asleep_until_us:
            return
        self.asleep_until_us = self.kernel.now_us + lasts_us
        self.busy_until_us = max(self.busy_until_us, self.kernel.now_us + lasts_us)
        stands_still = clock == "stops" and self.policy.clock == "monotonic"
        for plugs in list(self.plugs.values()):
            plugs.window.stop()
            plugs.rooms.stopped()
            self.lived(plugs.window, Life.STOPPED)
            self.fault(plugs.window.name, "sleep", on=True)
            self.kernel.after(lasts_us, self._wake, (plugs, lasts_us if stands_still else 0))

    def _wake(self, slept: tuple[WindowHandle, int]) -> None:
        plugs, lost_us = slept
        if plugs.window.alive():
            self.fault(plugs.window.name, "sleep", on=False)
            self.lived(plugs.window, Life.CONTINUED)
            if lost_us:
                plugs.window.shift_clock(-lost_us)
            plugs.window.unstop()
            plugs.rooms.continued()

    def step_clock(self, by: Range, direction: str) -> None:
        """See the stage. Whoever measures with the monotonic clock does not notice."""
        by_us = draw_time(self.choices, Label.STALL_TIME, by) * (1 if direction == "ahead" else -1)
        self.wall_us += by_us
        if self.policy.clock == "wall":
            for plugs in (*self.plugs.values(), *self.cached.values()):
                plugs.window.shift_clock(by_us)
