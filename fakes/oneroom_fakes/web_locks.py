"""Web Locks: the browser's lock manager, and `navigator.locks` of one document.

Models (w3c/web-locks; Chromium 156, seen): a queue for each name, first come, first served; shared
locks are held together, and wait behind an exclusive request that came before them (in Chromium
also behind one that was withdrawn, as long as a shared lock is held); the lock is
held from the moment of the grant, even if the holder has not run its callback yet; `release`, an
unload and the end of the process release it, a freeze, a stall or a stop does not; `steal` takes it
at once from all its holders, who are told when their event loops run; `ifAvailable` never waits;
`query` is a snapshot that may be stale on arrival; an aborted request is never granted. What one
document asks of the manager, of whatever names, arrives in the order in which its script asked.

Chromium asks for a permission first (`LockManager::CheckStorageAccessAllowed`): each call of a
document, a query too, waits for an answer of its own until the first answer is there, behind the
running task, in a frozen page too. A later script may so overtake the last calls of the first one.

A crash of a window (`LockClient.gone`): the browser drops its requests, releases its locks and
grants them to the next in the queues, who are told 9 to 27 ms after the crash, and 27 to 59 ms
after a discard.

A page in Chromium's back/forward cache keeps its locks, and its requests, which may be granted
while it is there. A query evicts cached holders from the cache, and the next requests are granted.
A request evicts them, too, but is then granted only if it is alone in the queue: if another one
waits already, none is granted until one of them is withdrawn or the lock is stolen. A page that
enters WebKit's cache gives its locks back (`WebLockManager::suspend`, since July 2025, read).
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, NamedTuple

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.ports.observer import LockChange
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.latency import Delays, drawn, quantiles

# One hop between a page and the browser process: a free lock is granted two of them after its
# request, 0.2 to 0.4 ms (Chromium 156, seen).
HOP_US = quantiles((0, 90), (500, 150), (900, 220), (990, 1_000), (1000, 4_000))
# From the manager to a page that has waited, and is idle: it is told about 2 ms after the release
# (Chromium 156, seen).
HAND_OVER_US = quantiles((0, 900), (500, 1_700), (900, 2_500), (990, 4_000), (1000, 8_000))
# From the first call of a document whose script has just begun until it may ask the manager
# (Chromium 156, seen, 39 documents on a machine that was half busy; the tail is longer on a busy
# one, and a document that is long there waits for 4 ms).
PERMISSION_US = quantiles((0, 6_500), (500, 20_000), (900, 50_000), (990, 90_000), (1000, 120_000))
# From the close or crash of a holder to the release: the next holder is told 9 to 27 ms after it
# (Chromium 156, seen).
GONE_US = quantiles((0, 8_000), (500, 13_000), (1000, 24_000))
# The same after a discard: 27 to 59 ms (Chromium 156, seen).
DISCARDED_US = quantiles((0, 26_000), (500, 38_000), (1000, 56_000))


class NotSupportedError(Exception):
    """The options of the request exclude each other, or its name is reserved."""


class LockMode(enum.Enum):
    """Modes of a lock: one holder, or any number of them."""

    EXCLUSIVE = "exclusive"
    SHARED = "shared"


class LockInfo(NamedTuple):
    """One lock or request in a snapshot."""

    name: str
    mode: LockMode
    client: LockClient


class LockSnapshot(NamedTuple):
    """The answer to a query: all locks of the origin, and all requests in the order in which they
    wait.
    """

    held: tuple[LockInfo, ...]
    pending: tuple[LockInfo, ...]


class LockRequest:
    """One `navigator.locks.request` of a document. Subclasses say what its callbacks do.

    `open` ends with its release, its abort or its rejection: a callback that is under way is void
    then. `held` begins when the callback runs.
    """

    def __init__(self, client: LockClient, name: str, mode: LockMode = LockMode.EXCLUSIVE) -> None:
        self.client = client
        self.name = name
        self.mode = mode
        self.open = True
        self.held = False

    def send(
        self, *, steal: bool = False, if_available: bool = False, signal: bool = False
    ) -> None:
        """Ask the manager; `signal`: with an AbortSignal. Raises `NotSupportedError`."""
        shared = self.mode is LockMode.SHARED
        if steal + if_available + signal > 1 or (steal and shared) or self.name.startswith("-"):
            raise NotSupportedError
        manager = self.client.manager
        ask = manager.steal if steal else manager.offer if if_available else manager.enqueue
        self.client.send(ask, self)

    def release(self) -> None:
        """Resolve the promise of the callback: the lock is given back, behind what the running
        script still asks for.
        """
        if self.open:
            self.open = False
            self.client.page.microtask(self._free, None)

    def abort(self) -> None:
        """Withdraw a request that waits; no effect on a lock that is held."""
        if self.open and not self.held:
            self.open = False
            if not self.client.withdraw(self):
                self._free(None)

    def _free(self, _: None) -> None:
        self.client.send(self.client.manager.free, self)

    # -- callbacks, in the page -------------------------------------------------------------------

    def granted(self) -> None:
        """The lock is held: the callback runs."""

    def refused(self) -> None:
        """The callback of an `ifAvailable` request runs without a lock."""

    def stolen(self) -> None:
        """The promise of the request is rejected with `AbortError`."""

    # -- reports of the manager -------------------------------------------------------------------

    def changed(self, change: LockChange) -> None:
        """The manager has changed this request."""


class _Call:
    """Something that a document asks of the manager."""

    def __init__(self, run: Callable[[Any], None], argument: object) -> None:
        self.run = run
        self.argument = argument


class LockClient:
    """`navigator.locks` of one document."""

    def __init__(self, manager: LockManager, page: Page) -> None:
        self.manager = manager
        self.page = page
        self.evict: Callable[[], None] | None = None
        self._allowed = not manager.asks_permission
        self._asking: list[_Call] = []
        self._answered_us = 0
        self._sent_us = 0
        self._told_us = 0

    def query(self, answered: Callable[[LockSnapshot], None]) -> None:
        """`navigator.locks.query()`: `answered` runs in the page."""
        self.send(self.manager.answer, (self, answered))

    def cache(self, evict: Callable[[], None]) -> None:
        """The page enters the back/forward cache; calling `evict` discards it."""
        self.evict = evict

    def uncache(self) -> None:
        """The page leaves the back/forward cache and runs again."""
        self.evict = None

    def suspend(self) -> None:
        """The page enters WebKit's back/forward cache: its locks are released, its requests
        dropped, and their promises rejected with `AbortError` when it runs again.
        """
        self.send(self.manager.suspend, self)

    def gone(self, *, discarded: bool = False) -> None:
        """The page was unloaded, `discarded`, or its process crashed or ended: the browser releases
        its locks and drops its requests.
        """
        manager = self.manager
        delay_us = drawn(manager.choices, Label.LATENCY, DISCARDED_US if discarded else GONE_US)
        manager.scheduler.at(manager.scheduler.now_us + delay_us, manager.forget, self)

    def send(self, run: Callable[[Any], None], argument: object) -> None:
        """Call the manager, in the order of the document's calls; of a document that may not do so
        yet, when it may.
        """
        call = _Call(run, argument)
        if self._allowed:
            self._pass_on(call)
            return
        scheduler, choices = self.manager.scheduler, self.manager.choices
        if self._answered_us:
            waits_us = drawn(choices, Label.LOCK_DELAY, HOP_US)
        else:
            waits_us = drawn(choices, Label.LOCK_PERMISSION, PERMISSION_US)
        self._answered_us = max(self._answered_us, scheduler.now_us) + waits_us
        self._asking.append(call)
        answer = (self.page, self._allow, call)
        scheduler.at(self._answered_us, _answer, answer)

    def withdraw(self, request: LockRequest) -> bool:
        """Forget a request that still waits for the permission. Return whether there was one."""
        before = len(self._asking)
        self._asking = [call for call in self._asking if call.argument is not request]
        return len(self._asking) < before

    def _allow(self, call: _Call) -> None:
        self._allowed = True
        if call in self._asking:
            self._asking.remove(call)
            self._pass_on(call)

    def _pass_on(self, call: _Call) -> None:
        self._sent_us = self._hop(HOP_US, self._sent_us)
        self.manager.scheduler.at(self._sent_us, call.run, call.argument)

    def tell(
        self, callback: Callable[[Any], None], argument: object, delays_us: Delays = HOP_US
    ) -> None:
        """Run `callback` in the page, in the order of the manager's calls for it."""
        self._told_us = self._hop(delays_us, self._told_us)
        self.manager.scheduler.at(self._told_us, _arrive, (self.page, callback, argument))

    def _hop(self, delays_us: Delays, last_us: int) -> int:
        manager = self.manager
        delay_us = drawn(manager.choices, Label.LOCK_DELAY, delays_us)
        return max(manager.scheduler.now_us + delay_us, last_us + 1)


