"""Pages of one browser on the simulator's kernel, and what they ran."""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.choices.labels import Label
from oneroom.driver.page import EventLoop
from oneroom.ports.page import TaskSource
from tests.units import MILLISECOND
from tests.virtual_time import Drawn, VirtualTime

PHASE_US = 250 * MILLISECOND
"""The phase of the grid of hidden timers: not 0, to tell the grid from the clock."""


class Rig:
    """Pages of one browser; `ran` is what they ran, and when."""

    def __init__(self, ties: int = 0, answers: Sequence[int] = ()) -> None:
        """`ties` is what is drawn for every race of one instant, `answers` for the order of answers
        after a freeze.
        """
        drawn = {
            Label.PHASE: [PHASE_US],
            Label.TIE: [ties] * 100,
            Label.FETCH_ORDER: list(answers),
        }
        self.kernel = VirtualTime(Drawn(drawn))
        self.trace = self.kernel.trace
        self.grid = self.kernel.grid
        self.ran: list[tuple[str, int]] = []

    def page(self, name: str = "main", *, chromium: bool = True) -> EventLoop:
        return EventLoop(self.kernel, self.trace, self.grid, name, bus_runs_frozen=chromium)

    def note(self, what: str) -> None:
        """A task that leaves a mark."""
        self.ran.append((what, self.kernel.now_us))

    def task(self, page: EventLoop, source: TaskSource, what: str = "") -> None:
        """A task arrives at the page now."""
        page.run(source, self.note, what or source.name)

    def run_for(self, duration_us: int) -> None:
        """To the end of that time, what is due at its last instant included."""
        self.kernel.run_for(duration_us)

    def names(self) -> list[str]:
        return [what for what, _ in self.ran]

    def times_us(self) -> list[int]:
        return [at_us for _, at_us in self.ran]
