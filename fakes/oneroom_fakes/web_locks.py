"""Web Locks: one exclusive lock of one name, for all windows of one storage bucket.

Models (w3c/web-locks; Chromium 156, seen): one queue, FIFO, grants totally ordered; the lock is
held from the moment of the grant, even if the holder has not run its callback yet; `release`, an
unload and the end of the process release it, a freeze, a stall or a stop does not; `steal` takes it
at once, and the victim is told when its event loop runs; `ifAvailable` never waits; `query` is a
snapshot that may be stale on arrival; an aborted request is never granted.

A crash of a window (`LockHandle.gone`): the browser drops its requests, releases its lock and
grants it to the next in the queue, which is told 9 to 27 ms after the crash.

A page in Chromium's back/forward cache keeps its lock, and its request, which may be granted while
it is there. A query evicts a cached holder from the cache, and the next request in the queue is
granted. A request evicts it, too, but is then granted only if it is alone in the queue: if another
one waits already, none is granted until one of them is withdrawn or the lock is stolen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.events import LockBusy, LockGranted, LockLost, LockQueried
from oneroom.ports.observer import LockChange, Observer
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler

# One hop between a page and the browser process: the next holder is told of a release after about
# 2 ms (Chromium 156).
HOP_LOW_US, HOP_HIGH_US = 200, 1_500
# From the close or crash of a holder to the release: 9 to 27 ms until the next holder is told
# (Chromium 156), one hop of which is the grant.
GONE_LOW_US, GONE_HIGH_US = 9_000, 25_000


class LockHandle:
    """The lock as one window sees it. `wanted` grows with every request and release: a grant for an
    older number is void.
    """

    def __init__(self, manager: WebLocks, page: Page) -> None:
        self.manager = manager
        self.page = page
        self.wanted = 0
        self.asked = False
        self.told_us = 0
        self.evict: Callable[[], None] | None = None
        self._last_us = 0

    def request(self, steal: bool, if_available: bool = False) -> None:
        """See `oneroom.ports.locks.Locks.request`."""
        if self.asked and not steal:
            return
        self.asked = True
        self.wanted += 1
        self.manager.observer.lock_changed(self.page.name, LockChange.REQUESTED)
        manager = self.manager
        ask = manager.steal if steal else manager.offer if if_available else manager.enqueue
        self._send(ask, (self, self.wanted))

    def release(self) -> None:
        """See `oneroom.ports.locks.Locks.release`."""
        if self.asked:
            self.asked = False
            self.wanted += 1
            self._send(self.manager.free, self)

    def query(self, number: int) -> None:
        """See `oneroom.ports.locks.Locks.query`."""
        self._send(self.manager.answer, (self, number))

    def cache(self, evict: Callable[[], None]) -> None:
        """The page enters the back/forward cache; calling `evict` discards it."""
        self.evict = evict

    def uncache(self) -> None:
        """The page leaves the back/forward cache and runs again."""
        self.evict = None

    def gone(self) -> None:
        """The page was unloaded, or its process crashed or ended: the browser releases its lock and
        drops its requests.
        """
        self.asked = False
        self.wanted += 1
        manager = self.manager
        delay_us = manager.choices.between(Label.LATENCY, GONE_LOW_US, GONE_HIGH_US)
        manager.scheduler.at(manager.scheduler.now_us + delay_us, manager.free, self)

    def granted(self, wanted: int) -> None:
        """Run the request's callback in the page; does nothing if the request was withdrawn
        meanwhile.
        """
        if wanted == self.wanted:
            self.page.deliver(TaskSource.LOCK, LockGranted())

    def busy(self, wanted: int) -> None:
        """Run the callback of an `ifAvailable` request without a lock."""
        if wanted == self.wanted:
            self.asked = False
            self.page.deliver(TaskSource.LOCK, LockBusy())

    def lost(self, wanted: int) -> None:
        """Reject the promise of a stolen lock in the page; does nothing if the page has released
        that lock.
        """
        if wanted == self.wanted:
            self.asked = False
            self.page.deliver(TaskSource.LOCK, LockLost())

    def answered(self, answer: LockQueried) -> None:
        """Resolve the promise of a query in the page."""
        self.page.deliver(TaskSource.LOCK, answer)

    def _send(self, run: Callable[[Any], None], argument: object) -> None:
        """Send a request of the page to the manager, in the order of its requests."""
        manager = self.manager
        delay_us = manager.choices.between(Label.LOCK_DELAY, HOP_LOW_US, HOP_HIGH_US)
        self._last_us = max(manager.scheduler.now_us + delay_us, self._last_us + 1)
        manager.scheduler.at(self._last_us, run, argument)


class WebLocks:
    """The browser's lock manager, for one lock name."""

    def __init__(self, scheduler: Scheduler, choices: Choices, observer: Observer) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.observer = observer
        self.holder: LockHandle | None = None
        self.holder_wanted = 0
        self.queue: list[tuple[LockHandle, int]] = []

    def handle(self, page: Page) -> LockHandle:
        """`navigator.locks` in `page`."""
        return LockHandle(self, page)

    def enqueue(self, request: tuple[LockHandle, int]) -> None:
        """A request has arrived: it joins the queue."""
        handle, wanted = request
        if wanted == handle.wanted:
            self._evict_holder()
            self.queue.append(request)
            if len(self.queue) == 1:
                self._grant_next()

    def offer(self, request: tuple[LockHandle, int]) -> None:
        """An `ifAvailable` request has arrived: it is granted now or not at all."""
        handle, wanted = request
        self._evict_holder()
        if self.holder is None and not self.queue:
            self.enqueue(request)
        else:
            self._run(handle, handle.busy, wanted)

    def steal(self, request: tuple[LockHandle, int]) -> None:
        """A `steal` request has arrived: it takes the lock from its holder, before all requests in
        the queue.
        """
        handle, wanted = request
        self._withdraw(handle)
        victim = self.holder
        if victim is not None and victim is not handle:
            self.observer.lock_changed(victim.page.name, LockChange.STOLEN)
            self._run(victim, victim.lost, self.holder_wanted)
        self._grant(handle, wanted)

    def free(self, handle: LockHandle) -> None:
        """Release the lock of `handle` and grant it to the next request; withdraw a request of
        `handle` that waits.
        """
        withdrew = self._withdraw(handle)
        if self.holder is handle:
            self._release_holder()
            self._grant_next()
        elif withdrew:
            self._grant_next()

    def answer(self, query: tuple[LockHandle, int]) -> None:
        """Answer `query()`: whether the handle holds the lock, and its place in the queue."""
        handle, number = query
        rank = -1
        for place, (waiting, _) in enumerate(self.queue):
            if waiting is handle:
                rank = place
        self._run(handle, handle.answered, LockQueried(number, self.holder is handle, rank))
        if self._evict_holder():
            self._grant_next()

    def end(self) -> None:
        """The run is over: drop all references."""
        self.holder = None
        self.queue = []

    def _evict_holder(self) -> bool:
        """Evict a holder that is in the back/forward cache. Return whether there was one; the lock
        is free then, and not granted yet.
        """
        holder = self.holder
        if holder is None or holder.evict is None:
            return False
        self._release_holder()
        holder.evict()
        return True

    def _release_holder(self) -> None:
        assert self.holder is not None, "nobody holds it"
        self.observer.lock_changed(self.holder.page.name, LockChange.RELEASED)
        self.holder = None

    def _withdraw(self, handle: LockHandle) -> bool:
        before = len(self.queue)
        self.queue = [entry for entry in self.queue if entry[0] is not handle]
        return len(self.queue) < before

    def _grant_next(self) -> None:
        if self.holder is None and self.queue:
            self._grant(*self.queue.pop(0))

    def _grant(self, handle: LockHandle, wanted: int) -> None:
        self.holder = handle
        self.holder_wanted = wanted
        self.observer.lock_changed(handle.page.name, LockChange.GRANTED)
        self._run(handle, handle.granted, wanted)

    def _run(self, handle: LockHandle, callback: Callable[[Any], None], argument: object) -> None:
        """Run `callback` in the page of `handle`, in the order of the manager's calls for it."""
        delay_us = self.choices.between(Label.LOCK_DELAY, HOP_LOW_US, HOP_HIGH_US)
        handle.told_us = max(self.scheduler.now_us + delay_us, handle.told_us + 1)
        self.scheduler.at(handle.told_us, _arrive, (handle.page, callback, argument))


def _arrive(task: tuple[Page, Callable[[Any], None], Any]) -> None:
    page, callback, argument = task
    page.run(TaskSource.LOCK, callback, argument)
