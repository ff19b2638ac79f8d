"""Draws of a schedule that departs from the ordinary one at a few places."""

from __future__ import annotations

from collections.abc import Mapping

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label

# The draws of the times at which windows open and steps are taken.
TIMES = (Label.OPEN_TIME, Label.STEP_TIME)


class Departing(Choices):
    """Draws the value in `departures` at each of its places on the tape, elsewhere the ordinary
    one: 0, and for the time of a step or an opening the latest. What has not happened yet can still
    be moved to an earlier time by a schedule that is equal until then.

    `earliest_us` has the lower end of each time that was drawn, by its place.
    """

    def __init__(self, departures: Mapping[int, int]) -> None:
        super().__init__()
        self.earliest_us: dict[int, int] = {}
        self._departures = departures

    def between(self, label: Label, low: int, high: int) -> int:
        """See the base class."""
        if label in TIMES and high > low:
            self.earliest_us[len(self.tape)] = low
        return low + self.draw(label, high - low + 1)

    def _pick(self, label: Label, bound: int) -> int:
        ordinary = bound - 1 if label in TIMES else 0
        return self._departures.get(len(self.tape), ordinary)
