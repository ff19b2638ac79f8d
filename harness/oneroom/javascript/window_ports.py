"""The ports of an app's window: its browser and its servers, as its driver sees them.

Answers come as calls of the window (`JavaScriptWindow`), in tasks of its page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import msgspec

from oneroom.core.state import Source
from oneroom.driver.window import Window
from oneroom.javascript.protocol import (
    BeginTransaction,
    CommitTransaction,
    Fetch,
    OpenWindow,
    RequestLock,
)


class Channels(Protocol):
    """The BroadcastChannels of a page, by number. Heard by `window.message_came`."""

    def open(self, number: int, name: str) -> None:
        """`new BroadcastChannel(name)`."""

    def post(self, number: int, text: str) -> None:
        """`postMessage`: to all other objects with that name, those of this page too."""

    def close_channel(self, number: int) -> None:
        """`close()`."""


class PageLocks(Protocol):
    """`navigator.locks`, by the number of a request. Answered by `window.lock_reported`."""

    def request(self, request: RequestLock) -> None:
        """`locks.request()`; its options were checked by the page."""

    def release(self, number: int) -> None:
        """The callback has settled."""

    def abort(self, number: int) -> None:
        """Withdraw a request that waits."""

    def query(self, number: int) -> None:
        """`locks.query()`: `window.locks_queried`."""


class PageStorage(Protocol):
    """`localStorage` of a page. Changes by others come as `window.item_changed`, events as
    `window.storage_event`.
    """

    def items(self) -> dict[str, str]:
        """All items, as the page reads them now."""

    def write(self, key: str | None, value: str | None) -> None:
        """`setItem`, `removeItem` (no value), `clear` (no key)."""


class AppServer(Protocol):
    """The servers that a page fetches from. Answered by `window.responded`."""

    def fetch(self, fetch: Fetch) -> None:
        """Send a request."""

    def abort(self, number: int) -> None:
        """Forget the request: its signal was aborted."""


class PageSockets(Protocol):
    """The WebSockets of a page, by number. Heard by turns `socket`."""

    def open(self, number: int, url: str) -> None:
        """`new WebSocket(url)`."""

    def send(self, number: int, text: str) -> None:
        """`send()`."""

    def close_socket(self, number: int, code: int, reason: str) -> None:
        """`close()`."""

    def gone(self) -> None:
        """The document is gone."""


class Claims(NamedTuple):
    """The claims of a token that the page of its Room needs."""

    identity: str
    room: str


class PageRooms(Protocol):
    """The SDK's Rooms of a page, by epoch, see `oneroom.ports.room.Room`. Core's events of a Room
    are delivered to the page.
    """

    def open(self, epoch: int, url: str, token: str) -> None:
        """`room.connect(url, token)`. A token that no server here has made ends the Room."""

    def claims(self, epoch: int) -> Claims:
        """The claims of the token of that Room."""

    def restarts(self, epoch: int) -> bool:
        """Tell a Room that is being joined anew from one that is resumed."""

    def close(self, epoch: int) -> None:
        """See `Room`."""

    def publish(self, epoch: int, source: Source, muted: bool) -> None:
        """See `Room`."""

    def unpublish(self, epoch: int, source: Source) -> None:
        """See `Room`."""

    def set_muted(self, epoch: int, muted: bool) -> None:
        """See `Room`."""

    def simulate(self, epoch: int, scenario: str) -> None:
        """`room.simulateScenario()`."""


class PageTauri(Protocol):
    """The event system of a Tauri app, as one webview has it. Heard by turns `tauri`."""

    def listen(self) -> None:
        """Its first `listen`."""

    def emit(self, text: str) -> None:
        """`emit`."""

    def gone(self) -> None:
        """The document is gone."""


class PageDatabases(Protocol):
    """`indexedDB` of a page, by the number of a transaction. Answered by turns `transaction` and
    `transactionDone`.
    """

    def begin(self, transaction: BeginTransaction) -> None:
        """A transaction was created."""

    def commit(self, transaction: CommitTransaction) -> None:
        """It has no more requests."""

    def abort(self, number: int) -> None:
        """It is given up."""

    def gone(self) -> None:
        """The document is gone."""


class PageDevices(Protocol):
    """`navigator.mediaDevices` and `permissions`, by numbers that the answering turns have, too."""

    def capture(self, number: int, sources: list[str]) -> None:
        """`getUserMedia()`, `getDisplayMedia()`."""

    def stop(self, track: int) -> None:
        """`stop()` of a captured track."""

    def hand_over(self, source: Source) -> None:
        """The SDK is given the captured track to publish."""

    def enumerate(self, number: int) -> None:
        """`enumerateDevices()`."""

    def permission(self, number: int, name: str) -> None:
        """`permissions.query()`."""


class PageRelatives(Protocol):
    """The windows that a page has opened, by number, and its opener, 0. Heard by turns
    `windowMessage` and `windowClosed`.
    """

    def open(self, opened: OpenWindow) -> bool:
        """`window.open()`. Return False if there is no such window."""

    def post(self, number: int, text: str) -> None:
        """`postMessage()`."""

    def focus(self, number: int) -> None:
        """`focus()`."""

    def close_window(self, number: int) -> None:
        """`close()`."""

    def gone(self) -> None:
        """The document is gone."""


class JavaScriptPorts(msgspec.Struct):
    """The ports that a window is plugged into. `session` is the content of its sessionStorage,
    `beside` are the other windows of its process, which it holds up, `navigate` shows another
    document, or this one anew, `close` closes the window.
    """

    channels: Channels
    locks: PageLocks
    storage: PageStorage
    session: dict[str, str]
    server: AppServer
    sockets: PageSockets
    rooms: PageRooms
    tauri: PageTauri
    databases: PageDatabases
    devices: PageDevices
    relatives: PageRelatives
    beside: Callable[[], list[Window]]
    navigate: Callable[[str], None]
    close: Callable[[], None]
