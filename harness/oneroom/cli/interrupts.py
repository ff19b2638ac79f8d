"""Ctrl-C, and the SIGTERM with which a CI system cancels a job, between two runs and not in the
middle of a report.
"""

from __future__ import annotations

import signal
from types import FrameType, TracebackType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Raises KeyboardInterrupt for both signals while in use; in `with interrupts.deferred:` at its
    end only.

    Whoever asks a second time is obeyed at once. A signal that the caller has told us to ignore (a
    shell, of what it runs in the background) stays ignored.
    """

    def __init__(self) -> None:
        self.deferred = _Deferral()
        self._before: list[tuple[signal.Signals, object]] = []

    def __enter__(self) -> Interrupts:
        heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = [(number, signal.signal(number, self.deferred.handle)) for number in heard]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)  # type: ignore[arg-type]  # what `signal` returned it also takes


class _Deferral:
    """A stretch that is not to be cut in half."""

    def __init__(self) -> None:
        self._depth = 0
        self._asked = False

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """A signal came."""
        if self._depth and not self._asked:
            self._asked = True
        else:
            raise KeyboardInterrupt

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._depth -= 1
        if self._asked and not self._depth and error is None:
            self._asked = False
            raise KeyboardInterrupt
