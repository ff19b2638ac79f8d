"""Draws for a run on a real server: the schedule of a simulated run, everything else drawn afresh.

The scenario's own draws (when windows open, when steps are taken, how long a stall lasts, each
window's stagger) come from the simulated run's tape, label by label; what the world decides cannot
be repeated there.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.choices.seeded import Seeded

SCHEDULE = (Label.OPEN_TIME, Label.STEP_TIME, Label.STALL_TIME, Label.JITTER)


class ScheduleReplay(Choices):
    """Draws the schedule from `recorded`, a simulated run's tape, and the rest from `seed`."""

    def __init__(self, recorded: Sequence[Draw], seed: int) -> None:
        super().__init__()
        self._schedule = ReplayByLabel([draw for draw in recorded if draw.label in SCHEDULE])
        self._rest = Seeded(seed)

    def _pick(self, label: Label, bound: int) -> int:
        return (self._schedule if label in SCHEDULE else self._rest).draw(label, bound)