class _LockQueue:
    """The holders of one name, and the requests that wait for it."""

    def __init__(self) -> None:
        self.held: list[LockRequest] = []
        self.waiting: list[LockRequest] = []

    def admits(self, mode: LockMode) -> bool:
        """Return whether a request of that mode is granted when it arrives."""
        return not self.waiting and self._can_hold(mode)

    def pop(self) -> LockRequest | None:
        """The request at the head, if it can be granted."""
        if self.waiting and self._can_hold(self.waiting[0].mode):
            return self.waiting.pop(0)
        return None

    def _can_hold(self, mode: LockMode) -> bool:
        return not self.held or (
            mode is LockMode.SHARED and all(one.mode is LockMode.SHARED for one in self.held)
        )


class LockManager:
    """The browser's lock manager, for all lock names of one origin. `asks_permission`: documents
    wait for a permission first, as in Chromium.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, *, asks_permission: bool = False
    ) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.asks_permission = asks_permission
        self._queues: dict[str, _LockQueue] = {}

    def client(self, page: Page) -> LockClient:
        """`navigator.locks` in `page`."""
        return LockClient(self, page)

    def enqueue(self, request: LockRequest) -> None:
        """A request has arrived: it joins the queue."""
        queue = self._queue(request)
        self._evict_holders(queue)
        if queue.admits(request.mode):
            self._grant(queue, request)
        else:
            queue.waiting.append(request)

    def offer(self, request: LockRequest) -> None:
        """An `ifAvailable` request has arrived: it is granted now or not at all."""
        queue = self._queue(request)
        self._evict_holders(queue)
        if queue.admits(request.mode):
            self._grant(queue, request)
        else:
            request.client.tell(refused, request)

    def steal(self, request: LockRequest) -> None:
        """A `steal` request has arrived: it takes the lock from its holders, before all requests in
        the queue.
        """
        queue = self._queue(request)
        for victim in queue.held:
            victim.changed(LockChange.STOLEN)
            victim.client.tell(stolen, victim)
        queue.held.clear()
        self._grant(queue, request)

    def free(self, request: LockRequest) -> None:
        """Release the lock of `request`, or withdraw it from the queue."""
        self._remove(self._queue(request), lambda one: one is request)

    def forget(self, client: LockClient) -> None:
        """The document of `client` is gone."""
        for queue in self._queues.values():
            self._remove(queue, lambda one: one.client is client)

    def suspend(self, client: LockClient) -> None:
        """The document of `client` gives everything back."""
        for queue in self._queues.values():
            for request in (*queue.held, *queue.waiting):
                if request.client is client:
                    client.tell(stolen, request)
        self.forget(client)

    def answer(self, query: tuple[LockClient, Callable[[LockSnapshot], None]]) -> None:
        """Answer `query()`, and evict cached holders."""
        client, answered = query
        queues = self._queues.values()
        client.tell(
            answered,
            LockSnapshot(
                tuple(_info(request) for queue in queues for request in queue.held),
                tuple(_info(request) for queue in queues for request in queue.waiting),
            ),
        )
        for queue in queues:
            if self._evict_holders(queue):
                self._advance(queue)

    def end(self) -> None:
        """The run is over: drop all references."""
        self._queues.clear()

    def _queue(self, request: LockRequest) -> _LockQueue:
        queue = self._queues.get(request.name)
        if queue is None:
            queue = self._queues[request.name] = _LockQueue()
        return queue

    def _evict_holders(self, queue: _LockQueue) -> bool:
        """Evict holders that are in the back/forward cache. Return whether there was one; their
        lock is free then, and not granted yet.
        """
        cached = [one for one in queue.held if one.client.evict is not None]
        for request in cached:
            self._drop(queue, request)
        for evict in [one.client.evict for one in cached]:
            if evict is not None:
                evict()
        return bool(cached)

    def _remove(self, queue: _LockQueue, whose: Callable[[LockRequest], bool]) -> None:
        """Remove requests from a queue, held or waiting, and grant those that can be then."""
        held = [one for one in queue.held if whose(one)]
        for request in held:
            self._drop(queue, request)
        before = len(queue.waiting)
        queue.waiting = [one for one in queue.waiting if not whose(one)]
        if (held or len(queue.waiting) < before) and not queue.held:
            self._advance(queue)

    def _drop(self, queue: _LockQueue, request: LockRequest) -> None:
        queue.held.remove(request)
        request.changed(LockChange.RELEASED)

    def _advance(self, queue: _LockQueue) -> None:
        """Grant the requests at the head of the queue that can be granted."""
        while (request := queue.pop()) is not None:
            self._grant(queue, request, HAND_OVER_US)

    def _grant(self, queue: _LockQueue, request: LockRequest, delays_us: Delays = HOP_US) -> None:
        queue.held.append(request)
        request.changed(LockChange.GRANTED)
        request.client.tell(granted, request, delays_us)


def _info(request: LockRequest) -> LockInfo:
    return LockInfo(request.name, request.mode, request.client)


def _answer(task: tuple[Page, Callable[[Any], None], _Call]) -> None:
    page, callback, call = task
    page.run(TaskSource.PROCESS, callback, call)


def _arrive(task: tuple[Page, Callable[[Any], None], Any]) -> None:
    page, callback, argument = task
    page.run(TaskSource.LOCK, callback, argument)


def granted(request: LockRequest) -> None:
    """A task of the page: its request is granted. Void if the page has closed it meanwhile."""
    if request.open:
        request.held = True
        request.granted()


def refused(request: LockRequest) -> None:
    """A task of the page: its `ifAvailable` request is refused. Void as above."""
    if request.open:
        request.open = False
        request.refused()


def stolen(request: LockRequest) -> None:
    """A task of the page: its lock was stolen. Void as above."""
    if request.open:
        request.open = False
        request.stolen()
