"""Ports of a window process, connected to the hub: locks, storage, terms, tokens, bus, devices.

Rules: what a page does by itself (handling a granted lock, reading a storage item) is the fakes'
own code and runs here; what all windows share (the lock manager, the storage service, the bus) is
requested from the hub by frames. Hops inside the browser are drawn as in the simulator; those of
the pipe come on top (well below a millisecond).
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.choices.choices import Choices
from oneroom.core.messages import Message
from oneroom.core.state import Source
from oneroom.live.process.pipe import encode
from oneroom.ports.observer import Observer
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.local_storage import (
    RendererProcess,
    StorageArea,
    StorageEvent,
    StorageNotice,
    StorageService,
    Write,
)
from oneroom_fakes.terms import ANY
from oneroom_fakes.web_locks import (
    LockClient,
    LockManager,
    LockMode,
    LockRequest,
    LockSnapshot,
)
from oneroom_fakes.window_locks import WindowLocks

Send = Callable[..., None]


class RemoteLockManager(LockManager):
    """The lock manager in the hub. `requests` are those of this window, by number."""

    say: Send

    def __init__(self, scheduler: Scheduler, choices: Choices) -> None:
        super().__init__(scheduler, choices)
        self.requests: list[LockRequest] = []

    def enqueue(self, request: LockRequest) -> None:
        self._ask("enqueue", request)

    def offer(self, request: LockRequest) -> None:
        self._ask("offer", request)

    def steal(self, request: LockRequest) -> None:
        self._ask("steal", request)

    def free(self, request: LockRequest) -> None:
        self.say("lock_release", self.requests.index(request))

    def answer(self, query: tuple[LockClient, Callable[[LockSnapshot], None]]) -> None:
        raise AssertionError("a window asks for its own place alone")

    def _ask(self, how: str, request: LockRequest) -> None:
        shared = request.mode is LockMode.SHARED
        self.say(f"lock_{how}", len(self.requests), request.name, shared)
        self.requests.append(request)


class RemoteLocks(WindowLocks):
    """The locks of this window; the hub answers its queries."""

    def __init__(self, manager: RemoteLockManager, page: Page, observer: Observer) -> None:
        super().__init__(manager.client(page), observer)
        self._say = manager.say

    def query(self, number: int) -> None:
        self.client.send(self._query, number)

    def _query(self, number: int) -> None:
        self._say("lock_query", number)


class RemoteStorageService(StorageService):
    """The storage service in the hub. `items` is its content when this window opened."""

    say: Send

    def put(self, write: Write) -> None:
        self.say("storage_put", write.key, write.value)


class RemoteStorage:
    """The localStorage of this window."""

    def __init__(self, service: RemoteStorageService, page: Page) -> None:
        self.area = service.area(page)
        self._service = service
        self._others = StorageArea(RendererProcess(service), page)

    def told(
        self, own: bool, key: str | None, value: str | None, event: tuple[str | None] | None
    ) -> None:
        """Handle the service's notification of a write, in the service's order of writes.

        `event` holds the value before the write if the window gets a `storage` event.
        """
        process = self.area.process
        write = Write(self.area if own else self._others, key, value)
        news = None if event is None else StorageEvent(key, event[0], value)
        process.told(StorageNotice(0, process.connection, write, news))

    def refused(self, key: str | None, value: str | None, present: str | None) -> None:
        """Undo an own write that exceeded the quota; the service holds `present` instead."""
        if key is not None and present is not None:
            self._service.items[key] = present
        self.area.process.refused(Write(self.area, key, value))


class RemoteBus:
    """Implements `oneroom.ports.bus.Bus`: one of the window's buses, by its index."""

    def __init__(self, say: Send, number: int) -> None:
        self._say = say
        self._number = number

    def post(self, message: Message) -> None:
        """See the port."""
        self._say("post", self._number, *encode(message))


class RemoteTerms:
    """Implements `oneroom.ports.terms.Terms`."""

    def __init__(self, say: Send) -> None:
        self._say = say

    def take(self, number: int, after: int = ANY) -> None:
        """See the port."""
        self._say("take_term", number, after)

    def read(self, number: int) -> None:
        """See the port."""
        self._say("read_term", number)


class RemoteTokens:
    """Implements `oneroom.ports.tokens.Tokens`."""

    def __init__(self, say: Send) -> None:
        self._say = say

    def mint(self, epoch: int, channel: str) -> None:
        """See the port."""
        self._say("mint", epoch, channel)


class RemoteDevices:
    """Implements `oneroom.ports.devices.Devices` for this window."""

    def __init__(self, say: Send, page: Page) -> None:
        self._say = say
        self._page = page
        self._asked: dict[Source, Callable[[bool], None]] = {}

    def capture(self, window: str, source: Source, done: Callable[[bool], None]) -> None:
        """See the port."""
        self._asked[source] = done
        self._say("capture", source)

    def release(self, window: str, source: Source) -> None:
        """See the port."""
        self._asked.pop(source, None)
        self._say("release", source)

    def is_default(self, window: str, source: Source) -> bool:
        """See the port. There is one device of each kind."""
        return True

    def answered(self, source: Source, granted: bool) -> None:
        """Handle the answer of the hub's devices."""
        done = self._asked.pop(source, None)
        if done is not None:
            self._page.run(TaskSource.INPUT, done, granted)
