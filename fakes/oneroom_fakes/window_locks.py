"""The locks of a window: its requests to Web Locks, behind the port `oneroom.ports.locks.Locks`.

A window has one lock of a name, or one request for it, at a time; its requests and releases are
those of `web_locks.py`, one after the other.
"""

from __future__ import annotations

from functools import partial

from oneroom.core.actions import OWNER_LOCK
from oneroom.core.events import LockBusy, LockGranted, LockLost, LockQueried
from oneroom.ports.observer import LockChange, Observer
from oneroom.ports.page import TaskSource
from oneroom_fakes.web_locks import LockClient, LockMode, LockRequest, LockSnapshot


class WindowRequest(LockRequest):
    """One request for a lock: its callbacks are events of the window."""

    def __init__(self, client: LockClient, observer: Observer, name: str, *, shared: bool) -> None:
        super().__init__(client, name, LockMode.SHARED if shared else LockMode.EXCLUSIVE)
        self._observer = observer

    def granted(self) -> None:
        self.client.page.deliver(TaskSource.LOCK, LockGranted(self.name))

    def refused(self) -> None:
        self.client.page.deliver(TaskSource.LOCK, LockBusy(self.name))

    def stolen(self) -> None:
        self.client.page.deliver(TaskSource.LOCK, LockLost(self.name))

    def changed(self, change: LockChange) -> None:
        self._observer.lock_changed(self.client.page.name, change, self.name)


class WindowLocks:
    """Implements `oneroom.ports.locks.Locks` on the lock client of one document."""

    def __init__(self, client: LockClient, observer: Observer) -> None:
        self.client = client
        self._observer = observer
        self._requests: dict[str, LockRequest] = {}

    def request(
        self,
        name: str = OWNER_LOCK,
        steal: bool = False,
        if_available: bool = False,
        shared: bool = False,
    ) -> None:
        """See the port."""
        before = self._requests.get(name)
        if before is not None and before.open:
            if not steal:
                return
            before.abort()
            before.open = False  # it takes the lock from itself, and knows
        request = WindowRequest(self.client, self._observer, name, shared=shared)
        self._requests[name] = request
        request.changed(LockChange.REQUESTED)
        request.send(steal=steal, if_available=if_available)

    def release(self, name: str = OWNER_LOCK) -> None:
        """See the port."""
        if name in self._requests:
            self._requests[name].abort()
            self._requests[name].release()

    def query(self, number: int) -> None:
        """See the port."""
        self.client.query(partial(self._answered, number))

    def _answered(self, number: int, snapshot: LockSnapshot) -> None:
        self.client.page.deliver(TaskSource.LOCK, queried(number, self.client, snapshot))


def queried(number: int, client: LockClient, snapshot: LockSnapshot) -> LockQueried:
    """The place of `client` in a snapshot of the owner lock: whether it holds it, and the place
    of its request.
    """
    mine = any(one.client is client and one.name == OWNER_LOCK for one in snapshot.held)
    waiting = [one.client for one in snapshot.pending if one.name == OWNER_LOCK]
    return LockQueried(number, mine, waiting.index(client) if client in waiting else -1)
