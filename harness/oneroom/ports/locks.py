"""The owner lock, with the semantics of Web Locks (w3c/web-locks)."""

from __future__ import annotations

from typing import Protocol


class Locks(Protocol):
    """One exclusive lock, seen from one window.

    Grants are totally ordered, FIFO; freed by release, unload and crash, not by a freeze.
    """

    def request(self, steal: bool, if_available: bool = False) -> None:
        """Queue for the lock; a request while one is queued or held changes nothing. Answered by
        `LockGranted`.

        `steal` withdraws a queued request and takes the lock at once; the victim gets `LockLost`
        when it runs. With `if_available` nothing is queued: what cannot be granted at once is
        answered by `LockBusy`.
        """

    def release(self) -> None:
        """Give the lock back, or withdraw the queued request."""

    def query(self, number: int) -> None:
        """Ask who holds the lock.

        Answered by `LockQueried` with the same `number`, a snapshot that may be stale on arrival.
        """
