"""Draws of a stored tape with a few of them changed: a run near another one."""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.choices.choices import Choices
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded

_CHANGED = 3


class Varied(Choices):
    """Plays a tape and draws about three of its draws anew, chosen by `seed`; one of them is always
    another value than on the tape.

    The tape is followed label by label: the n-th draw of a label is the n-th of that label on the
    tape, so that a changed policy which draws a little more or less still meets the same schedule.
    What the tape does not have, or has under another bound, is drawn anew as well.
    """

    def __init__(self, recorded: Sequence[Draw], seed: int) -> None:
        super().__init__()
        self._anew = Seeded(seed)
        self._length = len(recorded)
        self._left = self._anew.draw(Label(recorded[0].label), self._length) if recorded else -1
        self._recorded: dict[int, list[Draw]] = {}
        for draw in reversed(recorded):
            self._recorded.setdefault(draw.label, []).append(draw)

    def _pick(self, label: Label, bound: int) -> int:
        waiting = self._recorded.get(label)
        recorded = waiting.pop() if waiting else None
        if recorded is None or recorded.bound != bound:
            return self._anew.draw(label, bound)
        self._left -= 1
        if self._left == -1:
            return (recorded.value + 1 + self._anew.draw(label, bound - 1)) % bound
        if self._anew.draw(label, self._length) < _CHANGED - 1:
            return self._anew.draw(label, bound)
        return recorded.value
