"""The owner lock: what a window asks of Web Locks, as the port `oneroom.ports.locks.Locks` says it.

A window has one lock, or a request for it, at a time; its requests and releases are those of
`web_locks.py`, one after the other.
"""

from __future__ import annotations

from functools import partial

from oneroom.core.events import LockBusy, LockGranted, LockLost, LockQueried
from oneroom.ports.observer import LockChange, Observer
from oneroom.ports.page import TaskSource
from oneroom_fakes.web_locks import LockClient, LockRequest, LockSnapshot

NAME = "owner"


class OwnerRequest(LockRequest):
    """One request for the owner lock: its callbacks are events of the window."""

    def __init__(self, client: LockClient, observer: Observer) -> None:
        super().__init__(client, NAME)
        self._observer = observer

    def granted(self) -> None:
        self.client.page.deliver(TaskSource.LOCK, LockGranted())

    def refused(self) -> None:
        self.client.page.deliver(TaskSource.LOCK, LockBusy())

    def stolen(self) -> None:
        self.client.page.deliver(TaskSource.LOCK, LockLost())

    def changed(self, change: LockChange) -> None:
        self._observer.lock_changed(self.client.page.name, change)


class OwnerLock:
    """Implements `oneroom.ports.locks.Locks` on the lock client of one document."""

    def __init__(self, client: LockClient, observer: Observer) -> None:
        self.client = client
        self._observer = observer
        self._request: LockRequest | None = None

    def request(self, steal: bool, if_available: bool = False) -> None:
        """See the port."""
        before = self._request
        if before is not None and before.open:
            if not steal:
                return
            before.abort()
            before.open = False  # it takes the lock from itself, and knows
        self._request = request = OwnerRequest(self.client, self._observer)
        request.changed(LockChange.REQUESTED)
        request.send(steal=steal, if_available=if_available)

    def release(self) -> None:
        """See the port."""
        if self._request is not None:
            self._request.abort()
            self._request.release()

    def query(self, number: int) -> None:
        """See the port."""
        self.client.query(partial(self._answered, number))

    def _answered(self, number: int, snapshot: LockSnapshot) -> None:
        self.client.page.deliver(TaskSource.LOCK, queried(number, self.client, snapshot))


def queried(number: int, client: LockClient, snapshot: LockSnapshot) -> LockQueried:
    """The place of `client` in a snapshot of the owner lock: whether it holds it, and the place
    of its request.
    """
    mine = any(one.client is client and one.name == NAME for one in snapshot.held)
    waiting = [one.client for one in snapshot.pending if one.name == NAME]
    return LockQueried(number, mine, waiting.index(client) if client in waiting else -1)
