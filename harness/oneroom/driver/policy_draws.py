"""The draws of a policy: from the run's own randomness, and recorded."""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.trace.records import DrawMade
from oneroom.trace.trace import Trace


class PolicyDraws:
    """Implements `oneroom.core.platform.Draws` for one window."""

    def __init__(self, choices: Choices, trace: Trace, place: int) -> None:
        self._choices = choices
        self._trace = trace
        self._place = place

    def __call__(self, name: str, bound: int) -> int:
        """See `Draws`."""
        value = self._choices.draw(Label.POLICY_DRAW, bound)
        t = self._trace
        t.append(DrawMade(t.n, t.now_us, self._place, t.cause, t.intern(name), bound, value))
        return value
