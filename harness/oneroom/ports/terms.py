"""The counter that terms are taken from."""

from __future__ import annotations

from typing import Protocol


class Terms(Protocol):
    """One atomic counter for all windows of one user.

    An IndexedDB transaction in a browser, shared state in a desktop shell. localStorage cannot
    serve: it has no lock, and a value that was just written elsewhere may not have arrived.
    """

    def take(self, number: int, after: int = -1) -> None:
        """Take the next term: answered by `TermTaken` with one higher than all before it.

        The answer has the same `number`. With `after` >= 0 that happens only if `after` is the
        highest so far; else the answer is `TermSeen`.
        """

    def read(self, number: int) -> None:
        """Ask for the highest term so far, 0 for none: answered by `TermSeen` of that `number`."""
