"""Draws for a run on the real thing: the schedule of a run that was simulated, everything else afresh.

What the scenario decides (when windows open, when steps are taken, how long a stall lasts, each window's stagger) comes
from the simulated run's tape, label by label; what the world decides cannot be repeated there.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.choices.choices import Choices
from harness.choices.draw import Draw
from harness.choices.labels import Label
from harness.choices.seeded import Seeded
from harness.choices.streams import Streams

SCHEDULE = (Label.OPEN_TIME, Label.STEP_TIME, Label.STALL_TIME, Label.JITTER)


class Rehearsed(Choices):
    """`recorded` is the tape of the simulated run, `seed` draws what is not of its schedule."""

    def __init__(self, recorded: Sequence[Draw], seed: int) -> None:
        super().__init__()
        self._schedule = Streams([draw for draw in recorded if draw.label in SCHEDULE])
        self._rest = Seeded(seed)

    def _pick(self, label: Label, bound: int) -> int:
        return (self._schedule if label in SCHEDULE else self._rest).draw(label, bound)
