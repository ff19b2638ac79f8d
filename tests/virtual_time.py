"""Virtual time for tests: the simulator's own kernel and pages, and draws that a test decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.events import Event
from oneroom.driver.page import EventLoop, TimerGrid
from oneroom.ports.page import TaskSource
from oneroom.sim.kernel import Kernel
from oneroom.trace.trace import Trace


class Drawn(Choices):
    """Draws that a test decides: the values of each label in turn, then 0, the ordinary value: the
    shortest delay, the scheduled order.
    """

    def __init__(self, values: Mapping[Label, Sequence[int]] | None = None) -> None:
        super().__init__()
        self._values = {label: list(of_label) for label, of_label in (values or {}).items()}

    def _pick(self, label: Label, bound: int) -> int:
        waiting = self._values.get(label)
        return min(waiting.pop(0), bound - 1) if waiting else 0


class VirtualTime(Kernel):
    """A kernel with a trace of its own. `scheduled` counts what was ever scheduled."""

    def __init__(self, choices: Choices | None = None) -> None:
        super().__init__(Trace(), choices or Drawn())
        self.grid = TimerGrid(self.choices)
        self.scheduled = 0

    def at(self, at_us: int, run: Callable[[Any], None], argument: Any) -> None:
        assert at_us >= self.now_us, "scheduled in the past"
        self.scheduled += 1
        super().at(at_us, run, argument)

    def run_until(self, until_us: int) -> None:
        """Run everything up to that instant, what is due then included."""
        self.run(until_us + 1)
        self.now_us = self.trace.now_us = until_us

    def run_for(self, duration_us: int) -> None:
        """Run to the end of that time, what is due at its last instant included."""
        self.run_until(self.now_us + duration_us)


class ListeningPage(EventLoop):
    """A page that keeps the events delivered to it, and when each was handled. `on_event` may react
    to them.
    """

    def __init__(self, name: str, kernel: VirtualTime) -> None:
        super().__init__(kernel, kernel.trace, kernel.grid, name, bus_runs_frozen=True)
        self.events: list[Event] = []
        self.times_us: list[int] = []
        self.on_event: Callable[[Event], None] | None = None

    def deliver(self, source: TaskSource, event: Event) -> None:
        """See the port."""
        self.run(source, self._handle, event)

    def call(self, callback: Callable[[], None]) -> None:
        """Script of the window, run as the bus would run it: also while frozen."""
        self.run(TaskSource.BUS, lambda _: callback(), None)

    def resume(self) -> None:
        """End a freeze."""
        self.thaw()
        self.catch_up(after_freeze=True)

    def _handle(self, event: Event) -> None:
        self.events.append(event)
        self.times_us.append(self.scheduler.now_us)
        if self.on_event is not None:
            self.on_event(event)


Step = Callable[[ListeningPage], None]
PAUSES: dict[str, tuple[Step, Step]] = {
    "freeze": (ListeningPage.freeze, ListeningPage.resume),
    "stall": (ListeningPage.stall, ListeningPage.unstall),
    "stop": (ListeningPage.stop, ListeningPage.unstop),
}
"""The ways in which a page does not run: how each begins and ends."""
