"""Progress of the suite on standard error: a bar on a terminal, otherwise a line now and then.

Rules: nothing here may reach standard output. A bar is wiped before anything else is printed, so
that results are never written into the middle of it.
"""

from __future__ import annotations

import time
from typing import TextIO

from oneroom.report import figures
from oneroom.report.style import columns_of

_BAR = 24
_BAR_EVERY_S = 0.1
_LINE_EVERY_S = 10.0
# A suite that is over within this time gets no bar at all.
_QUIET_S = 0.5


class Progress:
    """Counts runs. `total` is how many there will be, 0 if that is not known; `most_s` ends them,
    None for no such bound.
    """

    def __init__(self, stream: TextIO, total: int, most_s: float | None = None) -> None:
        self._stream = stream
        self._total = total
        self._most_s = most_s
        self._done = 0
        self._failed = 0
        self._bar = stream.isatty()
        self._started_s = time.monotonic()
        self._next_s = self._started_s + (_QUIET_S if self._bar else _LINE_EVERY_S)
        self._drawn = False

    def step(self, failed: bool) -> None:
        """Count one finished run."""
        self._done += 1
        self._failed += failed
        now_s = time.monotonic()
        if now_s < self._next_s:
            return
        self._next_s = now_s + (_BAR_EVERY_S if self._bar else _LINE_EVERY_S)
        self._draw(now_s)

    def wipe(self) -> None:
        """Make room for a line of output."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False

    def _draw(self, now_s: float) -> None:
        spent_s = now_s - self._started_s
        if not self._total:
            self._draw_open_end(spent_s)
            return
        left_s = spent_s / self._done * (self._total - self._done)
        text = f"{self._done:,} of {figures.plural(self._total, 'run')}, {self._failed:,} failed"
        if self._bar:
            filled = round(_BAR * self._done / self._total)
            self._draw_bar(f"{'━' * filled}{'╌' * (_BAR - filled)} {text}, {left_s:.0f} s left")
        else:
            self._stream.write(f"{text}, {spent_s:.0f} s gone, {left_s:.0f} s left\n")
            self._stream.flush()

    def _draw_open_end(self, spent_s: float) -> None:
        text = f"{figures.plural(self._done, 'run')}, {self._failed:,} failed, {spent_s:.0f} s gone"
        if self._most_s is not None:
            text += f", {max(0.0, self._most_s - spent_s):.0f} s left"
        if self._bar:
            self._draw_bar(text)
        else:
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def _draw_bar(self, text: str) -> None:
        """Draw in one line, whatever the terminal's width is now.

        Text that runs over into a second line cannot be wiped.
        """
        room = max(1, columns_of(self._stream) - 1)
        self._stream.write(f"\r\x1b[K{text[-room:]}")
        self._stream.flush()
        self._drawn = True
