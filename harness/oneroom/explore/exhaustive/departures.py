"""The values that a draw has in the schedules of a search.

Rules: what is drawn is reduced to what can change an order. A delay is the least or the greatest; a
message of a bus that loses or doubles is on time, as late as it can be, lost, or there twice; what
has few values, and which event of one instant comes first, has all of them.
"""

from __future__ import annotations

from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.scenario import Scenario

# Not a matter of order: the numbers that an app's `Math.random` begins with.
_FIXED = frozenset((Label.DOCUMENT_SEED, Label.OPEN_TIME, Label.STEP_TIME))
_MOST_OF_ALL = 4


class Departures:
    """Those of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._kept = 1 - scenario.bus.loss_ratio

    def of(self, draw: Draw) -> tuple[int, ...]:
        """The values of a draw beside the ordinary one."""
        if draw.label in _FIXED:
            return ()
        if draw.label == Label.TIE or draw.bound <= _MOST_OF_ALL:
            return tuple(range(1, draw.bound))
        if draw.label == Label.FATE and 0 < self._kept < 1:
            latest = min(round(draw.bound * self._kept), draw.bound - 1) - 1
            return (latest, draw.bound - 1) if latest > 0 else (draw.bound - 1,)
        return (draw.bound - 1,)
