"""The notes of a policy, recorded when they are left: one before an exception is there, too."""

from __future__ import annotations

from oneroom.trace.records import Noted
from oneroom.trace.trace import Trace


class PolicyNotes:
    """Implements `Platform.note` for one window."""

    def __init__(self, trace: Trace, place: int) -> None:
        self._trace = trace
        self._place = place

    def __call__(self, text: str) -> None:
        """Record the note `text`."""
        t = self._trace
        t.append(Noted(t.n, t.now_us, self._place, t.cause, t.intern(text)))
