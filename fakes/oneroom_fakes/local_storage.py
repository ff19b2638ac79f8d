"""localStorage of one origin, and the `storage` events of its writes.

Models (Chromium `cached_storage_area.cc`, `storage_area_impl.cc`; Chromium 156, seen, unless said):
each process has a replica that its windows share and read synchronously; a write is visible there
at once and is sent to the storage service, which orders all writes and notifies every process;
while a process's own write of a key is under way, other writes to that key are not applied to its
replica; every window but the writer gets an event for every write, also in the writer's own
process, and only after the round trip through the service; a write of the value that is there
already causes no event; `clear()` causes one event without a key; the last write in the service's
order wins everywhere. A write beyond the quota throws; if only the service knows that the quota is
used up, the write is undone some time later without an error. A write arrives even if its writer
dies in that instant. The replica of a frozen page is current, its events wait; a page whose main
thread is blocked does not get the value either. There is no lock, and storage is not ordered
against BroadcastChannel.

Firefox (read, not seen): a task sees one snapshot, taken from the service when the task first reads
storage, so no replica lags and no write masks another; only the events are delayed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.platform import QuotaExceededError as QuotaExceededError
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.latency import quantiles

# One hop between a process and the storage service: an event comes two of them after its write,
# 0.4 to 0.7 ms (Chromium 156, seen).
HOP_US = quantiles((0, 110), (100, 180), (500, 230), (900, 320), (990, 900), (1000, 3_000))
_HOPS = len(HOP_US)
# Limit on all keys and values of an origin, in UTF-16 units (Chromium 156, seen).
QUOTA_UNITS = 5_242_880
# Limit on them in the service.
QUOTA_BYTES = 2 * QUOTA_UNITS
# Time for which a write that the service refuses stays visible to its writer (Chromium 156, seen).
REFUSED_LOW_US, REFUSED_HIGH_US = 120_000, 300_000

# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a
# message.
_STORAGE_DELAY, _STORAGE = Label.STORAGE_DELAY, TaskSource.STORAGE


# Called with the key and the value of a change of a replica.
Changed = Callable[[str | None, str | None], None]


class StorageEvent(msgspec.Struct, frozen=True, gc=False):
    """The event of a write. `key` is None for `clear()`; a value is None if there is none."""

    key: str | None
    old_value: str | None
    new_value: str | None


class Write(msgspec.Struct, frozen=True, eq=False):
    """One `setItem`, `removeItem` (no value) or `clear` (no key) on its way to the service."""

    writer: StorageArea
    key: str | None
    value: str | None


class StorageNotice(msgspec.Struct, frozen=True, eq=False):
    """The service's notification of a write to one process over its connection number
    `connection`; it arrives at `at_us`.
    """

    at_us: int
    connection: int
    write: Write
    event: StorageEvent | None


def units(text: str) -> int:
    """The size of a key or a value in UTF-16 units, as the quota counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def octets(text: str) -> int:
    """The size of a key or a value in the service, which stores Latin-1 text in one byte a
    character.
    """
    return len(text) if text.isascii() or max(text) <= "\xff" else 2 * units(text)


def fits(
    items: dict[str, str], key: str, value: str, size: Callable[[str], int], quota: int
) -> bool:
    """True if `quota` permits setting `key` to `value`.

    A value that is no larger than the old one always fits.
    """
    old_value = items.get(key)
    if old_value is not None and (
        # the common case: no text is smaller than its length, and an ASCII one no larger
        (len(value) <= len(old_value) and value.isascii()) or size(value) <= size(old_value)
    ):
        return True
    taken = sum(size(name) + size(text) for name, text in items.items() if name != key)
    return taken + size(key) + size(value) <= quota


