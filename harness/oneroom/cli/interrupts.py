"""Ctrl-C and SIGTERM (a cancelled CI job), handled between runs, not in the middle of a report."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Raises KeyboardInterrupt for both signals while in use (`with`).

    In `with interrupts.deferred:` it is raised at the end only; a second signal is obeyed at once.
    A signal that the caller ignores (a shell does, for background jobs) stays ignored.
    """

    def __init__(self) -> None:
        self.deferred = _Deferral()
        self._before: list[tuple[signal.Signals, object]] = []

    def check(self) -> None:
        """Raise KeyboardInterrupt if it was raised before and lost: Python drops an exception that
        falls into a finalizer or a callback of the garbage collector.
        """
        if self.deferred.raised:
            raise KeyboardInterrupt

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
    """A section that is not to be interrupted."""

    def __init__(self) -> None:
        self._depth = 0
        self._asked = False
        self.raised = False

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if self._depth and not self._asked:
            self._asked = True
        else:
            self.raised = True
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
