"""The locks of a window, with the semantics of Web Locks (w3c/web-locks)."""

from __future__ import annotations

from typing import Protocol


class Locks(Protocol):
    """Locks by name, seen from one window.

    Grants are totally ordered, FIFO; freed by release, unload and crash, not by a freeze.
    """

    def request(self, name: str, steal: bool, if_available: bool, shared: bool) -> None:
        """Queue for a lock; a request while one is queued or held changes nothing. Answered by
        `LockGranted`.

        `steal` withdraws a queued request and takes the lock at once; the victim gets `LockLost`
        when it runs. With `if_available` nothing is queued: what cannot be granted at once is
        answered by `LockBusy`. A `shared` lock has several holders.
        """

    def release(self, name: str) -> None:
        """Give the lock back, or withdraw the queued request."""

    def query(self, number: int) -> None:
        """Ask who holds the owner lock.

        Answered by `LockQueried` with the same `number`, a snapshot that may be stale on arrival.
        """