class StorageArea:
    """`window.localStorage` of one window. `listeners` are called with every event, in one task of
    its page; `delays` returns the additional delay in microseconds of each copy of an event (no
    copy: the event is lost).
    """

    def __init__(self, process: RendererProcess, page: Page) -> None:
        self.process = process
        self.page = page
        self.listeners: list[Callable[[StorageEvent], None]] = []
        self.delays: Callable[[StorageEvent], Sequence[int]] | None = None
        self.heard_us = 0

    def get_item(self, key: str) -> str | None:
        """The value of `key` in this window's replica, or None."""
        return self.process.load().get(key)

    def set_item(self, key: str, value: str) -> None:
        """Set `key`, visible here at once. Raises `QuotaExceededError`."""
        self.process.write(Write(self, key, value))

    def remove_item(self, key: str) -> None:
        """Remove `key`; no event if there is none."""
        self.process.write(Write(self, key, None))

    def clear(self) -> None:
        """Remove all keys."""
        self.process.write(Write(self, None, None))

    def watch(self, changed: Changed) -> None:
        """Call `changed` with every change of the replica: its key and value, None as in a
        `StorageEvent`. No browser offers that; it replaces polling.
        """
        self.process.watchers.append((self, changed))

    def dispatch(self, event: StorageEvent) -> None:
        """Queue the task in which the event is dispatched."""
        self.page.run(_STORAGE, self.hear, event)

    def hear(self, event: StorageEvent) -> None:
        """Dispatch the `storage` event in this window."""
        for listener in self.listeners:
            listener(event)


class RendererProcess:
    """One renderer process: the replica that its windows share."""

    def __init__(self, service: StorageService) -> None:
        self.service = service
        self.items: dict[str, str] | None = None
        self.areas: list[StorageArea] = []
        self.pending: dict[str | None, int] = {}
        self.connection = 0
        self.sent_us = 0
        self.told_us = 0
        self._late: list[StorageNotice] = []
        self.watchers: list[tuple[StorageArea, Changed]] = []

    def load(self) -> dict[str, str]:
        """The replica. The first read fetches it over a new connection; notifications under way
        over an older one are dropped.
        """
        if self.items is None:
            self.connection += 1
            self.items = dict(self.service.items)
        return self.items

    def write(self, write: Write) -> None:
        """Apply a window's write to the replica and send it to the service. Raises
        `QuotaExceededError`.
        """
        items, key, value = self.load(), write.key, write.value
        if (
            key is not None
            and value is not None
            and not fits(items, key, value, units, QUOTA_UNITS)
        ):
            raise QuotaExceededError
        self.pending[key] = self.pending.get(key, 0) + 1
        self._apply(key, value)
        self.service.put(write)

    def told(self, told: StorageNotice) -> None:
        """A notification has arrived. It waits while the main thread of the process is blocked; it
        is no task of a page, so a freeze does not delay it.
        """
        for area in self.areas:
            if area.page.busy():
                area.page.run(TaskSource.PROCESS, self._catch_up, told)
                return
        if self._take(told):
            self._tell(told)

    def acknowledge(self, key: str | None) -> None:
        """The process's own write of `key` is no longer under way."""
        writes = self.pending.pop(key)
        if writes > 1:
            self.pending[key] = writes - 1

    def masks(self, key: str | None) -> bool:
        """True if a pending write of this process masks other writes to `key`."""
        return key in self.pending or None in self.pending

    def follow(self, key: str | None, value: str | None) -> None:
        """Apply a write of another process, unless a write of the process's own masks it."""
        if self.items is None or (self.pending and self.masks(key)):
            return
        if key is not None:
            self._apply(key, value)
            return
        kept = {name: text for name, text in self.items.items() if self.masks(name)}
        self._apply(None, None)
        for name, text in kept.items():
            self._apply(name, text)

    def _catch_up(self, told: StorageNotice) -> None:
        """A notification that waited for a long task is applied at once, and its event is queued
        behind those that follow: a handler may read a value that is newer than its event by any
        number of writes.
        """
        if not self._take(told):
            return
        if not self._late:
            self.service.scheduler.at(self.service.scheduler.now_us, self._caught_up, None)
        self._late.append(told)
        waiting = self.service.choices.draw(Label.STORAGE_BEHIND, len(self._late) + 1)
        self._tell_late(len(self._late) - waiting)

    def _caught_up(self, _: None) -> None:
        self._tell_late(len(self._late))

    def _tell_late(self, count: int) -> None:
        ripe, self._late = self._late[:count], self._late[count:]
        for told in ripe:
            self._tell(told)

    def _take(self, told: StorageNotice) -> bool:
        """Apply a notification to the replica. Return False if it came over an older connection."""
        if told.connection != self.connection:
            return False
        write = told.write
        if not self.service.snapshots:
            if write.writer.process is self:
                self.acknowledge(write.key)
            else:
                self.follow(write.key, write.value)
        return True

    def _tell(self, told: StorageNotice) -> None:
        """Dispatch the event, if there is one, in every window of the process but the writer."""
        event = told.event
        if event is None:
            return
        now_us, writer = self.service.scheduler.now_us, told.write.writer
        for area in tuple(self.areas):
            if area is writer:
                continue
            if area.delays is None and area.heard_us <= now_us:
                area.dispatch(event)
            else:
                self._dispatch_late(area, event, told.at_us)

    def _dispatch_late(self, area: StorageArea, event: StorageEvent, told_us: int) -> None:
        """Dispatch an event after the link's delay. The events of one window keep their order, also
        when a slow link delays some of them.
        """
        scheduler = self.service.scheduler
        for delay_us in (0,) if area.delays is None else area.delays(event):
            at_us = max(told_us + delay_us, area.heard_us)
            if at_us > scheduler.now_us:
                area.heard_us = at_us + 1
                scheduler.at(at_us, area.dispatch, event)
            else:
                area.dispatch(event)

    def refused(self, write: Write) -> None:
        """The service has refused a write: the replica silently returns to the service's value."""
        key = write.key
        self.acknowledge(key)
        if key is not None:
            self.follow(key, self.service.items.get(key))

    def _apply(self, key: str | None, value: str | None) -> None:
        items = self.items
        assert items is not None, "nothing is applied to a replica before it is loaded"
        if key is None:
            items.clear()
        elif value is None:
            items.pop(key, None)
        else:
            items[key] = value
        for _, changed in self.watchers:
            changed(key, value)


