"""Draws for a run on the real thing: the schedule of a run that was simulated, everything else
afresh.

What the scenario decides (when windows open, when steps are taken, how long a stall lasts, each
window's stagger) comes from the simulated run's tape, label by label; what the world decides cannot
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
    """`recorded` is the tape of the simulated run, `seed` draws what is not of its schedule."""

    def __init__(self, recorded: Sequence[Draw], seed: int) -> None:
        super().__init__()
        self._schedule = ReplayByLabel([draw for draw in recorded if draw.label in SCHEDULE])
        self._rest = Seeded(seed)

    def _pick(self, label: Label, bound: int) -> int:
        return (self._schedule if label in SCHEDULE else self._rest).draw(label, bound)
