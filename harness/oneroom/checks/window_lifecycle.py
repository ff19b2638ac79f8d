"""Open windows, and which of them stand still, as far as the trace has told.

Rules: bookkeeping for checks, no judgement. A page is frozen or it is not, but stalls and stops may
overlap, so those are counted.
"""

from __future__ import annotations

from typing import Final

from oneroom.trace.records import BEGUN, GONE, Life, LifeChanged

_FROZEN: Final = 1
_STALL: Final = 1 << 8  # one stall that is going on
_STOP: Final = 1 << 16  # one stop that is going on

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as all the rest of
# `on`.
_FREEZES, _RESUMED = Life.FROZEN, Life.RESUMED
_SLEPT, _WOKE = Life.SLEPT, Life.WOKE
_BEGUN_OR_GONE = (*BEGUN, *GONE)
_STEPS: dict[int, int] = {
    Life.STALLED: _STALL,
    Life.UNSTALLED: -_STALL,
    Life.STOPPED: _STOP,
    Life.CONTINUED: -_STOP,
    Life.SLEPT: _STOP,
    Life.WOKE: -_STOP,
}


class WindowLifecycle:
    """`open` maps each open window to True if it is a main window."""

    def __init__(self) -> None:
        self.open: dict[int, bool] = {}
        # window -> the reasons why it does not run: frozen, plus stalls, plus stops
        self._still: dict[int, int] = {}
        self._asleep: dict[int, bool] = {}

    def on(self, record: LifeChanged) -> bool:
        """Follow `record`. True if the window's runtime began or ended with it, so that nothing of
        its state is left.
        """
        window, life = record.where, record.life
        if life in _BEGUN_OR_GONE:
            if life in BEGUN:
                self.open[window] = record.main
            else:
                self.open.pop(window, None)
            self._still[window] = 0
            self._asleep.pop(window, None)
            return True
        still = self._still.get(window, 0)
        if life in _STEPS:
            self._still[window] = still + _STEPS[life]
            if life == _SLEPT:
                self._asleep[window] = True
            elif life == _WOKE:
                self._asleep.pop(window, None)
        elif life == _RESUMED:
            self._still[window] = still & ~_FROZEN
        elif life == _FREEZES:
            self._still[window] = still | _FROZEN
        return False

    def runs(self, window: int) -> bool:
        """True if the window is open, and neither frozen nor stalled nor stopped."""
        return window in self.open and self._still.get(window, 0) == 0

    def obeys(self, window: int) -> bool:
        """True if the window runs or is frozen: a frozen page handles bus messages (Chromium 156,
        seen).
        """
        return window in self.open and self._still.get(window, 0) <= _FROZEN

    def stopped(self, window: int) -> bool:
        """True if the whole process stands still, its media threads too."""
        return self._still.get(window, 0) >= _STOP

    def asleep(self) -> bool:
        """True if the machine sleeps, and its windows with it."""
        return bool(self._asleep)

    def main_open(self) -> bool:
        """True if a main window is open."""
        return True in self.open.values()