class StorageService:
    """The browser's storage service, for one origin. `snapshots` selects Firefox's model."""

    def __init__(self, scheduler: Scheduler, choices: Choices, *, snapshots: bool = False) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.snapshots = snapshots
        self.items: dict[str, str] = {}
        self.processes: list[RendererProcess] = []

    def area(self, page: Page, process: RendererProcess | None = None) -> StorageArea:
        """localStorage of a new window, in a process of its own or in `process`."""
        if process is None:
            process = RendererProcess(self)
            self.processes.append(process)
        area = StorageArea(process, page)
        process.areas.append(area)
        return area

    def forget(self, area: StorageArea) -> None:
        """The window of `area` is gone; its writes stay."""
        process = area.process
        area.listeners.clear()
        area.delays = None
        process.areas.remove(area)
        process.watchers = [watcher for watcher in process.watchers if watcher[0] is not area]
        if not process.areas:
            self.processes.remove(process)

    def put(self, write: Write) -> None:
        """Send a write from its process to the service."""
        process, scheduler = write.writer.process, self.scheduler
        at_us = scheduler.now_us + HOP_US[self.choices.draw(_STORAGE_DELAY, _HOPS)]
        if at_us <= process.sent_us:
            at_us = process.sent_us + 1
        process.sent_us = at_us
        scheduler.at(at_us, self._arrive, write)

    def _arrive(self, write: Write) -> None:
        """Apply a write, in the service's order, and notify every process."""
        key, value, writer = write.key, write.value, write.writer.process
        if (
            key is not None
            and value is not None
            and not fits(self.items, key, value, octets, QUOTA_BYTES)
        ):
            delay_us = self.choices.between(_STORAGE_DELAY, REFUSED_LOW_US, REFUSED_HIGH_US)
            self.scheduler.at(self.scheduler.now_us + delay_us, writer.refused, write)
            return
        old_value = self.items.get(key) if key is not None else None
        is_new = value != old_value if key is not None else bool(self.items)
        self._apply(key, value)
        if self.snapshots:
            writer.acknowledge(key)
            for process in self.processes:
                process.follow(key, value)
        event = StorageEvent(key, old_value, value) if is_new else None
        now_us, draw = self.scheduler.now_us, self.choices.draw
        for process in self.processes:
            at_us = now_us + HOP_US[draw(_STORAGE_DELAY, _HOPS)]
            if at_us <= process.told_us:
                at_us = process.told_us + 1
            process.told_us = at_us
            told = StorageNotice(at_us, process.connection, write, event)
            self.scheduler.at(at_us, process.told, told)

    def _apply(self, key: str | None, value: str | None) -> None:
        if key is None:
            self.items.clear()
        elif value is None:
            self.items.pop(key, None)
        else:
            self.items[key] = value
