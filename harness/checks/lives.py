"""Which windows are open, and which of them stand still, as far as the trace has told.

Rules: bookkeeping for checks, no judgement. A page is frozen or it is not, but stalls and stops
may overlap, so those are counted.
"""

from __future__ import annotations

from typing import Final

from harness.trace.records import Life, LifeChanged

_FROZEN: Final = 1
_STALL: Final = 1 << 8  # one stall that is going on
_STOP: Final = 1 << 16  # one stop that is going on


class Lives:
    """`open` maps each open window to whether it is a main window."""

    def __init__(self) -> None:
        self.open: dict[int, bool] = {}
        self._still: dict[int, int] = {}  # window -> why it does not run: frozen, plus stalls, plus stops

    def on(self, record: LifeChanged) -> bool:
        """Follow `record`; whether the window's runtime began or ended with it, so that nothing it knew is left."""
        window, life = record.where, record.life
        still = self._still.get(window, 0)
        match life:
            case Life.OPENED:
                self.open[window] = record.main
                still = 0
            case Life.CLOSED | Life.CRASHED:
                self.open.pop(window, None)
                still = 0
            case Life.FROZEN:
                still |= _FROZEN
            case Life.RESUMED:
                still &= ~_FROZEN
            case Life.STALLED:
                still += _STALL
            case Life.UNSTALLED:
                still -= _STALL
            case Life.STOPPED:
                still += _STOP
            case Life.CONTINUED:
                still -= _STOP
        self._still[window] = still
        return life == Life.OPENED or life == Life.CLOSED or life == Life.CRASHED

    def runs(self, window: int) -> bool:
        """Open, and neither frozen nor stalled nor stopped."""
        return window in self.open and self._still.get(window, 0) == 0

    def obeys(self, window: int) -> bool:
        """Running, or frozen: a frozen page still handles what it hears on the bus (Chromium 156, seen)."""
        return window in self.open and self._still.get(window, 0) <= _FROZEN

    def stopped(self, window: int) -> bool:
        """The whole process stands still, its media threads too."""
        return self._still.get(window, 0) >= _STOP

    def main_open(self) -> bool:
        """Whether a main window is open."""
        return True in self.open.values()
