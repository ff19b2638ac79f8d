"""`navigator.locks` of an app's page on the fake of Web Locks: many requests, each by a number."""

from __future__ import annotations

from collections.abc import Iterable

from oneroom.javascript.protocol import RequestLock
from oneroom.javascript.window import JavaScriptWindow
from oneroom.ports.observer import LockChange, Observer
from oneroom_fakes.web_locks import LockClient, LockInfo, LockMode, LockRequest, LockSnapshot


class AppLockRequest(LockRequest):
    """One request: its callbacks are turns of the window."""

    def __init__(
        self, window: JavaScriptWindow, client: LockClient, op: RequestLock, observer: Observer
    ) -> None:
        super().__init__(client, op.name, LockMode(op.mode))
        self._window = window
        self._number = op.number
        self._observer = observer

    def granted(self) -> None:
        self._window.lock_reported(self._number, "granted")

    def refused(self) -> None:
        self._window.lock_reported(self._number, "refused")

    def stolen(self) -> None:
        self._window.lock_reported(self._number, "stolen")

    def changed(self, change: LockChange) -> None:
        self._observer.lock_changed(self.client.page.name, change, self.name)


class AppLocks:
    """Implements `oneroom.javascript.window_ports.PageLocks`."""

    def __init__(self, window: JavaScriptWindow, client: LockClient, observer: Observer) -> None:
        self._window = window
        self._client = client
        self._observer = observer
        self._requests: dict[int, AppLockRequest] = {}

    def request(self, request: RequestLock) -> None:
        """See the port."""
        made = AppLockRequest(self._window, self._client, request, self._observer)
        self._requests[request.number] = made
        made.changed(LockChange.REQUESTED)
        made.send(steal=request.steal, if_available=request.if_available)

    def release(self, number: int) -> None:
        """See the port."""
        if made := self._requests.pop(number, None):
            made.release()

    def abort(self, number: int) -> None:
        """See the port."""
        if made := self._requests.pop(number, None):
            made.abort()

    def query(self, number: int) -> None:
        """See the port."""
        self._client.query(lambda snapshot: self._answer(number, snapshot))

    def _answer(self, number: int, snapshot: LockSnapshot) -> None:
        self._window.locks_queried(
            number, {"held": _infos(snapshot.held), "pending": _infos(snapshot.pending)}
        )


def _infos(infos: Iterable[LockInfo]) -> list[dict[str, str]]:
    return [
        {"name": one.name, "mode": one.mode.value, "clientId": one.client.page.name}
        for one in infos
    ]
