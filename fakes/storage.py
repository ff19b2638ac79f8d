"""localStorage, for the one key that holds the owner's row.

Models (Chromium `cached_storage_area.cc`, `storage_area_impl.cc`; Chromium 156, seen): each window has a replica,
read synchronously; a write is visible here at once and travels to the storage service, which orders all writes and
tells every window; while an own write is on its way, what others wrote is not taken (their value is masked); a
same-value write is silent; the last write in the service's order wins everywhere; what was written is delivered even
if the writer dies in that instant. The replica of a frozen page is current, its storage events wait; a page whose
main thread stands still has not even the value.
"""

from __future__ import annotations

from harness.choices.choices import Choices
from harness.choices.labels import Label
from harness.core.events import LeaseSeen
from harness.core.state import Lease
from harness.ports.observer import Observer
from harness.ports.page import Page, TaskSource
from harness.ports.scheduler import Scheduler

# One hop between a renderer and the storage service, in microseconds. Chromium: a few hundred, more under load.
HOP_LOW_US, HOP_HIGH_US = 100, 2_000


class Replica:
    """The row as one window has it: `row` is local and synchronous."""

    def __init__(self, service: StorageService, page: Page) -> None:
        self.service = service
        self.page = page
        self.row = service.row
        self.pending = 0
        self.sent_us = 0
        self.told_us = 0

    def write(self, lease: Lease) -> None:
        """Visible here at once; an own pending write masks the others'."""
        self.row = lease
        self.pending += 1
        self.service.observer.lease_written(self.page.name, lease.term, lease.beat)
        self.service.put(self, lease)

    def changed(self, change: tuple[Replica, Lease, bool]) -> None:
        """KeyChanged arrived from the service."""
        if self.page.busy():
            self.page.run(TaskSource.STORAGE, self._take, change)
        else:
            self._take(change)

    def _take(self, change: tuple[Replica, Lease, bool]) -> None:
        writer, lease, is_new = change
        if writer is self:
            self.pending -= 1
            return
        if not self.pending:
            self.row = lease
        if is_new:
            self.page.deliver(TaskSource.STORAGE, LeaseSeen(lease))


class StorageService:
    """The browser's storage service."""

    def __init__(self, scheduler: Scheduler, choices: Choices, observer: Observer) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.observer = observer
        self.row = Lease()
        self.replicas: list[Replica] = []

    def replica(self, page: Page) -> Replica:
        """A new window reads the row from the service when its script first touches storage."""
        replica = Replica(self, page)
        self.replicas.append(replica)
        return replica

    def forget(self, replica: Replica) -> None:
        """The window is gone."""
        self.replicas.remove(replica)

    def put(self, writer: Replica, lease: Lease) -> None:
        """A write leaves its window."""
        delay_us = self.choices.between(Label.STORAGE_DELAY, HOP_LOW_US, HOP_HIGH_US)
        writer.sent_us = max(self.scheduler.now_us + delay_us, writer.sent_us + 1)
        self.scheduler.at(writer.sent_us, self._arrive, (writer, lease))

    def _arrive(self, write: tuple[Replica, Lease]) -> None:
        writer, lease = write
        is_new = lease != self.row
        self.row = lease
        change = (writer, lease, is_new)
        for replica in self.replicas:
            delay_us = self.choices.between(Label.STORAGE_DELAY, HOP_LOW_US, HOP_HIGH_US)
            replica.told_us = max(self.scheduler.now_us + delay_us, replica.told_us + 1)
            self.scheduler.at(replica.told_us, replica.changed, change)
