"""The time for which a run is busy with what ends by itself, in virtual and in real time alike: a
stall, a restart, a page that loads, a message that was delayed.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.driver.script import draw_time
from oneroom.ports.scheduler import Scheduler
from oneroom.scenario.duration import Range


class Busy:
    """The run does not settle before `until_us`."""

    def __init__(self, scheduler: Scheduler, choices: Choices) -> None:
        self.until_us = 0
        self._scheduler = scheduler
        self._choices = choices

    def draw(self, span: Range) -> int:
        """The time for which something lasts that begins now, in microseconds; the run is busy."""
        lasts_us = draw_time(self._choices, Label.STALL_TIME, span)
        self.extend(lasts_us)
        return lasts_us

    def extend(self, lasts_us: int) -> None:
        """The run is busy for that long from now on, at least."""
        self.until_us = max(self.until_us, self._scheduler.now_us + lasts_us)
