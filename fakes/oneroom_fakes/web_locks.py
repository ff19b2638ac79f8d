"""Web Locks: one exclusive lock of one name, for all windows of one storage bucket.

Models (w3c/web-locks; Chromium 156, seen): one queue, FIFO, grants totally ordered; held from the
moment of the grant, even if the holder has not run its callback yet; released by `release`, by
unloading and by the end of the process, not by a freeze, a stall or a stop; `steal` takes it at
once and the victim learns only when its event loop runs; `ifAvailable` never waits; `query` is a
snapshot that may be stale on arrival; an aborted request is never granted.

A page in Chromium's back/forward cache keeps its lock, and its request, which may be granted there.
What throws a cached holder out: a query, after which the next one is served; or a request, which
then looks at itself alone: if somebody waits already, nobody gets the lock, until one of those who
wait gives up or somebody steals it.
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

# Page to browser process and back: a release is seen by the next holder after about 2 ms (Chromium
# 156).
HOP_LOW_US, HOP_HIGH_US = 200, 1_500
# Hand-over after the holder was closed or crashed: 9 to 27 ms (Chromium 156), of which one hop is
# the grant.
GONE_LOW_US, GONE_HIGH_US = 9_000, 25_000


class LockHandle:
    """The lock as one window has it. `wanted` grows with every request and release: a grant for an
    older one is void.
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
        """The page goes into the back/forward cache; `evict` throws it out."""
        self.evict = evict

    def uncache(self) -> None:
        """The page comes back."""
        self.evict = None

    def gone(self) -> None:
        """The page unloaded or its process ended: the browser frees what it held and drops what it
        waited for.
        """
        self.asked = False
        self.wanted += 1
        manager = self.manager
        delay_us = manager.choices.between(Label.LATENCY, GONE_LOW_US, GONE_HIGH_US)
        manager.scheduler.at(manager.scheduler.now_us + delay_us, manager.free, self)

    def granted(self, wanted: int) -> None:
        """The request's callback runs in the page; if the request was withdrawn meanwhile, nothing
        of it is left.
        """
        if wanted == self.wanted:
            self.page.deliver(TaskSource.LOCK, LockGranted())

    def busy(self, wanted: int) -> None:
        """The callback of an `ifAvailable` request runs without a lock."""
        if wanted == self.wanted:
            self.asked = False
            self.page.deliver(TaskSource.LOCK, LockBusy())

    def lost(self, wanted: int) -> None:
        """The promise of a stolen lock rejects in the page; a page that had let go of that lock
        does not care.
        """
        if wanted == self.wanted:
            self.asked = False
            self.page.deliver(TaskSource.LOCK, LockLost())

    def answered(self, answer: LockQueried) -> None:
        """The promise of a query resolves in the page."""
        self.page.deliver(TaskSource.LOCK, answer)

    def _send(self, run: Callable[[Any], None], argument: object) -> None:
        """What one page asks reaches the manager in the order in which it asked."""
        manager = self.manager
        delay_us = manager.choices.between(Label.LOCK_DELAY, HOP_LOW_US, HOP_HIGH_US)
        self._last_us = max(manager.scheduler.now_us + delay_us, self._last_us + 1)
        manager.scheduler.at(self._last_us, run, argument)


class WebLocks:
    """The browser's lock manager, for the one name that matters."""

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
        """A request arrived."""
        handle, wanted = request
        if wanted == handle.wanted:
            self._evict_holder()
            self.queue.append(request)
            if len(self.queue) == 1:
                self._grant_next()

    def offer(self, request: tuple[LockHandle, int]) -> None:
        """An `ifAvailable` request arrived: granted now or not at all."""
        handle, wanted = request
        self._evict_holder()
        if self.holder is None and not self.queue:
            self.enqueue(request)
        else:
            self._run(handle, handle.busy, wanted)

    def steal(self, request: tuple[LockHandle, int]) -> None:
        """Take the lock from whoever holds it; granted before all queued requests."""
        handle, wanted = request
        self._withdraw(handle)
        victim = self.holder
        if victim is not None and victim is not handle:
            self.observer.lock_changed(victim.page.name, LockChange.STOLEN)
            self._run(victim, victim.lost, self.holder_wanted)
        self._grant(handle, wanted)

    def free(self, handle: LockHandle) -> None:
        """Give the lock to the next in the queue if `handle` held it; withdraw its request if it
        waited.
        """
        withdrew = self._withdraw(handle)
        if self.holder is handle:
            self._let_go()
            self._grant_next()
        elif withdrew:
            self._grant_next()

    def answer(self, query: tuple[LockHandle, int]) -> None:
        """`query()`: who holds, and where the handle waits."""
        handle, number = query
        rank = -1
        for place, (waiting, _) in enumerate(self.queue):
            if waiting is handle:
                rank = place
        self._run(handle, handle.answered, LockQueried(number, self.holder is handle, rank))
        if self._evict_holder():
            self._grant_next()

    def end(self) -> None:
        """The run is over: let go of all pages."""
        self.holder = None
        self.queue = []

    def _evict_holder(self) -> bool:
        """Whether the holder was in the cache; then it is gone, and nobody has been granted the
        lock yet.
        """
        holder = self.holder
        if holder is None or holder.evict is None:
            return False
        self._let_go()
        holder.evict()
        return True

    def _let_go(self) -> None:
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
        """What the manager tells one page gets there in the order in which it happened."""
        delay_us = self.choices.between(Label.LOCK_DELAY, HOP_LOW_US, HOP_HIGH_US)
        handle.told_us = max(self.scheduler.now_us + delay_us, handle.told_us + 1)
        self.scheduler.at(handle.told_us, _arrive, (handle.page, callback, argument))


def _arrive(task: tuple[Page, Callable[[Any], None], Any]) -> None:
    page, callback, argument = task
    page.run(TaskSource.LOCK, callback, argument)
