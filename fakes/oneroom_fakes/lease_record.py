"""The owner's lease record, one key of localStorage in JSON, behind the port
`oneroom.ports.storage.Storage`.

localStorage itself is in `local_storage.py`. A lease record that cannot be decoded (other code
wrote the key, the user cleared the site's data) counts as none. A write beyond the quota is lost,
and the owner continues without the lease as second evidence of its life.
"""

from __future__ import annotations

import msgspec

from oneroom.core.events import LeaseSeen
from oneroom.core.platform import QuotaExceededError
from oneroom.core.state import Lease
from oneroom.ports.observer import Observer
from oneroom.ports.page import TaskSource
from oneroom_fakes.local_storage import StorageArea, StorageEvent

KEY = "voice-owner"
NO_LEASE = Lease()
# Bound once: on Python 3.11 looking up a member of an Enum class costs as much as building a
# message.
_STORAGE = TaskSource.STORAGE

# Number of lease records that are kept decoded: every window reads each of them soon after it was
# written.
_REMEMBERED = 256


class LeaseStorage:
    """The codec of the lease records of a run. Equal texts are decoded to one object, so that `is`
    detects a new record.
    """

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(Lease).decode
        self._known: dict[str, Lease] = {}

    def text(self, lease: Lease) -> str:
        """The stored text of `lease`."""
        text = self._encode(lease).decode()
        self._remember(text, lease)
        return text

    def lease(self, text: str | None) -> Lease:
        """The lease record in a stored text, or `NO_LEASE`."""
        if text is None:
            return NO_LEASE
        known = self._known.get(text)
        if known is None:
            try:
                known = self._decode(text)
            except msgspec.DecodeError:
                known = NO_LEASE
            self._remember(text, known)
        return known

    def _remember(self, text: str, lease: Lease) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[text] = lease


class LeaseHandle:
    """The lease record as one window sees it: `lease` is local and synchronous."""

    def __init__(self, area: StorageArea, leases: LeaseStorage, observer: Observer) -> None:
        self.area = area
        self.leases = leases
        self.observer = observer
        self.lease = leases.lease(area.get_item(KEY))
        area.watch(self._changed)
        area.listeners.append(self._hear)

    def write(self, lease: Lease) -> None:
        """See the port."""
        try:
            self.area.set_item(KEY, self.leases.text(lease))
        except QuotaExceededError:
            return
        self.observer.lease_written(self.area.page.name, lease.term, lease.counter)

    def _changed(self, key: str | None, value: str | None) -> None:
        if key is None or key == KEY:
            self.lease = self.leases.lease(value)

    def _hear(self, event: StorageEvent) -> None:
        if event.key is None or event.key == KEY:
            self.area.page.deliver(_STORAGE, LeaseSeen(self.leases.lease(event.new_value)))
